/** What the store holds against what was typed: [D2] numbers, [D3] ids, [D1] [D8] nothing missing. */
import type { Facts } from './check-facts.ts';
import { quote, type Findings } from './check-findings.ts';
import { shownText } from './check-page.ts';
import type { Run, StoredConversation, StoredEntry } from './history.ts';

/** Conversation → text → how often it was typed on its pages and not yet found in the store. */
type PageTexts = Map<string, Map<string, number>>;

/** @returns how much was typed on pages, and how much of it is stored and shown as sent */
export function checkRows(
  run: Run,
  facts: Facts,
  findings: Findings,
): { readonly typed: number; readonly sent: number } {
  const missing = textsOfPages(run);
  const typed = sum(missing);
  const known = new Set([...facts.typed.values()].map(({ text }) => shownText('visitor', text)));
  for (const texts of missing.values()) for (const text of texts.keys()) known.add(text);

  for (const conversation of run.stored) {
    checkNumbers(conversation, findings);
    checkIds(conversation, findings);
    for (const row of conversation.messages) {
      if (row.sender === 'visitor') checkVisitorRow(conversation.id, row, known);
    }
  }
  checkTyped(facts, findings);
  for (const [conversation, texts] of missing) {
    for (const [text, count] of texts) {
      if (count === 0) continue;
      const what = `typed on a page and not stored: ${quote(text)}`;
      findings.report('D8', 'lost', { conversation, id: `text ${quote(text)}` }, what);
    }
  }
  return { typed, sent: typed - sum(missing) - storedAndUnsent(run, missing) };

  function checkVisitorRow(conversation: string, row: StoredEntry, texts: Set<string>): void {
    const place = { conversation, id: row.id, seq: row.seq };
    const typedAs = facts.typed.get(row.id);
    if (typedAs === undefined) {
      const shown = shownText('visitor', row.text);
      const left = missing.get(conversation);
      const count = left?.get(shown) ?? 0;
      if (left && count > 0) left.set(shown, count - 1);
      else if (texts.has(shown)) {
        findings.report('D3', 'doubled', place, `stored again under this id: ${quote(row.text)}`);
      } else findings.report('D3', 'other', place, `nobody typed this: ${quote(row.text)}`);
      return;
    }
    if (row.text !== typedAs.text) {
      const what = `typed as ${quote(typedAs.text)}, stored as ${quote(row.text)}`;
      findings.report('D1', 'other', place, what);
    }
    if ((row.kind ?? 'chat_message') !== typedAs.kind) {
      const what = `typed as a ${typedAs.kind}, stored as a ${row.kind ?? 'chat_message'}`;
      findings.report('D1', 'other', place, what);
    }
    const { client, plain } = typedAs;
    if (!plain && !facts.conversationsOf.get(client)?.has(conversation)) {
      const what = `typed by ${client}, which never was in this conversation`;
      findings.report('D3', 'other', place, what);
    }
  }
}

function textsOfPages(run: Run): PageTexts {
  const texts: PageTexts = new Map();
  for (const page of run.pages) {
    const own = new Map<string, number>();
    for (const text of page.typed) {
      const shown = shownText('visitor', text);
      own.set(shown, (own.get(shown) ?? 0) + 1);
    }
    // Pages of one visitor name the same texts: what counts is the page that knows most.
    const all = texts.get(page.conversationId) ?? new Map<string, number>();
    for (const [text, count] of own) all.set(text, Math.max(count, all.get(text) ?? 0));
    texts.set(page.conversationId, all);
  }
  return texts;
}

const sum = (texts: PageTexts): number => {
  let total = 0;
  for (const counts of texts.values()) for (const count of counts.values()) total += count;
  return total;
};

/** How many texts pages show as unsent though they are stored. */
function storedAndUnsent(run: Run, missing: PageTexts): number {
  const texts = new Set<string>();
  for (const { conversationId, unsent } of run.pages) {
    for (const text of unsent) {
      const shown = shownText('visitor', text);
      if (missing.get(conversationId)?.get(shown) === 0) texts.add(`${conversationId} ${shown}`);
    }
  }
  return texts.size;
}

function checkNumbers({ id: conversation, messages }: StoredConversation, findings: Findings) {
  const seen = new Set<number>();
  let expected = 1;
  for (const { id, seq } of messages) {
    const place = { conversation, id, seq };
    if (seen.has(seq)) findings.report('D2', 'doubled', place, 'a second row with this seq');
    else if (seq < expected) {
      findings.report('D2', 'reordered', place, `stands after seq ${expected - 1}`);
    } else if (seq > expected) {
      const gap = seq - expected === 1 ? `seq ${expected}` : `seq ${expected} to ${seq - 1}`;
      const what = `nothing is stored as ${gap}`;
      findings.report('D2', 'lost', { conversation, seq: expected }, what);
    }
    seen.add(seq);
    expected = Math.max(expected, seq + 1);
  }
}

function checkIds({ id: conversation, messages }: StoredConversation, findings: Findings): void {
  const first = new Map<string, number>();
  for (const { id, seq } of messages) {
    const before = first.get(id);
    if (before === undefined) first.set(id, seq);
    else {
      const what = `this id is also that of seq ${before}`;
      findings.report('D3', 'doubled', { conversation, id, seq }, what);
    }
  }
}

function checkTyped(facts: Facts, findings: Findings): void {
  for (const [id, { client, plain, text }] of facts.typed) {
    const rows = facts.rowsById.get(id) ?? [];
    const places = new Set(rows.map(({ conversation }) => conversation));
    if (places.size > 1) {
      const what = `stored in ${places.size} conversations: ${[...places].join(', ')}`;
      findings.report('D3', 'doubled', { client, id }, what);
    }
    const code = facts.refused.get(id);
    const row = rows[0];
    if (row === undefined) {
      if (code !== undefined) continue;
      if (facts.acknowledged.has(id)) {
        const what = `acknowledged and not stored: ${quote(text)}`;
        findings.report('D1', 'lost', { client, id }, what);
      } else if (!plain) {
        findings.report('D8', 'lost', { client, id }, `typed and not stored: ${quote(text)}`);
      }
    } else if (code !== undefined) {
      const place = { client, conversation: row.conversation, id, seq: row.entry.seq };
      findings.report('D3', 'other', place, `stored, though it was refused with ${code}`);
    }
  }
}
