/**
 * The step with which the owner finds answers: what came of each question stands at its answer,
 * and at each rating where its answer stands, so that both are listed in order by an index.
 * What came of questions before this was not kept, and stays unknown.
 */
export const answersMigration = `
  ALTER TABLE messages ADD COLUMN outcome TEXT;
  CREATE INDEX messages_not_covered ON messages (at_ms, conversation_id, seq)
    WHERE outcome = 'not_covered';
  ALTER TABLE feedback ADD COLUMN at_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE feedback ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
  UPDATE feedback SET at_ms = answer.at_ms, seq = answer.seq FROM messages AS answer
    WHERE answer.conversation_id = feedback.conversation_id AND answer.id = feedback.message_id;
  CREATE INDEX feedback_by_value ON feedback (value, at_ms, conversation_id, seq);
  `;
