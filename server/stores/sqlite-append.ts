import type { WaitingReason } from '../../shared/console-protocol.ts';
import type { Answering } from '../../shared/protocol.ts';
import type { AppendCommand, AppendResult, ConversationFacts, Lease } from '../ports.ts';
import { causedBy, newState, stateAfterMessage, viewOf } from './conversation-state.ts';
import type { SqlValue, SqliteDatabase } from './sqlite-driver.ts';
import type { Revisions } from './sqlite-revisions.ts';
import type { ConversationRow, MessageRow } from './sqlite-rows.ts';
import { jsonColumn, messageColumns, messageOf, stateOfRow, textColumn } from './sqlite-rows.ts';
import { isSameMessage, notOwed, settledQuestions, storedMessage } from './stored-message.ts';
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
  revisions: Revisions,
): (command: AppendCommand) => AppendResult {
  // No more columns than are needed: each takes about as long as all that is done with it.
  const conversationById = db.prepare<KnownRow>(`
    SELECT last_seq, lang, user_agent, page_url, page_title, verified_user, name, email, answering,
      waiting, done, blocked, read_by_owner
    FROM conversations WHERE id = ?`);
  const isErased = db.prepare('SELECT 1 FROM erased_conversations WHERE id = ?');
  const insertConversation = db.prepare(`
    INSERT INTO conversations (id, created_at_ms, updated_at_ms, last_seq, revision, lang,
      user_agent, page_url, page_title, verified_user, name, email, answering, waiting, done, view,
      read_by_owner)
    VALUES (?1, ?2, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)`);
  const updateSeq = db.prepare(
    'UPDATE conversations SET last_seq = ?2, updated_at_ms = ?3, revision = ?4 WHERE id = ?1',
  );
  const updateAll = db.prepare(`
    UPDATE conversations SET last_seq = ?2, updated_at_ms = ?3, revision = ?4, lang = ?5,
      user_agent = ?6, page_url = ?7, page_title = ?8, verified_user = ?9, name = ?10, email = ?11,
      answering = ?12, waiting = ?13, done = ?14, view = ?15, read_by_owner = ?16
    WHERE id = ?1`);
  const insertMessage = db.prepare(`
    INSERT INTO messages (conversation_id, seq, id, sender, text, at_ms, client_timestamp, kind,
      in_reply_to, answers, citations, outcome, contact, start)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (conversation_id, id) DO NOTHING`);
  const messageById = db.prepare<MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE conversation_id = ? AND id = ?`,
  );
  const outcomeAt = db.prepare<Pick<MessageRow, 'outcome'>>(
    'SELECT outcome FROM messages WHERE conversation_id = ? AND seq = ?',
  );
  const userElsewhere = db.prepare(
    'SELECT 1 FROM conversations WHERE verified_user = ? AND id <> ?',
  );
  const heldElsewhere = db.prepare(`
    SELECT 1 FROM owed_answers
    WHERE conversation_id = ? AND holder <> ? AND lease_until_ms > ? LIMIT 1`);
  const insertOwedAnswer = db.prepare(`
    INSERT INTO owed_answers (conversation_id, question_seq, question_id, holder, lease_until_ms,
      combinable)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const insertOwedNotice = db.prepare(`
    INSERT INTO owed_notices (conversation_id, message_seq, channel, reason, created_at_ms,
      not_before_ms)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const deleteOwedAnswer = db.prepare(
    'DELETE FROM owed_answers WHERE conversation_id = ? AND question_id = ?',
  );

  const isOwed = db.prepare(
    'SELECT 1 FROM owed_answers WHERE conversation_id = ? AND question_id = ?',
  );
  const deleteOwedAnswers = db.prepare('DELETE FROM owed_answers WHERE conversation_id = ?');

  /** The columns of what is known of a conversation after this message, in the statements' order. */
  function factColumns(id: string, known: KnownRow | undefined, facts: ConversationFacts) {
    const { page } = facts;
    const user = freeUser(id, textColumn(facts.user));
    return [
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
      message.outcome ?? null,
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

  function oweAnswer(command: AppendCommand, seq: number, lease: Lease): boolean {
    const { conversationId, message, combinable } = command;
    const leased = heldElsewhere.get(conversationId, lease.holder, message.atMs) === undefined;
    insertOwedAnswer.run(
      conversationId,
      seq,
      message.id,
      leased ? lease.holder : null,
      leased ? lease.untilMs : 0,
      combinable ? 1 : 0,
    );
    return leased;
  }

  function known(
    command: AppendCommand,
    row = messageById.get(command.conversationId, command.message.id),
  ): AppendResult {
    const { message } = command;
    if (!row) throw new Error('a message that is known and cannot be found');
    const before = messageOf(row);
    if (!isSameMessage(before, message)) return { status: 'conflict' };
    if (command.settlesAnswer) settle(command);
    return { status: 'duplicate', message: before };
  }

  /** Where this is an answer to questions of which one waits for none any more: what came of it. */
  function tooLate(command: AppendCommand): AppendResult | undefined {
    const { conversationId, message, settlesAnswer } = command;
    if (!settlesAnswer) return undefined;
    const questions = settledQuestions(message);
    const owed = questions.filter((id) => isOwed.get(conversationId, id) !== undefined);
    if (owed.length > 0 && owed.length === questions.length) return undefined;
    const row = messageById.get(conversationId, message.id);
    return row ? known(command, row) : notOwed(owed);
  }

  /** The columns of the conversation after this message that come after the facts. */
  function stateColumns(
    command: AppendCommand,
    known: KnownRow | undefined,
    waiting: WaitingReason | undefined,
    seq: number,
  ): SqlValue[] {
    const before = known ? stateOfRow(known) : newState;
    const state = stateAfterMessage(before, command, waiting);
    const readByOwner = command.takesOver ? seq : (known?.read_by_owner ?? 0);
    return [state.answering, state.waiting, state.done ? 1 : 0, viewOf(state), readByOwner];
  }

  /** Brings the conversation up to the message. @returns who answers from now on */
  function place(
    command: AppendCommand,
    known: KnownRow | undefined,
    waiting: WaitingReason | undefined,
    seq: number,
  ): Answering | null {
    const { conversationId: id, message, facts = {} } = command;
    const revision = revisions.next();
    // Most answers, and most messages, bring nothing new but themselves.
    if (known && !command.facts && !command.takesOver && !waiting && !known.done) {
      updateSeq.run(id, seq, message.atMs, revision);
      return known.answering as Answering | null;
    }
    const columns = [
      ...factColumns(id, known, facts),
      ...stateColumns(command, known, waiting, seq),
    ];
    if (!known) {
      insertConversation.run(id, message.atMs, revision, ...columns);
      insert(command, seq);
    } else if (differ(columns, known)) {
      updateAll.run(id, seq, message.atMs, revision, ...columns);
    } else {
      updateSeq.run(id, seq, message.atMs, revision);
    }
    return columns[answeringColumn] as Answering | null;
  }

  return (command) => {
    const { conversationId, message } = command;
    const conversation = conversationById.get(conversationId);
    if (conversation?.blocked && message.sender === 'visitor') return { status: 'blocked' };
    if (!conversation && isErased.get(conversationId) !== undefined) return { status: 'erased' };
    const late = tooLate(command);
    if (late) return late;
    const seq = (conversation?.last_seq ?? 0) + 1;
    const before = command.noticesAfterNotCovered && outcomeAt.get(conversationId, seq - 1);
    const caused = causedBy(command, conversation?.answering ?? null, before?.outcome ?? null);
    if (conversation && !insert(command, seq)) return known(command);
    const answering = place(command, conversation, caused.waiting, seq);
    if (command.settlesAnswer) settle(command);
    if (command.takesOver) deleteOwedAnswers.run(conversationId);
    const leased =
      caused.owedAnswer && !command.takesOver ? oweAnswer(command, seq, caused.owedAnswer) : false;
    for (const { channel, reason, notBeforeMs } of caused.owedNotices ?? []) {
      insertOwedNotice.run(conversationId, seq, channel, reason, message.atMs, notBeforeMs);
    }
    return {
      status: 'stored',
      message: storedMessage(message, seq),
      leased,
      ...(answering === null ? {} : { answering }),
    };
  };
}

const answeringColumn = 7;

/** What a message needs to know of its conversation; the view follows from it. */
type KnownRow = Omit<
  ConversationRow,
  'id' | 'created_at_ms' | 'updated_at_ms' | 'read_by_visitor' | 'revision' | 'view'
>;

/** Whether the columns say anything new: most messages bring the facts of the one before. */
const differ = (columns: readonly SqlValue[], row: KnownRow): boolean =>
  columns[0] !== row.lang ||
  columns[1] !== row.user_agent ||
  columns[2] !== row.page_url ||
  columns[3] !== row.page_title ||
  columns[4] !== row.verified_user ||
  columns[5] !== row.name ||
  columns[6] !== row.email ||
  columns[answeringColumn] !== row.answering ||
  columns[8] !== row.waiting ||
  columns[9] !== row.done ||
  columns[11] !== row.read_by_owner;
