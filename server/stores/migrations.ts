import type { SqliteDatabase } from './sqlite-driver.ts';

/**
 * The steps from an empty file to today's tables. Once released a step is never changed: what
 * comes later is a step more. `PRAGMA user_version` says how many a file has had.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    answering TEXT,
    lang TEXT,
    user_agent TEXT,
    page_url TEXT,
    page_title TEXT,
    verified_user TEXT,
    name TEXT,
    email TEXT,
    read_by_visitor INTEGER NOT NULL DEFAULT 0,
    read_by_owner INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX conversations_by_update ON conversations (updated_at_ms, id);
  CREATE UNIQUE INDEX conversations_by_user ON conversations (verified_user)
    WHERE verified_user IS NOT NULL;

  CREATE TABLE messages (
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    sender TEXT NOT NULL,
    text TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    client_timestamp TEXT,
    kind TEXT,
    in_reply_to TEXT,
    answers TEXT,
    citations TEXT,
    contact TEXT,
    PRIMARY KEY (conversation_id, seq),
    UNIQUE (conversation_id, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE feedback (
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (conversation_id, message_id)
  ) STRICT, WITHOUT ROWID;

  -- A new id is above all that are there, so ids keep the order of the questions.
  CREATE TABLE owed_answers (
    id INTEGER PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    question_seq INTEGER NOT NULL,
    question_id TEXT NOT NULL,
    holder TEXT,
    lease_until_ms INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE UNIQUE INDEX owed_answers_by_question ON owed_answers (conversation_id, question_seq);

  -- AUTOINCREMENT: a receiver may remember ids, so that none may come twice.
  CREATE TABLE owed_notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    message_seq INTEGER NOT NULL,
    channel TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    not_before_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    given_up INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    holder TEXT,
    lease_until_ms INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX owed_notices_by_conversation ON owed_notices (conversation_id);
  CREATE INDEX owed_notices_by_channel ON owed_notices (channel, id) WHERE given_up = 0;

  -- Outlives its conversation: erasing one must not reset the limits on notices.
  CREATE TABLE sent_notices (
    channel TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    conversation_id TEXT NOT NULL,
    PRIMARY KEY (channel, at_ms, conversation_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE erased_conversations (
    id TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    beats INTEGER NOT NULL
  ) STRICT;
  `,

  // Every start draws a name, and every message knows the number of the start that wrote it: 0 for
  // those of before.
  `
  CREATE TABLE starts (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  ALTER TABLE messages ADD COLUMN start INTEGER NOT NULL DEFAULT 0;
  `,
];

/**
 * Brings a file to today's tables, each step in a transaction of its own: a crash in between
 * leaves whole steps. Throws where the file has had more steps than are known here.
 */
export function migrate(
  db: SqliteDatabase,
  file: string,
  steps: readonly string[] = migrations,
): void {
  const done = refuseNewer(db, file, steps.length);
  for (const [index, step] of steps.entries()) {
    if (index < done) continue;
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(step);
      db.exec(`PRAGMA user_version = ${index + 1}`);
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }
}

/**
 * How many steps a file has had, if they are no more than are known here.
 * @throws an error with code `STORE_TOO_NEW`
 */
export function refuseNewer(
  db: SqliteDatabase,
  file: string,
  known: number = migrations.length,
): number {
  const version = db.prepare<{ user_version: number }>('PRAGMA user_version').get()?.user_version;
  const done = version ?? 0;
  if (done <= known) return done;
  throw Object.assign(
    new Error(
      `${file} was written by a newer version of contact-chat (its tables have version ${done}, this one knows ${known}): start that version again, or a newer one.`,
    ),
    { code: 'STORE_TOO_NEW' },
  );
}
