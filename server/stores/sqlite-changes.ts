import type { ConversationUpdate } from '../inbox-ports.ts';
import type { FeedbackValue } from '../ports.ts';
import type { ConversationState } from './conversation-state.ts';
import { isSameState, stateAfterUpdate, stateHandedBack, viewOf } from './conversation-state.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import type { Revisions } from './sqlite-revisions.ts';
import type { ConversationRow } from './sqlite-rows.ts';
import { stateOfRow } from './sqlite-rows.ts';

/** Changes to conversations beside their messages; each draws a revision if it changes anything. */
export function sqliteChanges(db: SqliteDatabase, revisions: Revisions) {
  const byId = db.prepare<ConversationRow>('SELECT * FROM conversations WHERE id = ?');
  const updateState = db.prepare(`
    UPDATE conversations SET revision = ?2, answering = ?3, waiting = ?4, done = ?5, blocked = ?6,
      view = ?7, read_by_owner = ?8
    WHERE id = ?1`);
  const updateRead = {
    visitor: db.prepare(readMark('read_by_visitor')),
    owner: db.prepare(readMark('read_by_owner')),
  };
  const ratedAnswer = db.prepare<{ seq: number; at_ms: number; value: string | null }>(`
    SELECT seq, at_ms, (SELECT value FROM feedback WHERE conversation_id = ?1 AND message_id = ?2)
      AS value
    FROM messages WHERE conversation_id = ?1 AND id = ?2 AND sender = 'assistant'
      AND EXISTS (SELECT 1 FROM conversations WHERE id = ?1 AND blocked = 0)`);
  const upsertFeedback = db.prepare(`
    INSERT INTO feedback (conversation_id, message_id, value, at_ms, seq) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (conversation_id, message_id) DO UPDATE SET value = excluded.value`);
  const touch = db.prepare('UPDATE conversations SET revision = ?2 WHERE id = ?1');
  const deleteOwedAnswers = db.prepare('DELETE FROM owed_answers WHERE conversation_id = ?');

  function change(row: ConversationRow, state: ConversationState, readByOwner: number): void {
    if (isSameState(state, stateOfRow(row)) && readByOwner === row.read_by_owner) return;
    updateState.run(
      row.id,
      revisions.next(),
      state.answering,
      state.waiting,
      state.done ? 1 : 0,
      state.blocked ? 1 : 0,
      viewOf(state),
      readByOwner,
    );
  }

  return {
    /** Draws a revision for what was changed elsewhere, but belongs to a conversation. */
    touch: (conversationId: string): void => void touch.run(conversationId, revisions.next()),

    update(conversationId: string, wanted: ConversationUpdate): void {
      const row = byId.get(conversationId);
      if (!row) return;
      const mark = Math.min(wanted.readByOwner ?? 0, row.last_seq);
      change(row, stateAfterUpdate(stateOfRow(row), wanted), Math.max(row.read_by_owner, mark));
      if (wanted.answering === 'owner' || wanted.blocked) deleteOwedAnswers.run(conversationId);
    },

    handBack(conversationId: string): void {
      const row = byId.get(conversationId);
      if (row) change(row, stateHandedBack(stateOfRow(row)), row.read_by_owner);
    },

    markRead(conversationId: string, reader: 'visitor' | 'owner', seq: number): void {
      updateRead[reader].run(conversationId, seq, revisions.next());
    },

    setFeedback(conversationId: string, messageId: string, value: FeedbackValue): boolean {
      const answer = ratedAnswer.get(conversationId, messageId);
      if (!answer) return false;
      if (answer.value === value) return true;
      upsertFeedback.run(conversationId, messageId, value, answer.at_ms, answer.seq);
      touch.run(conversationId, revisions.next());
      return true;
    },
  };
}

// Nobody has read what is not there yet. Nothing is written where nothing changes: clients
// report the same mark again and again.
const readMark = (column: string): string => `
  UPDATE conversations SET ${column} = min(?2, last_seq), revision = ?3
  WHERE id = ?1 AND ${column} < min(?2, last_seq)`;
