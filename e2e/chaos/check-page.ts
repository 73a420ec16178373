/**
 * What a page shows against what the store holds: [D19] nothing twice, in the order of `seq`;
 * [D8] nothing missing and nothing left unsent.
 */
import { quote, type Findings } from './check-findings.ts';
import type { PageView, Run } from './history.ts';
import { longestCommon } from './check-sequences.ts';

/** A page that opens asks for this many messages, and for less than these bytes of text. */
const newest = { messages: 50, bytes: 200 * 1024 };

/**
 * A text as it can be compared with what a page shows. White space may be laid out differently,
 * and an answer's Markdown is rendered, so of that only letters and digits count.
 */
export function shownText(sender: string, text: string): string {
  // Neither an address is shown, nor the line that opens or closes a block of code, nor the
  // number of an item and the name of a character as text.
  const plain =
    sender === 'visitor'
      ? text
      : text
          .replaceAll(/\]\([^)\s]*\)/gu, ']')
          .replaceAll(/^[ >]*(`{3,}|~{3,})[^`\n]*$/gmu, '')
          .replaceAll(/^[ >]*\d{1,9}[.)] /gmu, '')
          .replaceAll(/&#?\w{1,31};/gu, '');
  return sender === 'visitor'
    ? plain.replaceAll(/\s+/gu, ' ').trim()
    : plain.replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

interface Line {
  readonly key: string;
  readonly text: string;
  readonly id?: string;
  readonly seq?: number;
}

const line = (entry: { sender: string; text: string; id?: string; seq?: number }): Line => ({
  key: `${entry.sender} ${shownText(entry.sender, entry.text)}`,
  text: entry.text,
  ...(entry.id === undefined ? {} : { id: entry.id }),
  ...(entry.seq === undefined ? {} : { seq: entry.seq }),
});

export function checkPage(view: PageView, run: Run, findings: Findings): void {
  const { page, conversationId: conversation } = view;
  const stored = run.stored.find(({ id }) => id === conversation)?.messages ?? [];
  // Sentences of the system are notices on a page, not entries.
  const rows = stored.filter(({ sender }) => sender !== 'system').map(line);
  const entries = view.entries.filter(({ sender }) => sender !== 'system').map(line);
  for (const text of view.unsent) {
    const id = rows.find(({ key }) => key === line({ sender: 'visitor', text }).key)?.id;
    const place = { page, conversation, id: id ?? `text ${quote(text)}` };
    findings.report('D8', 'lost', place, `still shown as unsent: ${quote(text)}`);
  }

  const { left: extra, right: missing } = longestCommon(
    entries,
    rows,
    (entry, row) => entry.key === row.key,
  );
  const firstShown = rows.findIndex((_, index) => !missing.has(index));
  const older = firstShown === -1 ? rows.length : firstShown;
  const mustShowFrom = rows.length - leastShown(stored);
  const lined = new Set(rows.flatMap(({ key }, index) => (missing.has(index) ? [] : [key])));
  // A page may leave out what is older than all that it shows.
  const mayMiss = (index: number): boolean => index < older && index < mustShowFrom;
  const missed = new Map<string, number>();
  for (const index of missing) {
    const key = rows[index]?.key ?? '';
    if (mayMiss(index) && lined.has(key)) continue;
    missed.set(key, (missed.get(key) ?? 0) + 1);
  }
  const stands = new Set(rows.map(({ key }) => key));
  for (const index of extra) {
    const entry = entries[index];
    if (entry === undefined) continue;
    const place = { page, conversation, id: `text ${quote(entry.text)}` };
    const count = missed.get(entry.key) ?? 0;
    if (count > 0) {
      missed.set(entry.key, count - 1);
      findings.report('D19', 'reordered', place, `shown out of order, as entry ${index + 1}`);
    } else if (stands.has(entry.key)) {
      findings.report('D19', 'doubled', place, `shown twice, again as entry ${index + 1}`);
    } else findings.report('D19', 'other', place, 'shown, and not stored like this');
  }
  for (const index of missing) {
    const row = rows[index];
    if (row === undefined || mayMiss(index)) continue;
    const count = missed.get(row.key) ?? 0;
    if (count === 0) continue;
    missed.set(row.key, count - 1);
    const place = {
      ...{ page, conversation },
      ...(row.id === undefined ? {} : { id: row.id }),
      ...(row.seq === undefined ? {} : { seq: row.seq }),
    };
    findings.report('D19', 'lost', place, `not shown: ${quote(row.text)}`);
  }
}

/** How many of the newest messages even a page that was just opened shows. */
function leastShown(messages: readonly { readonly sender: string; readonly text: string }[]) {
  let bytes = 0;
  let asked = 0;
  let shown = 0;
  for (const { sender, text } of messages.toReversed()) {
    bytes += Buffer.byteLength(text);
    if (asked === newest.messages || bytes > newest.bytes) break;
    asked += 1;
    if (sender !== 'system') shown += 1;
  }
  return shown;
}
