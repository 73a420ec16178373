import type { AppendCommand, AppendResult, ConversationFacts, Lease } from '../ports.ts';
import type { SqlValue, SqliteDatabase } from './sqlite-driver.ts';
import type { ConversationRow, MessageRow } from './sqlite-rows.ts';
import { jsonColumn, messageColumns, messageOf, textColumn } from './sqlite-rows.ts';
import { isSameMessage, settledQuestions, storedMessage } from './stored-message.ts';
import { toStoredText } from './stored-text.ts';

/**
 * Stores one message and what it causes, within the transaction that the caller holds; `start` is
 * the number of this start (`beginStart`).
 * A message in a known conversation takes three short statements, and one or two for each thing
 * owed. `RETURNING` would save one of them and costs more than two.
 */
export function sqliteAppend(
  db: SqliteDatabase,
  start: number,
): (command: AppendCommand) => AppendResult {
  const conversationById = db.prepare<ConversationRow>('SELECT * FROM conversations WHERE id = ?');
  const isErased = db.prepare('SELECT 1 FROM erased_conversations WHERE id = ?');
  const insertConversation = db.prepare(`
    INSERT INTO conversations (id, created_at_ms, updated_at_ms, last_seq, answering, lang,
      user_agent, page_url, page_title, verified_user, name, email)
    VALUES (?1, ?2, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`);
  const updateSeq = db.prepare(
    'UPDATE conversations SET last_seq = ?2, updated_at_ms = ?3 WHERE id = ?1',
  );
  const updateFacts = db.prepare(`
    UPDATE conversations SET answering = ?2, lang = ?3, user_agent = ?4, page_url = ?5,
      page_title = ?6, verified_user = ?7, name = ?8, email = ?9
    WHERE id = ?1`);
  const insertMessage = db.prepare(`
    INSERT INTO messages (conversation_id, seq, id, sender, text, at_ms, client_timestamp, kind,
      in_reply_to, answers, citations, contact, start)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (conversation_id, id) DO NOTHING`);
  const messageById = db.prepare<MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE conversation_id = ? AND id = ?`,
  );
  const userElsewhere = db.prepare(
    'SELECT 1 FROM conversations WHERE verified_user = ? AND id <> ?',
  );
  const heldElsewhere = db.prepare(`
    SELECT 1 FROM owed_answers
    WHERE conversation_id = ? AND holder <> ? AND lease_until_ms > ? LIMIT 1`);
  const insertOwedAnswer = db.prepare(`
    INSERT INTO owed_answers (conversation_id, question_seq, question_id, holder, lease_until_ms)
    VALUES (?, ?, ?, ?, ?)`);
  const insertOwedNotice = db.prepare(`
    INSERT INTO owed_notices (conversation_id, message_seq, channel, reason, created_at_ms,
      not_before_ms)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const deleteOwedAnswer = db.prepare(
    'DELETE FROM owed_answers WHERE conversation_id = ? AND question_id = ?',
  );

  /** The columns of what is known of a conversation after this message, in the statements' order. */
  function factColumns(id: string, known: ConversationRow | undefined, facts: ConversationFacts) {
    const { page } = facts;
    const user = freeUser(id, textColumn(facts.user));
    return [
      facts.answering ?? known?.answering ?? null,
      textColumn(facts.lang) ?? known?.lang ?? null,
      textColumn(facts.userAgent) ?? known?.user_agent ?? null,
      page ? textColumn(page.url) : (known?.page_url ?? null),
      page ? textColumn(page.title) : (known?.page_title ?? null),
      user ?? known?.verified_user ?? null,
      textColumn(facts.name) ?? known?.name ?? null,
      textColumn(facts.email) ?? known?.email ?? null,
    ];
  }

  /** A user has one conversation, the first: two tabs may have begun one each at the same time. */
  function freeUser(conversationId: string, user: string | null): string | null {
    if (user === null) return null;
    return userElsewhere.get(user, conversationId) === undefined ? user : null;
  }

  /** @returns whether the message is new */
  function insert({ conversationId, message }: AppendCommand, seq: number): boolean {
    const { changes } = insertMessage.run(
      conversationId,
      seq,
      message.id,
      message.sender,
      toStoredText(message.text),
      message.atMs,
      textColumn(message.clientTimestamp),
      message.kind ?? null,
      message.inReplyTo ?? null,
      jsonColumn(message.answers),
      jsonColumn(message.citations),
      jsonColumn(message.contact),
      start,
    );
    return Number(changes) > 0;
  }

  function settle({ conversationId, message }: AppendCommand): void {
    for (const question of settledQuestions(message)) {
      deleteOwedAnswer.run(conversationId, question);
    }
  }

  function oweAnswer({ conversationId, message }: AppendCommand, seq: number, lease: Lease) {
    const leased = heldElsewhere.get(conversationId, lease.holder, message.atMs) === undefined;
    insertOwedAnswer.run(
      conversationId,
      seq,
      message.id,
      leased ? lease.holder : null,
      leased ? lease.untilMs : 0,
    );
    return leased;
  }

  function known(command: AppendCommand): AppendResult {
    const { conversationId, message } = command;
    const row = messageById.get(conversationId, message.id);
    if (!row) throw new Error('a message that is known and cannot be found');
    const before = messageOf(row);
    if (!isSameMessage(before, message)) return { status: 'conflict' };
    if (command.settlesAnswer) settle(command);
    return { status: 'duplicate', message: before };
  }

  return (command) => {
    const { conversationId, message, facts = {} } = command;
    const conversation = conversationById.get(conversationId);
    const seq = (conversation?.last_seq ?? 0) + 1;
    if (conversation) {
      if (!insert(command, seq)) return known(command);
      updateSeq.run(conversationId, seq, message.atMs);
      const columns = factColumns(conversationId, conversation, facts);
      if (differ(columns, conversation)) updateFacts.run(conversationId, ...columns);
    } else {
      if (isErased.get(conversationId) !== undefined) return { status: 'erased' };
      const columns = factColumns(conversationId, undefined, facts);
      insertConversation.run(conversationId, message.atMs, ...columns);
      insert(command, seq);
    }
    if (command.settlesAnswer) settle(command);
    const leased = command.owedAnswer ? oweAnswer(command, seq, command.owedAnswer) : false;
    for (const { channel, reason, notBeforeMs } of command.owedNotices ?? []) {
      insertOwedNotice.run(conversationId, seq, channel, reason, message.atMs, notBeforeMs);
    }
    return { status: 'stored', message: storedMessage(message, seq), leased };
  };
}

/** Whether the columns say anything new: most messages bring the facts of the one before. */
const differ = (columns: readonly SqlValue[], row: ConversationRow): boolean =>
  columns[0] !== row.answering ||
  columns[1] !== row.lang ||
  columns[2] !== row.user_agent ||
  columns[3] !== row.page_url ||
  columns[4] !== row.page_title ||
  columns[5] !== row.verified_user ||
  columns[6] !== row.name ||
  columns[7] !== row.email;
