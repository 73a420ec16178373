/**
 * Everything the inbox does: holds its state, runs the socket, the reading and the sending, and
 * tells whoever draws it. Actions of the owner are functions here; elements only ask.
 */
import type { ConsoleEvent, View } from '../shared/console-protocol.ts';
import { isVisible } from '../shared/protocol.ts';
import type { Api } from './api.ts';
import { Failure } from './failure.ts';
import { visitorName } from './format.ts';
import { firstState, lineOf, type InboxState } from './inbox-state.ts';
import { createDrafts, type DraftKind, type GoneDraft } from './drafts.ts';
import type { Keep } from './keep.ts';
import type { Words } from './lang/choose.ts';
import { createLists } from './lists.ts';
import type { Notifier } from './notify.ts';
import { readRoute, type Route } from './route.ts';
import { createConsoleSocket, isLoggedOut } from './socket.ts';
import { createTalk } from './talk.ts';
import { createSending } from './sending.ts';
import { createOwnerActions, type Say } from './owner-actions.ts';
import { createOwnerTyping } from './owner-typing.ts';
import { serverClock } from './server-clock.ts';
import { heldAfter } from './state/held-row.ts';
import { isNews } from './state/news.ts';
import { reduceInbox, wantingOwner, type InboxAction } from './state/inbox.ts';

export interface InboxControllerOptions {
  readonly api: Api;
  /** Base of the server, with a slash at its end. */
  readonly base: string;
  readonly keep: Keep;
  readonly notifier: Notifier;
  words(): Words;
  /** The state is another; at most once a frame. */
  onChange(): void;
  onLoggedOut(): void;
  readonly say: Say;
  /** Another tab sent it, or threw it away. */
  onDraftGone(gone: GoneDraft): void;
}

export type InboxController = ReturnType<typeof createInboxController>;

export function createInboxController(options: InboxControllerOptions) {
  const { api, keep, notifier, words } = options;
  const drafts = createDrafts(keep);
  let state: InboxState = firstState(readRoute(location.hash));
  let drawing = false;

  // ── state ────────────────────────────────────────────────────────────────────────────────────

  function draw(): void {
    if (drawing) return;
    drawing = true;
    const drawn = (): void => {
      drawing = false;
      options.onChange();
    };
    // Frames stop where nobody looks.
    if (document.hidden) setTimeout(drawn, 200);
    else requestAnimationFrame(drawn);
  }

  function patch(change: Partial<InboxState>): void {
    state = { ...state, ...change };
    draw();
  }

  /** Somebody who came straight to a conversation sees the list in which it stands. */
  let listFollows = state.route.type === 'conversation';

  function apply(action: InboxAction): void {
    const inbox = reduceInbox(state.inbox, action);
    if (inbox === state.inbox) return;
    const { route, view } = state;
    const open = route.type === 'conversation' ? route.id : undefined;
    patch({ inbox, held: heldAfter(state.held, state.inbox, inbox, { open, view }) });
    if (listFollows && action.type === 'summary' && route.type === 'conversation') {
      if (action.conversation.id === route.id) {
        listFollows = false;
        patch({ view: action.conversation.view });
        lists.load(state.view);
      }
    }
    notifier.attention(wantingOwner(inbox));
  }

  const lists = createLists({ api, state: () => state, apply, patch });
  const talk = createTalk({
    api,
    state: () => state,
    apply,
    patch,
    outgoing: (id) => sending.of(id),
    onGone(id) {
      apply({ type: 'gone', conversationId: id });
      forget(id);
    },
  });
  const sending = createSending({ api, keep, clock: serverClock, tell: talk.tell });

  // ── the socket ───────────────────────────────────────────────────────────────────────────────

  const isAttentive = (): boolean => !document.hidden && document.hasFocus();
  const isOpen = (id: string): boolean =>
    state.route.type === 'conversation' && state.route.id === id;

  function tellNews({ conversation }: Extract<ConsoleEvent, { type: 'conversation' }>): void {
    const { id, last_message: message } = conversation;
    if (!isNews(state.inbox.byId.get(id), conversation)) return;
    if (isOpen(id) && isAttentive()) return;
    const name = visitorName(conversation, words());
    notifier.visitorWrote({ conversationId: id, name, text: message?.message ?? '' });
  }

  function hear(event: ConsoleEvent): void {
    if (event.type === 'conversation') tellNews(event);
    apply(event);
    switch (event.type) {
      case 'ready':
        tellPresence();
        sending.wake();
        loadLists();
        talk.back();
        return;
      case 'refresh':
        lists.restart();
        loadLists();
        talk.restart();
        return;
      case 'conversation':
        talk.tell(event.conversation.id, {
          type: 'read',
          sender: 'visitor',
          seq: event.conversation.read_by_visitor,
        });
        // A message that was not told of by itself, or is about to be.
        if (isOpen(event.conversation.id)) laterCatchUp(event.conversation.last_seq);
        return;
      case 'message':
        talk.tell(event.conversation_id, { type: 'message', message: event.message });
        return;
      case 'deleted':
        forget(event.conversation_id);
        return;
      case 'note':
        talk.tell(event.conversation_id, { type: 'note', note: event.note });
        return;
      case 'note_deleted':
        talk.tell(event.conversation_id, { type: 'note_deleted', id: event.id });
        return;
      case 'typing':
      case 'read':
      case 'feedback':
        talk.tell(event.conversation_id, event);
        return;
      case 'canned_replies':
        void loadCanned();
        return;
      case 'visitor':
      case 'counts':
      case 'pong':
    }
  }

  const socket = createConsoleSocket({
    base: options.base,
    revision: () => state.inbox.revision,
    onEvent: hear,
    onChange(connection) {
      patch({ line: lineOf(connection) });
      if (isLoggedOut(connection)) void checkSession();
    },
  });
  const typing = createOwnerTyping((conversation_id, active) =>
    socket.send({ type: 'typing', conversation_id, active }),
  );

  /** The socket was refused; only the session can say whether that means logged out. */
  async function checkSession(): Promise<void> {
    try {
      await api.session();
      patch({ line: 'stopped' });
    } catch (error) {
      if (error instanceof Failure && error.kind === 'logged-out') options.onLoggedOut();
      else patch({ line: 'stopped' });
    }
  }

  const tellPresence = (): void => void socket.send({ type: 'presence', active: !document.hidden });

  let catchUpTimer: ReturnType<typeof setTimeout> | undefined;
  function laterCatchUp(lastSeq: number): void {
    const held = state.talk?.messages.at(-1)?.seq ?? 0;
    if (held >= lastSeq) return;
    clearTimeout(catchUpTimer);
    catchUpTimer = setTimeout(() => {
      if ((state.talk?.messages.at(-1)?.seq ?? 0) < lastSeq) talk.catchUp();
    }, 500);
  }

  function loadLists(): void {
    lists.load(state.view);
    // What is in hand counts for the title.
    lists.load('waiting');
    lists.load('mine');
  }

  async function loadCanned(): Promise<void> {
    try {
      patch({ canned: (await api.cannedReplies()).replies });
    } catch {
      // They come with the next change, or the next page.
    }
  }

  /** Deleted, here or elsewhere: nothing of it stays on the device. */
  function forget(id: string): void {
    const { reply, note } = drafts.of(id);
    const waiting = sending.of(id);
    const unsent = [...waiting.map(({ text }) => text), reply, note].filter(isVisible);
    for (const one of waiting) sending.discard(id, one.id);
    drafts.forget(id);
    talk.gone(id, unsent);
  }

  // ── what the owner does ──────────────────────────────────────────────────────────────────────

  function go(route: Route): void {
    const before = state.route;
    listFollows = false;
    const sameTalk =
      route.type === 'conversation' && before.type === 'conversation' && before.id === route.id;
    if (before.type === 'conversation' && !sameTalk) typing.stop(before.id);
    patch({ route, ...(route.type === 'view' ? { view: route.view } : {}) });
    if (!sameTalk) patch({ held: undefined });
    if (route.type === 'view') {
      talk.close();
      lists.load(route.view);
    } else if (!sameTalk) talk.open(route.id);
  }

  function post(kind: DraftKind, id: string, text: string): void {
    typing.stop(id);
    sending.post(kind, id, text);
  }

  const actions = createOwnerActions({
    api,
    words,
    apply,
    say: options.say,
    onRemoved: forget,
    talk: () => state.talk,
    addNote: (id, text) => post('note', id, text),
    onNoteRemoved: (id, noteId) => talk.tell(id, { type: 'note_deleted', id: noteId }),
  });

  const until = new AbortController();
  const listen = (target: EventTarget, types: string, heard: () => void): void => {
    for (const name of types.split(' ')) {
      target.addEventListener(name, heard, { signal: until.signal });
    }
  };

  return {
    get state(): InboxState {
      return state;
    },
    start(): void {
      listen(window, 'hashchange', () => go(readRoute(location.hash)));
      listen(window, 'online', () => socket.dispatch({ type: 'online' }));
      listen(window, 'offline', () => socket.dispatch({ type: 'offline' }));
      listen(window, 'pageshow', () => socket.dispatch({ type: 'wake' }));
      listen(document, 'visibilitychange', () => {
        tellPresence();
        if (!document.hidden) socket.dispatch({ type: 'wake' });
        draw();
      });
      listen(document, 'resume', () => socket.dispatch({ type: 'wake' }));
      keep.watch(({ name, before, now }) => {
        const gone = drafts.changed(name, before, now);
        if (gone) options.onDraftGone(gone);
      }, until.signal);
      socket.dispatch({ type: 'start' });
      void loadCanned();
      if (state.route.type === 'conversation') talk.open(state.route.id);
    },
    stop(): void {
      until.abort();
      socket.dispatch({ type: 'stop' });
      notifier.attention(0);
    },
    reconnect: () => socket.dispatch({ type: 'start' }),
    moreOf: (view: View) => lists.more(view),
    older: () => talk.older(),
    retryTalk: () => talk.catchUp(),
    read: () => {
      if (isAttentive()) talk.read();
    },
    reply: (id: string, text: string) => post('reply', id, text),
    note: (id: string, text: string) => post('note', id, text),
    retry: sending.retry,
    discard: sending.discard,
    typing: (id: string, active: boolean) => typing.tell(id, active),
    draft: (id: string) => drafts.of(id),
    keepDraft: (id: string, kind: DraftKind, text: string) => drafts.set(id, kind, text),
    turnDraft: (id: string, kind: DraftKind) => drafts.turn(id, kind),
    ...actions,
    /** Nothing of what was written stays on the device. */
    forgetAll(): void {
      sending.clear();
      drafts.clear();
      keep.forget();
    },
  };
}
