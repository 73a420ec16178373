import type {
  ChannelOwed,
  Lease,
  NoticeReason,
  OwedAnswer,
  OwedNotice,
  OwedWork,
} from '../ports.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import type { sqliteConversations } from './sqlite-conversations.ts';
import type { Revisions } from './sqlite-revisions.ts';
import { contactOfColumn } from './sqlite-rows.ts';
import { contactOf } from './stored-message.ts';
import { toStoredText } from './stored-text.ts';

// An error is kept for the owner to read; some servers answer with whole pages.
/** How much of an error is kept, in UTF-16 units. */
export const maxErrorChars = 500;

interface OwedNoticeRow {
  readonly id: number;
  readonly conversation_id: string;
  readonly message_seq: number;
  readonly channel: string;
  readonly reason: NoticeReason;
  readonly created_at_ms: number;
  readonly attempts: number;
}

/** What is owed: claimed with a lease, then done, or due again. */
export function sqliteOwed(
  db: SqliteDatabase,
  conversations: ReturnType<typeof sqliteConversations>,
  revisions: Revisions,
) {
  // One look at all that others hold: asked for each row, tens of thousands that one conversation
  // is owed would take seconds.
  const claimableAnswers = db.prepare<{
    id: number;
    conversation_id: string;
    question_seq: number;
    combinable: number;
  }>(`
    WITH held AS MATERIALIZED (
      SELECT conversation_id, min(question_seq) AS first_seq FROM owed_answers
      WHERE holder <> ?2 AND lease_until_ms > ?1 GROUP BY conversation_id)
    SELECT id, owed.conversation_id, question_seq, combinable
    FROM owed_answers AS owed LEFT JOIN held ON held.conversation_id = owed.conversation_id
    WHERE lease_until_ms <= ?1 AND question_seq < coalesce(first_seq, question_seq + 1)
    ORDER BY id LIMIT ?3`);
  const leaseAnswer = db.prepare(
    'UPDATE owed_answers SET holder = ?, lease_until_ms = ? WHERE id = ?',
  );
  const dueNotices = db.prepare<OwedNoticeRow>(`
    SELECT id, conversation_id, message_seq, channel, reason, created_at_ms, attempts
    FROM owed_notices
    WHERE channel = ?1 AND given_up = 0 AND not_before_ms <= ?2 AND lease_until_ms <= ?2
    ORDER BY id LIMIT ?3`);
  const leaseNotice = db.prepare(
    'UPDATE owed_notices SET holder = ?, lease_until_ms = ? WHERE id = ?',
  );
  const takeNotice = db.prepare<{ channel: string; conversation_id: string }>(
    'DELETE FROM owed_notices WHERE id = ? RETURNING channel, conversation_id',
  );
  const insertSent = db.prepare(`
    INSERT INTO sent_notices (channel, at_ms, conversation_id) VALUES (?, ?, ?)
    ON CONFLICT DO NOTHING`);
  const postponeNotice = db.prepare(`
    UPDATE owed_notices SET attempts = attempts + 1, not_before_ms = ?2, given_up = ?3,
      last_error = ?4, holder = NULL, lease_until_ms = 0
    WHERE id = ?1 AND given_up = 0`);
  const touch = db.prepare(`
    UPDATE conversations SET revision = ?2
    WHERE id = (SELECT conversation_id FROM owed_notices WHERE id = ?1)`);
  const sentSince = db.prepare<{ conversation_id: string; at_ms: number }>(`
    SELECT conversation_id, at_ms FROM sent_notices WHERE channel = ? AND at_ms >= ?
    ORDER BY at_ms, conversation_id`);
  const owedByChannel = db.prepare<ChannelOwed>(`
    SELECT channel, count(*) AS notices, min(created_at_ms) AS oldestMs
    FROM owed_notices WHERE given_up = 0 GROUP BY channel`);
  const counts = db.prepare<OwedWork>(`
    SELECT (SELECT count(*) FROM owed_answers) AS answers,
      count(*) FILTER (WHERE given_up = 0) AS notices,
      count(*) FILTER (WHERE given_up = 1) AS failedNotices
    FROM owed_notices`);
  const contactColumn = db.prepare<{ contact: string | null }>(
    'SELECT contact FROM messages WHERE conversation_id = ? AND seq = ?',
  );
  const releaseAnswers = db.prepare(
    'UPDATE owed_answers SET holder = NULL, lease_until_ms = 0 WHERE lease_until_ms > 0',
  );
  const releaseNotices = db.prepare(
    'UPDATE owed_notices SET holder = NULL, lease_until_ms = 0 WHERE lease_until_ms > 0',
  );

  /** What an owed row points at, which is deleted only together with the row. */
  function origin(conversationId: string, seq: number) {
    const conversation = conversations.conversation(conversationId);
    const message = conversations.message(conversationId, seq);
    if (!conversation || !message) throw new Error('an owed row without its message');
    return { conversation, message };
  }

  return {
    claimAnswers(claim: { lease: Lease; nowMs: number; limit: number }): readonly OwedAnswer[] {
      const { lease, nowMs, limit } = claim;
      return claimableAnswers.all(nowMs, lease.holder, limit).map((row) => {
        leaseAnswer.run(lease.holder, lease.untilMs, row.id);
        const { conversation, message } = origin(row.conversation_id, row.question_seq);
        return {
          conversationId: row.conversation_id,
          questionId: message.id,
          questionSeq: message.seq,
          text: message.text,
          combinable: row.combinable !== 0,
          ...(conversation.lang === undefined ? {} : { lang: conversation.lang }),
          ...(conversation.page === undefined ? {} : { page: conversation.page }),
        };
      });
    },

    claimNotices(claim: {
      channel: string;
      lease: Lease;
      nowMs: number;
      limit: number;
    }): readonly OwedNotice[] {
      const { channel, lease, nowMs, limit } = claim;
      return dueNotices.all(channel, nowMs, limit).map((row) => {
        leaseNotice.run(lease.holder, lease.untilMs, row.id);
        const { conversation, message } = origin(row.conversation_id, row.message_seq);
        const own = contactColumn.get(row.conversation_id, row.message_seq)?.contact ?? null;
        return {
          noticeId: row.id,
          channel: row.channel,
          reason: row.reason,
          attempts: row.attempts,
          createdAtMs: row.created_at_ms,
          conversationId: row.conversation_id,
          message,
          contact: contactOf(conversation, contactOfColumn(own)),
          ...(conversation.lang === undefined ? {} : { lang: conversation.lang }),
        };
      });
    },

    noticesDone(noticeIds: readonly number[], nowMs: number): void {
      for (const noticeId of new Set(noticeIds)) {
        const done = takeNotice.get(noticeId);
        if (done) insertSent.run(done.channel, nowMs, done.conversation_id);
      }
    },

    noticesFailed(
      noticeIds: readonly number[],
      { retryAtMs, error }: { retryAtMs: number | undefined; error: string },
    ): void {
      const kept = toStoredText(error.slice(0, maxErrorChars));
      const givenUp = retryAtMs === undefined ? 1 : 0;
      for (const noticeId of new Set(noticeIds)) {
        const { changes } = postponeNotice.run(noticeId, retryAtMs ?? 0, givenUp, kept);
        if (givenUp && Number(changes) > 0) touch.run(noticeId, revisions.next());
      }
    },

    sentSince: (channel: string, sinceMs: number) =>
      sentSince.all(channel, sinceMs).map((row) => ({
        conversationId: row.conversation_id,
        atMs: row.at_ms,
      })),

    channelsOwed: (): readonly ChannelOwed[] =>
      owedByChannel.all().map(({ channel, notices, oldestMs }) => ({ channel, notices, oldestMs })),

    counts(): OwedWork {
      const { answers = 0, notices = 0, failedNotices = 0 } = counts.get() ?? {};
      return { answers, notices, failedNotices };
    },

    releaseLeases(): void {
      releaseAnswers.run();
      releaseNotices.run();
    },
  };
}
