import { randomBytes } from 'node:crypto';

import type { OnError, Store } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { groupCommits } from './group-commit.ts';
import { sqliteAppend } from './sqlite-append.ts';
import { sqliteConversations } from './sqlite-conversations.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { sqliteErasure } from './sqlite-erasure.ts';
import { openSqliteFile } from './sqlite-file.ts';
import { sqliteOwed } from './sqlite-owed.ts';

/**
 * The store in `<dataDir>/contact-chat.sqlite`, made if need be. The folder exists and the caller
 * holds its lock (`lockDataFolder`): leases of a server before this one end here and now.
 * `onError` hears of the first of failed commits in a row; the callers' promises reject with all.
 * Rejects with `StoreUnavailable` where the file cannot be opened or is newer than this version.
 *
 *     const store = await openSqliteStore({ dataDir: './data', onError });
 */
export async function openSqliteStore(options: {
  readonly dataDir: string;
  readonly onError: OnError;
}): Promise<Store> {
  const db = await openSqliteFile(options.dataDir);
  try {
    return sqliteStore(db, options.onError);
  } catch (cause) {
    db.close();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StoreUnavailable(`The database in ${options.dataDir} cannot be written: ${why}`, {
      cause,
    });
  }
}

/** The store over an open database of today's tables, which it closes when it is closed. */
export function sqliteStore(db: SqliteDatabase, onError: OnError): Store {
  const append = sqliteAppend(db);
  const conversations = sqliteConversations(db);
  const owed = sqliteOwed(db, conversations);
  const erasure = sqliteErasure(db);
  const keepSecret = db.prepare(
    'INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const readSecret = db.prepare<{ value: Uint8Array }>('SELECT value FROM secrets WHERE name = ?');
  const beat = db.prepare(`
    INSERT INTO heartbeat (id, beats) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET beats = beats + 1`);
  const group = groupCommits(db, { onError, afterCommit: () => erasure.emptyLogAfterErasure() });
  let closing: Promise<void> | undefined;
  owed.releaseLeases();

  // Asynchronous, since the last write to the file may fail.
  async function closeOnce(): Promise<void> {
    group.close();
    try {
      // The file alone is then the whole store, for whoever copies it while the server is down.
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      onError(error, { stage: 'close store' });
    }
    db.close();
  }

  return {
    name: 'sqlite',

    secret: (name) =>
      group.write(() => {
        const known = readSecret.get(name)?.value;
        if (known) return new Uint8Array(known);
        const made = new Uint8Array(randomBytes(32));
        keepSecret.run(name, made);
        return made;
      }),

    append: (command) => group.write(() => append(command)),

    conversation: (id) => group.read(() => conversations.conversation(id)),
    conversationOfUser: (user) => group.read(() => conversations.ofUser(user)),
    isErased: (id) => group.read(() => erasure.isErased(id)),
    messages: (id, range) => group.read(() => conversations.messages(id, range)),
    conversations: (query) => group.read(() => conversations.list(query)),

    setAnswering: (id, answering) => group.write(() => conversations.setAnswering(id, answering)),
    markRead: (id, reader, seq) => group.write(() => conversations.markRead(id, reader, seq)),
    setFeedback: (id, messageId, value) =>
      group.write(() => conversations.setFeedback(id, messageId, value)),
    erase: (id) => group.write(() => erasure.erase(id)),
    // In slices, so that thousands of conversations do not hold up the chat: what is asked for
    // after it may resolve before it.
    async prune(beforeMs) {
      for (let total = 0; ;) {
        const { pruned, more } = await group.write(() => erasure.pruneSome(beforeMs));
        total += pruned;
        if (!more) return total;
      }
    },

    claimAnswers: (claim) => group.write(() => owed.claimAnswers(claim)),
    claimNotices: (claim) => group.write(() => owed.claimNotices(claim)),
    noticesDone: (ids, nowMs) => group.write(() => owed.noticesDone(ids, nowMs)),
    noticesFailed: (ids, failure) => group.write(() => owed.noticesFailed(ids, failure)),
    noticesSentSince: (channel, sinceMs) => group.read(() => owed.sentSince(channel, sinceMs)),

    channelsOwed: () => group.read(() => owed.channelsOwed()),
    owedWork: () => group.read(() => owed.counts()),
    check: () => group.write(() => void beat.run()),
    close: () => (closing ??= closeOnce()),
  };
}
