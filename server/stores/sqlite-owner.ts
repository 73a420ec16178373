import type { OwnerLogin, PushSubscriptionRow } from '../inbox-ports.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';

interface LoginRow {
  readonly id_hash: string;
  readonly token_mark: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
  readonly user_agent: string;
}

interface PushRow {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly created_at_ms: number;
}

/** The owner's browsers: where they are logged in, and which take push messages. */
export function sqliteOwner(db: SqliteDatabase) {
  const insertLogin = db.prepare(`
    INSERT INTO owner_logins (id_hash, token_mark, created_at_ms, expires_at_ms, user_agent)
    VALUES (?, ?, ?, ?, ?)`);
  const loginByHash = db.prepare<LoginRow>('SELECT * FROM owner_logins WHERE id_hash = ?');
  const extend = db.prepare('UPDATE owner_logins SET expires_at_ms = ?2 WHERE id_hash = ?1');
  const deleteLogin = db.prepare('DELETE FROM owner_logins WHERE id_hash = ?');
  const deleteLogins = db.prepare('DELETE FROM owner_logins');
  const forgetLogins = db.prepare(`
    DELETE FROM owner_logins WHERE expires_at_ms <= ?1 OR id_hash NOT IN (
      SELECT id_hash FROM owner_logins ORDER BY expires_at_ms DESC, created_at_ms DESC LIMIT ?2)`);
  const upsertPush = db.prepare(`
    INSERT INTO push_subscriptions (endpoint, p256dh, auth, created_at_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (endpoint) DO UPDATE SET p256dh = excluded.p256dh, auth = excluded.auth,
      created_at_ms = excluded.created_at_ms`);
  const pushes = db.prepare<PushRow>(
    'SELECT * FROM push_subscriptions ORDER BY created_at_ms, endpoint',
  );
  const deletePush = db.prepare('DELETE FROM push_subscriptions WHERE endpoint = ?');

  return {
    addLogin({ idHash, tokenMark, createdAtMs, expiresAtMs, userAgent }: OwnerLogin): void {
      insertLogin.run(idHash, tokenMark, createdAtMs, expiresAtMs, toStoredText(userAgent));
    },

    login(idHash: string): OwnerLogin | undefined {
      const row = loginByHash.get(idHash);
      return row && loginOf(row);
    },

    extendLogin: (idHash: string, expiresAtMs: number): void =>
      void extend.run(idHash, expiresAtMs),
    deleteLogin: (idHash: string): void => void deleteLogin.run(idHash),
    deleteLogins: (): number => Number(deleteLogins.run().changes),
    // A negative limit is none.
    forgetLogins: (nowMs: number, most = -1): void => void forgetLogins.run(nowMs, most),

    addPush({ endpoint, p256dh, auth, createdAtMs }: PushSubscriptionRow): void {
      upsertPush.run(toStoredText(endpoint), toStoredText(p256dh), toStoredText(auth), createdAtMs);
    },

    pushes: (): readonly PushSubscriptionRow[] =>
      pushes.all().map((row) => ({
        endpoint: fromStoredText(row.endpoint),
        p256dh: fromStoredText(row.p256dh),
        auth: fromStoredText(row.auth),
        createdAtMs: row.created_at_ms,
      })),

    deletePush: (endpoint: string): void => void deletePush.run(toStoredText(endpoint)),
  };
}

const loginOf = (row: LoginRow): OwnerLogin => ({
  idHash: row.id_hash,
  tokenMark: row.token_mark,
  createdAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms,
  userAgent: fromStoredText(row.user_agent),
});
