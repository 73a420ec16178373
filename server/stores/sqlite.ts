import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { ConversationSummary, OnError, Store } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { groupCommits } from './group-commit.ts';
import { inSlices } from './in-slices.ts';
import { searchSteps } from './search.ts';
import { sqliteAnswers } from './sqlite-answers.ts';
import { sqliteAppend } from './sqlite-append.ts';
import { sqliteChanges } from './sqlite-changes.ts';
import { createSqliteConnection } from './sqlite-connection.ts';
import { sqliteConversations } from './sqlite-conversations.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { sqliteErasure, type ErasureState } from './sqlite-erasure.ts';
import { sqliteFailedNotices } from './sqlite-failed-notices.ts';
import { busyTimeoutMs, openSqliteFile, reopenSqliteFile, sqliteFileName } from './sqlite-file.ts';
import { sqliteNotes } from './sqlite-notes.ts';
import { sqliteOwed } from './sqlite-owed.ts';
import { sqliteOwner } from './sqlite-owner.ts';
import { countRevisions, sqliteRevisions, type Revisions } from './sqlite-revisions.ts';
import { sqliteSearch } from './sqlite-search.ts';
import { sqliteSpend } from './sqlite-spend.ts';
import { beginStart, sqlitePositions, type Start } from './sqlite-starts.ts';
import { LogGone, troubleOf, type StorePlace } from './sqlite-trouble.ts';
import { watchSqliteFile, type SqliteWatch } from './sqlite-watch.ts';
import { createStoreHealth } from './store-health.ts';

/**
 * The store in `<dataDir>/contact-chat.sqlite`, made if need be. The folder exists and the caller
 * holds its lock (`lockDataFolder`): leases of a server before this one end here and now.
 * `onError` hears of the first of failures in a row, with a `StoreTrouble` where the owner can
 * mend it; `onRecovered` gets a line when that is over. The callers' promises reject with all.
 * Rejects with `StoreUnavailable` where the file cannot be opened, is damaged, or is newer than
 * this version.
 *
 *     const store = await openSqliteStore({ dataDir: './data', onError });
 */
export async function openSqliteStore(options: {
  readonly dataDir: string;
  readonly onError: OnError;
  readonly onRecovered?: (line: string) => void;
}): Promise<Store> {
  const { dataDir, onError, onRecovered } = options;
  const place = { dataDir, file: join(dataDir, sqliteFileName) };
  const db = await openSqliteFile(dataDir);
  try {
    const store = sqliteStore(db, onError, {
      place,
      onRecovered,
      watch: () => watchSqliteFile(place.file),
      reopen: await reopenSqliteFile(place.file),
    });
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    return store;
  } catch (cause) {
    db.close();
    const trouble = troubleOf(cause, place);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StoreUnavailable(
      trouble?.advice ?? `The database in ${dataDir} cannot be written: ${why}`,
      { cause },
    );
  }
}

/** What a store on a real file has beside its connection. */
export interface SqliteStoreParts {
  readonly place?: StorePlace;
  readonly onRecovered?: ((line: string) => void) | undefined;
  /** Called once something was written. */
  readonly watch?: () => SqliteWatch;
  /** Another connection to the same file. Throws SQLite's error. */
  readonly reopen?: () => SqliteDatabase;
  /** Milliseconds on a clock that never jumps; default: `performance.now`. */
  readonly nowMs?: () => number;
}

/** The store over an open database of today's tables, which it closes when it is closed. */
export function sqliteStore(
  db: SqliteDatabase,
  onError: OnError,
  parts: SqliteStoreParts = {},
): Store {
  const { place = { dataDir: '.', file: 'the database' }, nowMs = () => performance.now() } = parts;
  // A server before this one may have been killed before it had emptied the log.
  const erasureState: ErasureState = { logHoldsErased: true, nextTryMs: 0, busyTries: 0 };
  const health = createStoreHealth({ place, onError, onRecovered: parts.onRecovered, nowMs });
  const start = beginStart(db);
  const revisions = countRevisions(start.revisionsAfter);
  const connection = createSqliteConnection({
    db,
    prepare: (opened) => prepareAll(opened, start, revisions, erasureState),
    prove: ({ beat }) => void beat.run(),
    trouble: () => health.trouble()?.kind,
    ...(parts.reopen ? { reopen: parts.reopen } : {}),
    nowMs,
  });
  const sql = connection.statements;
  sql().owed.releaseLeases();
  const watch = parts.watch?.();
  const slices = inSlices();

  /** Throws where what was committed does not stand where the next start will look for it. */
  function verifyFiles(): void {
    try {
      watch?.check();
    } catch (error) {
      if (!watch || !(error instanceof LogGone)) throw error;
      if (!connection.renewLog(watch.removeLog)) throw error;
      watch.logRenewed();
      // Mended, and still to be told: the next time the server may be killed before it sees it.
      health.failed(error, { stage: 'store.log', writes: 0 });
    }
  }

  function emptyLog(): void {
    if (closing) return;
    try {
      sql().erasure.emptyLogAfterErasure(nowMs());
    } catch (error) {
      health.failed(error, { stage: 'store.after_commit', writes: 0 });
    }
  }

  const group = groupCommits({
    database: connection.database,
    health,
    beforeTransaction() {
      const trouble = health.trouble();
      if (trouble?.kind === 'damaged') throw trouble;
      if (trouble) verifyFiles();
      connection.adapt();
    },
    verifyCommitted: verifyFiles,
    prove: () => sql().beat.run(),
    afterCommit() {
      // Later, since it takes an fsync or two, and now the acknowledgements go out.
      if (sql().erasure.wantsLogEmptied(nowMs())) setImmediate(emptyLog);
    },
  });

  // Asynchronous, since the last write to the file may fail.
  async function closeOnce(): Promise<void> {
    group.close();
    try {
      if (health.trouble()?.kind !== 'damaged') verifyFiles();
    } catch (error) {
      health.failed(error, { stage: 'close store', writes: 0 });
    }
    const trouble = health.trouble();
    try {
      // The file alone is then the whole store, for whoever copies it while the server is down,
      // and for the next start, where the log went away.
      if (trouble?.kind !== 'damaged') {
        connection.database().exec('PRAGMA wal_checkpoint(TRUNCATE)');
      }
    } catch (error) {
      if (!trouble) onError(error, { stage: 'close store' });
    }
    connection.close();
    watch?.close();
  }
  let closing: Promise<void> | undefined;

  return {
    name: 'sqlite',
    epoch: start.epoch,
    positionHolds: (id, position) => group.read(() => sql().positionHolds(id, position)),

    secret: (name) =>
      group.write(() => {
        const known = sql().readSecret.get(name)?.value;
        if (known) return new Uint8Array(known);
        const made = new Uint8Array(randomBytes(32));
        sql().keepSecret.run(name, made);
        return made;
      }),

    append: (command) => group.write(() => sql().append(command)),

    conversation: (id) => group.read(() => sql().conversations.conversation(id)),
    conversationOfUser: (user) => group.read(() => sql().conversations.ofUser(user)),
    isErased: (id) => group.read(() => sql().erasure.isErased(id)),
    messages: (id, range) => group.read(() => sql().conversations.messages(id, range)),
    conversations: (query) => group.read(() => sql().conversations.list(query)),

    summary: (id) => group.read(() => sql().conversations.summary(id)),
    revision: () => group.read(() => sql().revisions.revision()),
    viewCounts: () => group.read(() => sql().revisions.viewCounts()),
    changedSince: (query) => group.read(() => sql().changedSince(query)),
    blockedConversations: () => group.read(() => sql().conversations.blocked()),
    search: ({ signal, ...query }) =>
      slices(
        searchSteps(() => sql().search, query),
        (slice) => group.read(slice),
        signal,
      ),

    answers: (query) => group.read(() => sql().answers.list(query)),
    answerCounts: (sinceMs) => group.read(() => sql().answers.counts(sinceMs)),

    updateConversation: (id, update) =>
      group.write(() => {
        sql().changes.update(id, update);
        return sql().conversations.summary(id);
      }),
    handBack: (id) => group.write(() => sql().changes.handBack(id)),
    markRead: (id, reader, seq) => group.write(() => sql().changes.markRead(id, reader, seq)),
    setFeedback: (id, messageId, value) =>
      group.write(() => sql().changes.setFeedback(id, messageId, value)),

    addNote: (id, note) => group.write(() => sql().notes.add(id, note)),
    notes: (id) => group.read(() => sql().notes.list(id)),
    deleteNote: (id, noteId) => group.write(() => sql().notes.remove(id, noteId)),
    cannedReplies: () => group.read(() => sql().notes.canned()),
    setCannedReplies: (replies) => group.write(() => sql().notes.setCanned(replies)),

    erase: (id) => group.write(() => sql().erasure.erase(id)),
    // In slices, so that thousands of conversations do not hold up the chat: what is asked for
    // after it may resolve before it.
    async prune(beforeMs) {
      for (let total = 0; ;) {
        const { pruned, more } = await group.write(() => sql().erasure.pruneSome(beforeMs));
        total += pruned;
        if (!more) return total;
      }
    },

    claimAnswers: (claim) => group.write(() => sql().owed.claimAnswers(claim)),
    claimNotices: (claim) => group.write(() => sql().owed.claimNotices(claim)),
    noticesDone: (ids, doneMs) => group.write(() => sql().owed.noticesDone(ids, doneMs)),
    noticesFailed: (ids, failure) => group.write(() => sql().owed.noticesFailed(ids, failure)),
    noticesSentSince: (channel, sinceMs) =>
      group.read(() => sql().owed.sentSince(channel, sinceMs)),

    channelsOwed: () => group.read(() => sql().owed.channelsOwed()),
    failedNotices: (limit) => group.read(() => sql().failed.list(limit)),
    retryFailedNotices: (now) => group.write(() => sql().failed.retry(now)),
    dismissFailedNotices: () => group.write(() => sql().failed.dismiss()),

    addLogin: (login) => group.write(() => sql().owner.addLogin(login)),
    login: (idHash) => group.read(() => sql().owner.login(idHash)),
    extendLogin: (idHash, untilMs) => group.write(() => sql().owner.extendLogin(idHash, untilMs)),
    deleteLogin: (idHash) => group.write(() => sql().owner.deleteLogin(idHash)),
    deleteLogins: () => group.write(() => sql().owner.deleteLogins()),
    forgetLogins: (now, most) => group.write(() => sql().owner.forgetLogins(now, most)),
    addPushSubscription: (one) => group.write(() => sql().owner.addPush(one)),
    pushSubscriptions: () => group.read(() => sql().owner.pushes()),
    deletePushSubscription: (endpoint) => group.write(() => sql().owner.deletePush(endpoint)),

    spendOf: (of) => group.read(() => sql().spend.spendOf(of)),
    addSpend: (one) => group.write(() => sql().spend.add(one)),
    reserveSpend: (wanted) => group.write(() => sql().spend.reserve(wanted)),

    owedWork: () => group.read(() => sql().owed.counts()),
    async check() {
      await group.write(() => void sql().beat.run());
      // A beat may fit where no message does.
      const trouble = health.trouble();
      if (trouble) throw trouble;
    },
    close: () => (closing ??= closeOnce()),
  };
}

/** Every statement of a connection. */
function prepareAll(
  db: SqliteDatabase,
  start: Start,
  revisions: Revisions,
  erasureState: ErasureState,
) {
  const conversations = sqliteConversations(db);
  const changes = sqliteChanges(db, revisions);
  const revisionReads = sqliteRevisions(db);
  const summaries = (ids: readonly string[]): ConversationSummary[] =>
    ids.flatMap((id) => conversations.summary(id) ?? []);
  return {
    conversations,
    changes,
    revisions: revisionReads,
    append: sqliteAppend(db, start.number, revisions),
    owed: sqliteOwed(db, conversations, revisions),
    failed: sqliteFailedNotices(db, changes.touch),
    notes: sqliteNotes(db, changes.touch),
    owner: sqliteOwner(db),
    answers: sqliteAnswers(db, conversations),
    spend: sqliteSpend(db),
    search: sqliteSearch(db, conversations, revisionReads.revision),
    erasure: sqliteErasure(db, erasureState, revisions),
    positionHolds: sqlitePositions(db),

    changedSince(query: { readonly revision: number; readonly limit: number }) {
      const found = revisionReads.changedSince(query);
      if (!found) return { conversations: [], deleted: [], complete: false };
      const { changed, deleted } = found;
      return { conversations: summaries(changed), deleted, complete: true };
    },

    keepSecret: db.prepare(
      'INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    readSecret: db.prepare<{ value: Uint8Array }>('SELECT value FROM secrets WHERE name = ?'),
    beat: db.prepare(`
      INSERT INTO heartbeat (id, beats) VALUES (1, 1)
      ON CONFLICT (id) DO UPDATE SET beats = beats + 1`),
  };
}
