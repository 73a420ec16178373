import type { SqliteDatabase } from './sqlite-driver.ts';
import type { ConversationRow, MessageRow } from './sqlite-rows.ts';
import { contactOfColumn, conversationOf, messageColumns, messageOf } from './sqlite-rows.ts';
import { fromStoredText } from './stored-text.ts';

type ExportedMessageRow = MessageRow & {
  readonly client_timestamp: string | null;
  readonly contact: string | null;
};

interface ExportedNoteRow {
  readonly id: string;
  readonly text: string;
  readonly at_ms: number;
}

const pageRows = 200;

/**
 * Every conversation as an object to be written as a line of JSON, each followed by its messages
 * in the order of `seq` and its notes, with the names of the wire. All of it is one state of the database; it
 * is read page by page, and until the end nobody can shorten the write-ahead log.
 *
 * @param only - the conversation that is wanted; default: all, the longest untouched first
 */
export function* exportRecords(
  db: SqliteDatabase,
  only?: string,
): Generator<Readonly<Record<string, unknown>>, void, undefined> {
  // A file of an older version is read as it is.
  const hasOutcome = db.prepare(
    "SELECT 1 FROM pragma_table_info('messages') WHERE name = 'outcome'",
  );
  const columns = hasOutcome.get()
    ? messageColumns
    : messageColumns.replace('outcome', 'NULL AS outcome');
  const one = db.prepare<ConversationRow>('SELECT * FROM conversations WHERE id = ?');
  const after = db.prepare<ConversationRow>(`
    SELECT * FROM conversations WHERE (updated_at_ms, id) > (?, ?)
    ORDER BY updated_at_ms, id LIMIT ${pageRows}`);
  const messagesAfter = db.prepare<ExportedMessageRow>(`
    SELECT ${columns}, client_timestamp, contact FROM messages WHERE conversation_id = ? AND seq > ? ORDER BY seq LIMIT ${pageRows}`);

  const hasNotes = db.prepare(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'notes'",
  );
  const notes = hasNotes.get()
    ? db.prepare<ExportedNoteRow>(
        'SELECT id, text, at_ms FROM notes WHERE conversation_id = ? ORDER BY at_ms, id',
      )
    : undefined;

  function* withMessages(row: ConversationRow) {
    yield conversationRecord(row);
    for (let lastSeq = 0; ;) {
      const messages = messagesAfter.all(row.id, lastSeq);
      for (const message of messages) yield messageRecord(row.id, message);
      lastSeq = messages.at(-1)?.seq ?? lastSeq;
      if (messages.length < pageRows) break;
    }
    for (const note of notes?.all(row.id) ?? []) yield noteRecord(row.id, note);
  }

  db.exec('BEGIN');
  try {
    if (only !== undefined) {
      const row = one.get(only);
      if (row) yield* withMessages(row);
      return;
    }
    for (let last = { updated_at_ms: Number.MIN_SAFE_INTEGER, id: '' }; ;) {
      const rows = after.all(last.updated_at_ms, last.id);
      for (const row of rows) yield* withMessages(row);
      last = rows.at(-1) ?? last;
      if (rows.length < pageRows) return;
    }
  } finally {
    db.exec('COMMIT');
  }
}

const isoTime = (ms: number): string => new Date(ms).toISOString();

function conversationRecord(row: ConversationRow): Readonly<Record<string, unknown>> {
  const conversation = conversationOf(row);
  // Before schema 3 there was no inbox to say where a conversation stands.
  const known = 'view' in row;
  return {
    type: 'conversation',
    id: conversation.id,
    created_at: isoTime(conversation.createdAtMs),
    updated_at: isoTime(conversation.updatedAtMs),
    last_seq: conversation.lastSeq,
    answering: conversation.answering,
    lang: conversation.lang,
    user_agent: conversation.userAgent,
    page: conversation.page,
    user: conversation.user,
    name: conversation.name,
    email: conversation.email,
    read_by_visitor: conversation.readByVisitor,
    read_by_owner: conversation.readByOwner,
    ...(known ? { view: row.view, waiting: row.waiting ?? undefined } : {}),
    ...(known ? { done: row.done !== 0, blocked: row.blocked !== 0 } : {}),
  };
}

const noteRecord = (
  conversationId: string,
  row: ExportedNoteRow,
): Readonly<Record<string, unknown>> => ({
  type: 'note',
  conversation_id: conversationId,
  id: row.id,
  message: fromStoredText(row.text),
  timestamp: isoTime(row.at_ms),
});

function messageRecord(
  conversationId: string,
  row: ExportedMessageRow,
): Readonly<Record<string, unknown>> {
  const message = messageOf(row);
  return {
    type: 'message',
    conversation_id: conversationId,
    seq: message.seq,
    id: message.id,
    sender: message.sender,
    message: message.text,
    timestamp: isoTime(message.atMs),
    client_timestamp:
      row.client_timestamp === null ? undefined : fromStoredText(row.client_timestamp),
    kind: message.kind,
    in_reply_to: message.inReplyTo,
    answers: message.answers,
    citations: message.citations,
    contact: contactOfColumn(row.contact),
    outcome: message.outcome,
    feedback: message.feedback,
  };
}
