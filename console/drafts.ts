/**
 * What is half written, of each conversation: a reply and a note, kept apart so that one never
 * goes out as the other, and which of the two was being written. Kept on the device. Two tabs
 * write over one another there, so what a tab wrote itself it also keeps in memory.
 */
import type { Keep } from './keep.ts';
import type { Pending } from './state/conversation.ts';

export type DraftKind = Pending['kind'];

export interface Draft {
  readonly kind: DraftKind;
  readonly reply: string;
  readonly note: string;
}

export interface Drafts {
  of(id: string): Draft;
  set(id: string, kind: DraftKind, text: string): void;
  /** Which of the two is being written. */
  turn(id: string, kind: DraftKind): void;
  forget(id: string): void;
  /**
   * Another tab changed what is kept under a name.
   *
   * @returns the draft that is no longer one, as it was sent or thrown away there; `undefined`
   * where nothing is to be done, as where this tab has a text of its own
   */
  changed(name: string, before: string | null, now: string | null): GoneDraft | undefined;
  /** All of them. */
  clear(): void;
}

export interface GoneDraft {
  readonly id: string;
  readonly kind: DraftKind;
}

const names = { reply: 'draft:', note: 'note:' } as const;
const turnName = (id: string): string => `writes:${id}`;
const kinds: readonly DraftKind[] = ['reply', 'note'];

export function createDrafts(keep: Keep): Drafts {
  /** What was written in this tab. */
  const own = new Map<string, string>();
  const read = (kind: DraftKind, id: string): string => {
    const name = names[kind] + id;
    return own.get(name) ?? keep.get(name) ?? '';
  };

  return {
    of: (id) => ({
      kind: keep.get(turnName(id)) === 'note' ? 'note' : 'reply',
      reply: read('reply', id),
      note: read('note', id),
    }),
    set(id, kind, text) {
      const name = names[kind] + id;
      const before = own.get(name);
      if (text) {
        own.set(name, text);
        keep.set(name, text);
        return;
      }
      own.delete(name);
      // What another tab wrote over it is not this tab's to throw away.
      if (before === undefined || before === keep.get(name)) keep.set(name, undefined);
    },
    turn: (id, kind) => keep.set(turnName(id), kind === 'note' ? 'note' : undefined),
    forget(id) {
      for (const kind of kinds) {
        own.delete(names[kind] + id);
        keep.set(names[kind] + id, undefined);
      }
      keep.set(turnName(id), undefined);
    },
    changed(name, before, now) {
      const kind = kinds.find((one) => name.startsWith(names[one]));
      if (!kind || now) return undefined;
      const written = own.get(name);
      if (written !== undefined && written !== before) return undefined;
      own.delete(name);
      return { id: name.slice(names[kind].length), kind };
    },
    clear: () => own.clear(),
  };
}
