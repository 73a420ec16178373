/** What the owner does to a conversation: asked of the server, then said, with a way back. */
import type { ConversationChange } from '../shared/console-protocol.ts';
import type { Api } from './api.ts';
import { failureText } from './failure.ts';
import type { Words } from './lang/choose.ts';
import type { Conversation } from './state/conversation.ts';
import type { InboxAction } from './state/inbox.ts';

export interface OwnerActionsOptions {
  readonly api: Pick<Api, 'change' | 'remove' | 'removeNote'>;
  /** The open conversation. */
  talk(): Conversation | undefined;
  /** Writes a note anew. */
  addNote(conversationId: string, text: string): void;
  words(): Words;
  apply(action: InboxAction): void;
  say: Say;
  onRemoved(id: string): void;
  onNoteRemoved(conversationId: string, id: string): void;
}

export type Say = (
  text: string,
  options?: { readonly error?: boolean; readonly undo?: () => void },
) => void;

/** Each resolves with whether it was done; what went wrong has been said. */
export function createOwnerActions(options: OwnerActionsOptions) {
  const { api, words, apply, say } = options;

  async function attempt(deed: () => Promise<void>): Promise<boolean> {
    try {
      await deed();
      return true;
    } catch (error) {
      say(failureText(words(), error), { error: true });
      return false;
    }
  }

  const change = (
    id: string,
    wish: ConversationChange,
    said: string,
    undo?: ConversationChange,
  ): Promise<boolean> =>
    attempt(async () => {
      apply({ type: 'summary', conversation: await api.change(id, wish) });
      if (said) say(said, undo ? { undo: () => void change(id, undo, '') } : {});
    });

  return {
    takeOver: (id: string) => change(id, { answering: 'owner' }, words().act.took),
    handBack: (id: string) => change(id, { answering: 'assistant' }, words().act.handed),
    done: (id: string) => change(id, { done: true }, words().act.markedDone, { done: false }),
    reopen: (id: string) => change(id, { done: false }, words().act.reopened),
    block: (id: string) => change(id, { blocked: true }, words().act.blocked, { blocked: false }),
    unblock: (id: string) => change(id, { blocked: false }, words().act.unblocked),
    remove: (id: string) =>
      attempt(async () => {
        await api.remove(id);
        apply({ type: 'gone', conversationId: id });
        options.onRemoved(id);
        say(words().act.removed);
      }),
    removeNote: (conversationId: string, id: string) =>
      attempt(async () => {
        const text = options.talk()?.notes.find((note) => note.id === id)?.message;
        await api.removeNote(conversationId, id);
        options.onNoteRemoved(conversationId, id);
        const undo = (): void => options.addNote(conversationId, text ?? '');
        say(words().act.noteRemoved, text === undefined ? {} : { undo });
      }),
  };
}
