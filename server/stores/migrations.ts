import { answersMigration } from './migration-answers.ts';
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

  // The owner's inbox. Every change to a conversation draws a revision. What a start may draw
  // begins above `revisions_after`, at random above `revisions_until`, the newest that it found:
  // what lies between was drawn in another history, of which this one is a copy or the origin.
  // Who waits for the owner was not kept before, and follows from what was: a contact request that
  // no reply came after, a wish for a person that was granted and never answered.
  `
  ALTER TABLE conversations ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN view TEXT NOT NULL DEFAULT 'assistant';
  ALTER TABLE conversations ADD COLUMN waiting TEXT;
  ALTER TABLE conversations ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
  UPDATE conversations SET waiting = iif(asked > replied, 'contact_request', 'human_request')
    FROM (SELECT conversation_id AS of,
        max(iif(kind = 'contact_request', seq, 0)) AS asked,
        max(iif(sender = 'owner', seq, 0)) AS replied
      FROM messages GROUP BY conversation_id) AS talk
    WHERE talk.of = id AND (asked > replied OR (answering = 'owner' AND replied = 0));
  UPDATE conversations SET view = 'mine' WHERE answering = 'owner';
  UPDATE conversations SET view = 'waiting' WHERE waiting IS NOT NULL;
  UPDATE conversations SET revision = ranked.n
    FROM (SELECT id AS of, row_number() OVER (ORDER BY updated_at_ms, id) AS n FROM conversations)
      AS ranked
    WHERE ranked.of = id;
  CREATE INDEX conversations_by_view ON conversations (view, updated_at_ms, id);
  CREATE UNIQUE INDEX conversations_by_revision ON conversations (revision);
  CREATE INDEX conversations_blocked ON conversations (id) WHERE blocked = 1;

  -- Kept by triggers, since the inbox asks for it after every change.
  CREATE TABLE view_counts (
    view TEXT PRIMARY KEY,
    conversations INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO view_counts
    SELECT column1, (SELECT count(*) FROM conversations WHERE view = column1)
    FROM (VALUES ('waiting'), ('mine'), ('assistant'), ('done'));
  CREATE TRIGGER conversation_made AFTER INSERT ON conversations
    BEGIN UPDATE view_counts SET conversations = conversations + 1 WHERE view = NEW.view; END;
  CREATE TRIGGER conversation_gone AFTER DELETE ON conversations
    BEGIN UPDATE view_counts SET conversations = conversations - 1 WHERE view = OLD.view; END;
  CREATE TRIGGER conversation_moved AFTER UPDATE OF view ON conversations
    WHEN OLD.view <> NEW.view
    BEGIN UPDATE view_counts SET conversations = conversations + iif(view = NEW.view, 1, -1) WHERE view IN (OLD.view, NEW.view); END;

  ALTER TABLE erased_conversations ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE erased_conversations ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX erased_by_revision ON erased_conversations (revision) WHERE revision > 0;
  ALTER TABLE starts ADD COLUMN revisions_until INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE starts ADD COLUMN revisions_after INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX owed_notices_given_up ON owed_notices (id) WHERE given_up = 1;

  CREATE TABLE notes (
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX notes_by_time ON notes (at_ms, conversation_id, id);

  CREATE TABLE canned_replies (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    replies TEXT NOT NULL
  ) STRICT;

  CREATE TABLE owner_logins (
    id_hash TEXT PRIMARY KEY,
    token_mark TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    user_agent TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE push_subscriptions (
    endpoint TEXT PRIMARY KEY,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,

  // One answer may cover several questions of a client that said `hello`; of those owed before it
  // is not known, and they are answered one by one. What language models cost is counted by day,
  // in a sum of its own, since erasing a conversation forgets what was counted under its id.
  `
  ALTER TABLE owed_answers ADD COLUMN combinable INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE spent_by_day (
    day TEXT PRIMARY KEY,
    tokens INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE spent_by_visitor (
    visitor TEXT NOT NULL,
    day TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY (visitor, day)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX spent_by_visitor_by_day ON spent_by_visitor (day);
  `,

  answersMigration,
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
