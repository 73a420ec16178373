import type { CannedReply } from '../../shared/console-protocol.ts';
import type { OwnerLogin, PushSubscriptionRow } from '../inbox-ports.ts';

/** What belongs to the owner and to no conversation. */
export function memoryOwner() {
  const logins = new Map<string, OwnerLogin>();
  const pushes = new Map<string, PushSubscriptionRow>();
  let canned: readonly CannedReply[] = [];

  return {
    cannedReplies: (): readonly CannedReply[] => canned,
    setCannedReplies(replies: readonly CannedReply[]): void {
      canned = replies.map(({ id, title, text }) => ({ id, title, text }));
    },

    addLogin: (login: OwnerLogin): void => void logins.set(login.idHash, { ...login }),
    login: (idHash: string): OwnerLogin | undefined => logins.get(idHash),
    extendLogin(idHash: string, expiresAtMs: number): void {
      const known = logins.get(idHash);
      if (known) logins.set(idHash, { ...known, expiresAtMs });
    },
    deleteLogin: (idHash: string): void => void logins.delete(idHash),
    deleteLogins(): number {
      const count = logins.size;
      logins.clear();
      return count;
    },
    forgetLogins(nowMs: number, most = Number.POSITIVE_INFINITY): void {
      const newestFirst = [...logins.values()].sort(
        (a, b) => b.expiresAtMs - a.expiresAtMs || b.createdAtMs - a.createdAtMs,
      );
      for (const [index, { idHash, expiresAtMs }] of newestFirst.entries()) {
        if (expiresAtMs <= nowMs || index >= most) logins.delete(idHash);
      }
    },

    addPush: (one: PushSubscriptionRow): void => void pushes.set(one.endpoint, { ...one }),
    pushes: (): readonly PushSubscriptionRow[] =>
      [...pushes.values()].sort(
        (a, b) => a.createdAtMs - b.createdAtMs || (a.endpoint < b.endpoint ? -1 : 1),
      ),
    deletePush: (endpoint: string): void => void pushes.delete(endpoint),
  };
}
