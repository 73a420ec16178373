/**
 * The open conversation: reads it, fills its gaps, tells how far the owner has read, and who is
 * typing. A few that were open before are kept, and only what came since is read again.
 */
import type { Api } from './api.ts';
import { Failure } from './failure.ts';
import type { InboxState } from './inbox-state.ts';
import {
  emptyConversation,
  hasGap,
  heldUpTo,
  reduceConversation,
  type Conversation,
  type ConversationAction,
} from './state/conversation.ts';
import type { InboxAction } from './state/inbox.ts';
import type { Outgoing } from './outbox.ts';

export interface TalkOptions {
  readonly api: Pick<Api, 'conversation' | 'messages' | 'notes' | 'change'>;
  state(): InboxState;
  patch(change: Partial<InboxState>): void;
  apply(action: InboxAction): void;
  /** What is on its way in a conversation. */
  outgoing(id: string): readonly Outgoing[];
  /** The server knows no such conversation any more: what is kept of it is forgotten. */
  onGone?(id: string): void;
}

export interface Talk {
  open(id: string): void;
  close(): void;
  /** About the open conversation; what is said of others changes what is kept of them. */
  tell(id: string, action: ConversationAction): void;
  older(): Promise<void>;
  /** After the line was cut, or where a message is known to be missing. */
  catchUp(): void;
  /** The line stands again: what visitors thought of answers meanwhile was not heard. */
  back(): void;
  /** Nothing that is kept counts any more. */
  restart(): void;
  /** @param unsent - what was written in it and never sent */
  gone(id: string, unsent?: readonly string[]): void;
  /** The newest message is in view of somebody. */
  read(): void;
}

const pageSize = 50;
const catchUpSize = 100;
const keptConversations = 20;
const typingEndsMs = 12_000;
const readDelayMs = 300;

export function createTalk(options: TalkOptions): Talk {
  const { api, state, patch, apply } = options;
  const kept = new Map<string, Conversation>();
  /** Conversations being read, and those where ratings may be older than what was heard. */
  const reading = new Set<string>();
  const unsure = new Set<string>();
  let catching: string | undefined;
  let catchAgain = false;
  let typingTimer: ReturnType<typeof setTimeout> | undefined;
  let readTimer: ReturnType<typeof setTimeout> | undefined;
  let toldRead: readonly [id: string, seq: number] = ['', 0];

  const current = (): Conversation | undefined => state().talk;
  const isOpen = (id: string): boolean => current()?.id === id;

  function put(next: Conversation): void {
    kept.delete(next.id);
    kept.set(next.id, next);
    const [oldest] = kept.keys();
    if (kept.size > keptConversations && oldest !== undefined) kept.delete(oldest);
    patch({ talk: next });
  }

  function tell(id: string, action: ConversationAction): void {
    const talk = current();
    if (action.type === 'feedback' && reading.has(id)) unsure.add(id);
    if (!talk || talk.id !== id) {
      const one = kept.get(id);
      // Who typed in one that is not looked at is of no use later.
      if (one && action.type !== 'typing') kept.set(id, reduceConversation(one, action));
      return;
    }
    const next = reduceConversation(talk, action);
    if (next !== talk) put(next);
    if (action.type === 'typing') {
      clearTimeout(typingTimer);
      const { sender, active } = action;
      if (active) {
        typingTimer = setTimeout(
          () => tell(id, { type: 'typing', sender, active: false }),
          typingEndsMs,
        );
      }
    }
    if (hasGap(next) && action.type !== 'page') catchUp();
  }

  function fail(id: string, error: unknown): void {
    if (!isOpen(id)) return;
    const isGone =
      error instanceof Failure && error.kind === 'refused' && error.code === 'not_found';
    if (!isGone) {
      if (!current()?.loaded) patch({ talkProblem: { type: 'failed', error } });
      return;
    }
    if (isKnown(id) || state().inbox.deleted.has(id)) {
      if (options.onGone) options.onGone(id);
      else gone(id);
      return;
    }
    kept.delete(id);
    patch({ talk: undefined, talkProblem: { type: 'unknown' } });
  }

  const isKnown = (id: string): boolean => state().inbox.byId.has(id) || current()?.loaded === true;

  async function load(id: string): Promise<void> {
    reading.add(id);
    try {
      // Of one that nobody has heard of, it is asked first whether there is one.
      const first = isKnown(id) ? undefined : await api.conversation(id);
      if (first) apply({ type: 'summary', conversation: first });
      const [page, { notes }, conversation] = await Promise.all([
        api.messages(id, { limit: pageSize }),
        api.notes(id),
        first ?? api.conversation(id),
      ]);
      apply({ type: 'summary', conversation });
      tell(id, { type: 'page', direction: 'newest', messages: page.messages, more: page.more });
      tell(id, { type: 'notes', notes });
      readMarks(id);
      if (isOpen(id)) patch({ talkProblem: undefined });
    } catch (error) {
      fail(id, error);
    }
    reading.delete(id);
    if (unsure.has(id) && isOpen(id)) await rereadRatings(id);
  }

  function readMarks(id: string): void {
    const summary = state().inbox.byId.get(id);
    if (!summary) return;
    tell(id, { type: 'read', sender: 'visitor', seq: summary.read_by_visitor });
    tell(id, { type: 'read', sender: 'owner', seq: summary.read_by_owner });
  }

  async function readSince(id: string): Promise<void> {
    for (;;) {
      const talk = current();
      if (!talk || talk.id !== id || !talk.loaded) return;
      const held = heldUpTo(talk);
      const page = await api.messages(id, { after_seq: held, limit: catchUpSize });
      tell(id, { type: 'page', direction: 'after', messages: page.messages, more: page.more });
      const now = current();
      // A server that has nothing more, or skips some, is not asked for ever.
      if (!page.more || !now || heldUpTo(now) === held) return;
    }
  }

  function catchUp(): void {
    const talk = current();
    if (!talk) return;
    const { id } = talk;
    if (catching === id) {
      catchAgain = true;
      return;
    }
    catching = id;
    catchAgain = false;
    const reading = talk.loaded ? readSince(id) : load(id);
    reading
      .catch((error: unknown) => fail(id, error))
      .finally(() => {
        if (catching !== id) return;
        catching = undefined;
        if (catchAgain) catchUp();
      });
  }

  /** From the newest that is here to the oldest, a page at a time. */
  async function rereadRatings(id: string): Promise<void> {
    unsure.delete(id);
    reading.add(id);
    let failed = false;
    try {
      for (let before = heldUpTo(kept.get(id) ?? emptyConversation(id)) + 1; before > 1;) {
        const page = await api.messages(id, { before_seq: before, limit: catchUpSize });
        tell(id, { type: 'ratings', messages: page.messages });
        const first = page.messages[0]?.seq ?? 0;
        const begin = kept.get(id)?.messages[0]?.seq ?? Infinity;
        // A server that goes on with the same page is not asked for ever.
        if (first <= begin || first >= before) break;
        before = first;
      }
    } catch {
      failed = true;
      unsure.add(id);
    }
    reading.delete(id);
    if (!failed && unsure.has(id)) await rereadRatings(id);
  }

  async function rereadNotes(id: string): Promise<void> {
    try {
      const { notes } = await api.notes(id);
      tell(id, { type: 'notes', notes });
    } catch {
      // They come with the next line.
    }
  }

  function gone(id: string, unsent: readonly string[] = []): void {
    kept.delete(id);
    if (isOpen(id)) patch({ talk: undefined, talkProblem: { type: 'gone', unsent } });
  }

  return {
    open(id) {
      clearTimeout(typingTimer);
      catching = undefined;
      let talk: Conversation = { ...(kept.get(id) ?? emptyConversation(id)), typing: undefined };
      for (const pending of options.outgoing(id)) {
        talk = reduceConversation(talk, { type: 'sending', pending });
      }
      patch({ talkProblem: undefined, loadingOlder: false });
      put(talk);
      if (talk.loaded) void rereadNotes(id);
      if (talk.loaded && unsure.has(id)) void rereadRatings(id);
      readMarks(id);
      catchUp();
    },
    close() {
      clearTimeout(typingTimer);
      patch({ talk: undefined, talkProblem: undefined, loadingOlder: false });
    },
    tell,
    async older() {
      const talk = current();
      const first = talk?.messages[0];
      if (!talk || !first || !talk.more || state().loadingOlder) return;
      patch({ loadingOlder: true });
      try {
        const page = await api.messages(talk.id, { before_seq: first.seq, limit: pageSize });
        tell(talk.id, {
          type: 'page',
          direction: 'before',
          messages: page.messages,
          more: page.more,
        });
      } catch {
        // The button stays.
      }
      if (isOpen(talk.id)) patch({ loadingOlder: false });
    },
    catchUp,
    back() {
      for (const [id, { loaded }] of kept) if (loaded) unsure.add(id);
      catchUp();
      const talk = current();
      if (talk?.loaded) void rereadRatings(talk.id);
    },
    restart() {
      kept.clear();
      unsure.clear();
      const talk = current();
      if (!talk) return;
      put(reduceConversation(talk, { type: 'restart' }));
      catching = undefined;
      catchUp();
    },
    gone,
    read() {
      clearTimeout(readTimer);
      readTimer = setTimeout(() => {
        const talk = current();
        const summary = talk && state().inbox.byId.get(talk.id);
        if (!talk?.loaded || !summary) return;
        const seq = heldUpTo(talk);
        const known = toldRead[0] === talk.id ? toldRead[1] : 0;
        if (seq <= Math.max(summary.read_by_owner, known) && summary.unread === 0) return;
        if (seq === known) return;
        toldRead = [talk.id, seq];
        api.change(talk.id, { read_by_owner: seq }).then(
          (conversation) => apply({ type: 'summary', conversation }),
          () => void (toldRead = ['', 0]),
        );
      }, readDelayMs);
    },
  };
}
