/** What the device remembers of one server, in its own words rather than in keys. */
import type { Keep } from './keep.ts';
import { byAge, isPending, type Pending } from './outbox.ts';

/** Proof of who the visitor is, and the conversation that it is good for. */
export interface KeptSession {
  readonly token: string;
  readonly conversation: string;
  /** Whose it is; absent for somebody who has not signed in. */
  readonly user?: string | undefined;
}

export interface Kept {
  readonly session: KeptSession | undefined;
  /** `seq` up to which the visitor has read; −1 = nothing is known. */
  readonly read: number;
  /** Of whoever is the user when it is looked at. */
  readonly draft: string;
  /** Oldest first; what cannot be read any more is left out. */
  readonly outbox: readonly Pending[];
}

export interface DeviceMemory {
  /** @returns `undefined` where the device does not say */
  load(): Promise<Kept | undefined>;
  /** Keeps this session, unless one is kept that may not be replaced. @returns the one kept */
  claim(session: KeptSession, replaces: (kept: KeptSession) => boolean): Promise<KeptSession>;
  /** Remembers the furthest. */
  keepRead(seq: number): Promise<number>;
  keepDraft(draft: string): Promise<void>;
  put(pending: Pending): Promise<void>;
  remove(id: string): Promise<void>;
}

function asSession(value: unknown): KeptSession | undefined {
  const { token, conversation, user } = (value ?? {}) as Partial<KeptSession>;
  return typeof token === 'string' && typeof conversation === 'string'
    ? { token, conversation, user }
    : undefined;
}

const asSeq = (value: unknown): number => (Number.isInteger(value) ? (value as number) : -1);

const draftKey = (user: string | undefined): string =>
  user === undefined ? 'draft' : `draft:${user}`;

/** @param user - who types now; each has a draft of their own */
export const createDeviceMemory = (
  keep: Keep,
  user: () => string | undefined = () => undefined,
): DeviceMemory => ({
  async load() {
    const kept = await keep.all();
    return (
      kept && {
        session: asSession(kept.get('session')),
        read: asSeq(kept.get('read')),
        get draft() {
          const draft = kept.get(draftKey(user()));
          return typeof draft === 'string' ? draft : '';
        },
        outbox: [...kept.values()].filter(isPending).toSorted(byAge),
      }
    );
  },
  claim: (session, replaces) =>
    keep.update('session', (value) => {
      const kept = asSession(value);
      return !kept || replaces(kept) ? session : kept;
    }),
  keepRead: (seq) => keep.update('read', (kept) => Math.max(asSeq(kept), seq)),
  keepDraft: (draft) => keep.set(draftKey(user()), draft || undefined),
  put: (pending) => keep.set(`out:${pending.message.id}`, pending),
  remove: (id) => keep.set(`out:${id}`, undefined),
});
