import type { View, WaitingReason } from '../../shared/console-protocol.ts';
import type { Citation } from '../../shared/protocol.ts';
import type {
  AnswerOutcome,
  Contact,
  Conversation,
  FeedbackValue,
  StoredMessage,
} from '../ports.ts';
import type { ConversationState } from './conversation-state.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';

/** A row of `messages`, without what only the owner's notices need. */
export interface MessageRow {
  readonly id: string;
  readonly seq: number;
  readonly sender: StoredMessage['sender'];
  readonly text: string;
  readonly at_ms: number;
  readonly kind: 'contact_request' | null;
  readonly in_reply_to: string | null;
  readonly answers: string | null;
  readonly citations: string | null;
  readonly outcome: AnswerOutcome | null;
  readonly feedback: FeedbackValue | null;
}

/** Columns of a `MessageRow`; nobody rates what the assistant did not say. */
export const messageColumns = `id, seq, sender, text, at_ms, kind, in_reply_to, answers, citations,
  outcome, iif(sender = 'assistant', (SELECT value FROM feedback
    WHERE conversation_id = messages.conversation_id AND message_id = messages.id), NULL)
    AS feedback`;

export interface ConversationRow {
  readonly id: string;
  readonly created_at_ms: number;
  readonly updated_at_ms: number;
  readonly last_seq: number;
  readonly answering: Conversation['answering'] | null;
  readonly lang: string | null;
  readonly user_agent: string | null;
  readonly page_url: string | null;
  readonly page_title: string | null;
  readonly verified_user: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly read_by_visitor: number;
  readonly read_by_owner: number;
  readonly revision: number;
  readonly view: View;
  readonly waiting: WaitingReason | null;
  readonly done: number;
  readonly blocked: number;
}

export const stateOfRow = (
  row: Pick<ConversationRow, 'answering' | 'waiting' | 'done' | 'blocked'>,
): ConversationState => ({
  answering: row.answering ?? null,
  waiting: row.waiting,
  done: row.done !== 0,
  blocked: row.blocked !== 0,
});

export const messageOf = (row: MessageRow): StoredMessage => ({
  id: row.id,
  seq: row.seq,
  sender: row.sender,
  text: fromStoredText(row.text),
  atMs: row.at_ms,
  ...(row.kind === null ? {} : { kind: row.kind }),
  ...(row.in_reply_to === null ? {} : { inReplyTo: row.in_reply_to }),
  ...(row.answers === null ? {} : { answers: JSON.parse(row.answers) as string[] }),
  ...(row.citations === null ? {} : { citations: JSON.parse(row.citations) as Citation[] }),
  ...(row.outcome === null ? {} : { outcome: row.outcome }),
  ...(row.feedback === null ? {} : { feedback: row.feedback }),
});

export const conversationOf = (row: ConversationRow): Conversation => ({
  id: row.id,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
  lastSeq: row.last_seq,
  ...(row.answering ? { answering: row.answering } : {}),
  ...text('lang', row.lang),
  ...text('userAgent', row.user_agent),
  ...(row.page_url === null
    ? {}
    : { page: { url: fromStoredText(row.page_url), ...text('title', row.page_title) } }),
  ...text('user', row.verified_user),
  ...text('name', row.name),
  ...text('email', row.email),
  readByVisitor: row.read_by_visitor,
  readByOwner: row.read_by_owner,
  revision: row.revision,
  view: row.view,
  ...(row.waiting === null ? {} : { waiting: row.waiting }),
  blocked: row.blocked !== 0,
});

export const contactOfColumn = (column: string | null): Contact | undefined =>
  column === null ? undefined : (JSON.parse(column) as Contact);

/** An optional text as a column: escaped, `NULL` where there is none. */
export const textColumn = (value: string | undefined): string | null =>
  value === undefined ? null : toStoredText(value);

/** An optional structure as a column of JSON, `NULL` where there is none. */
export const jsonColumn = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value);

const text = <Key extends string>(key: Key, value: string | null): { [K in Key]?: string } =>
  (value === null ? {} : { [key]: fromStoredText(value) }) as { [K in Key]?: string };
