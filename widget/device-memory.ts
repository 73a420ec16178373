/** What the device remembers of one server beside the outbox. */
import type { Keep } from './keep.ts';

/** Proof of who the visitor is, and the conversation that it is good for. */
export interface KeptSession {
  readonly token: string;
  readonly conversation: string;
}

export interface DeviceMemory {
  session(): Promise<KeptSession | undefined>;
  keepSession(session: KeptSession): Promise<void>;
  /** `seq` up to which the visitor has read. */
  read(): Promise<number | undefined>;
  /** Remembered only beside a session: somebody who has said nothing leaves nothing. */
  keepRead(seq: number): Promise<void>;
  draft(): Promise<string>;
  keepDraft(draft: string): Promise<void>;
  forget(): Promise<void>;
}

export function createDeviceMemory(keep: Keep): DeviceMemory {
  const memory: DeviceMemory = {
    async session() {
      try {
        const kept = JSON.parse((await keep.get('session')) ?? 'null') as Partial<KeptSession>;
        const { token, conversation } = kept ?? {};
        if (typeof token === 'string' && typeof conversation === 'string') {
          return { token, conversation };
        }
      } catch {
        // Damaged, or somebody else's: as if nothing had been kept.
      }
      return undefined;
    },
    keepSession: (session) => keep.set('session', JSON.stringify(session)),
    async read() {
      const seq = Number((await keep.get('read')) ?? Number.NaN);
      return seq >= 0 ? seq : undefined;
    },
    async keepRead(seq) {
      if (await memory.session()) await keep.set('read', String(seq));
    },
    draft: async () => (await keep.get('draft')) ?? '',
    keepDraft: (draft) => (draft ? keep.set('draft', draft) : keep.remove('draft')),
    async forget() {
      for (const key of ['session', 'read', 'draft']) await keep.remove(key);
    },
  };
  return memory;
}
