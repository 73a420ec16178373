/** The parts of a correct run that need no steps: a client of the old guide, and pages. */
import { answerIdOf } from '../../shared/ids.ts';
import type { ClientHistory, HistoryEvent, PageView, StoredEntry } from './history.ts';

/** A conversation as the model of a server holds it. */
export interface ModelConversation {
  readonly id: string;
  readonly rows: StoredEntry[];
  /** Questions without an answer yet. */
  readonly owed: string[];
}

/** One that says no `hello`: two connections, two conversations, the last message cut off. */
export function plainClient(
  one: ModelConversation,
  two: ModelConversation,
  store: (conversation: ModelConversation, entry: Omit<StoredEntry, 'seq'>) => StoredEntry,
): ClientHistory {
  const events: HistoryEvent[] = [];
  for (const [index, conversation] of [one, one, two].entries()) {
    const id = `plain-${index}`;
    const text = `Plainly ${index}`;
    events.push({ type: 'typed', id, text, kind: 'chat_message' });
    const { seq } = store(conversation, { id, sender: 'visitor', text });
    events.push({ type: 'acknowledged', id, seq, duplicate: false });
    const answer = store(conversation, {
      ...{ id: answerIdOf(id), sender: 'assistant', text: `To ${index}`, inReplyTo: id },
    });
    const { sender, text: said } = answer;
    events.push({
      type: 'received',
      id: answer.id,
      seq: answer.seq,
      sender,
      text: said,
      via: 'live',
    });
    if (index > 0) events.push({ type: 'closed', code: 1006 });
  }
  events.push({ type: 'typed', id: 'plain-9', text: 'Cut off', kind: 'chat_message' });
  return { client: 'plain', plain: true, events };
}

/** Two pages of one visitor: one shows everything, the other was opened later. */
export function pageViews(
  conversation: ModelConversation,
  store: (conversation: ModelConversation, entry: Omit<StoredEntry, 'seq'>) => StoredEntry,
  size: number,
): PageView[] {
  const typed = Array.from({ length: 4 + (size % 40) }, (_, index) => `page text ${index}`);
  for (const [index, text] of typed.entries()) {
    store(conversation, { id: `page-${index}`, sender: 'visitor', text });
    if (index % 5 === 4) store(conversation, { id: `n${index}`, sender: 'system', text: 'Noted' });
    store(conversation, {
      ...{ id: answerIdOf(`page-${index}`), sender: 'assistant', inReplyTo: `page-${index}` },
      text: `See **answer ${index % 3}** in [a post](/posts/${index}).`,
    });
  }
  const all = conversation.rows
    .filter(({ sender }) => sender !== 'system')
    .map(({ sender, text }) => ({
      sender,
      text:
        sender === 'assistant' ? text.replaceAll('**', '').replace(/\[(.*)\]\(.*\)/, '$1') : text,
    }));
  const view = { conversationId: conversation.id, typed, unsent: [] };
  return [
    { ...view, page: 'p1', entries: all },
    { ...view, page: 'p2', entries: all.slice(-50) },
    { page: 'p3', conversationId: '', entries: [], typed: [], unsent: [] },
  ];
}
