/**
 * One conversation with one server: holds the timeline, keeps what the visitor sent until it is
 * acknowledged, and turns messages of the wire into events of the timeline. Knows no element.
 */
import type { ErrorMessage, Hello, Identity, ServerMessage } from '../shared/protocol.ts';
import { socketAddress } from './addresses.ts';
import {
  initialState,
  statusOf,
  type Chat,
  type ChatOptions,
  type ChatState,
} from './chat-state.ts';
import { composeMessage } from './compose-message.ts';
import { createDelivery } from './delivery.ts';
import { createKeep } from './keep.ts';
import { createDeviceMemory } from './device-memory.ts';
import { createGapFiller } from './fill-gap.ts';
import { acceptable, introduce } from './introduce.ts';
import { createLink } from './link.ts';
import { createOutbox, type Pending } from './outbox.ts';
import { randomId } from './random-id.ts';
import { position } from './state/timeline-views.ts';
import { newestSeq, oldestSeq, reduce, unreadCount, type TimelineEvent } from './state/timeline.ts';
import { createTyping } from './typing.ts';

const patienceMs = 700;

export function createChat(options: ChatOptions): Chat {
  const { environment, server } = options;
  const prefix = `contact-chat:${server}:`;
  const keep = createKeep(environment.storage, prefix);
  const device = createDeviceMemory(keep);
  const tab = randomId();
  let state = initialState;
  let token: string | undefined;
  let conversationId: string | undefined;
  let identity: Identity | undefined;
  let resumeFrom = 0;
  let attentive = false;
  let readSent = 0;
  let noticeCount = 0;
  let cancelPatience = (): void => undefined;

  function update(change: Partial<ChatState>): void {
    const before = state;
    state = { ...state, ...change, durable: keep.durable };
    const unread = unreadCount(state.timeline);
    if (unread !== state.unread) state = { ...state, unread };
    if (state.status !== before.status) {
      options.onNews({ name: 'status', detail: { status: state.status } });
    }
    if (unread !== before.unread) options.onNews({ name: 'unread', detail: { count: unread } });
    options.onChange();
  }

  const show = (event: TimelineEvent): void => update({ timeline: reduce(state.timeline, event) });
  const notice = (key: string): void =>
    show({ type: 'notice', id: `notice:${(noticeCount += 1)}`, key });

  const link = createLink({
    environment,
    address: () => socketAddress(server, conversationId),
    hello,
    onMessage,
    onChange(connection) {
      if (connection.phase !== 'live') delivery.disconnected();
      cancelPatience();
      const cut = state.status === 'online' && statusOf(connection) === 'reconnecting';
      // Most cuts mend before anybody could read a sentence about them.
      if (cut) cancelPatience = environment.after(patienceMs, showStatus);
      else showStatus();
    },
  });

  function showStatus(): void {
    const status = statusOf(link.connection);
    const { closeCode } = link.connection;
    if (status === state.status && closeCode === state.closeCode) return;
    const lost = status === 'online' ? {} : { synced: false, loadingOlder: false };
    update({ status, closeCode, ...lost });
  }

  const fillGap = createGapFiller(environment, link.send, () => state.timeline);
  const typing = createTyping(environment, link.send, show);
  const delivery = createDelivery({
    outbox: createOutbox(keep),
    environment,
    send: link.send,
    show,
    async beforeSending() {
      await joinKeptConversation();
      await keepSession();
    },
  });

  function hello(): Hello {
    resumeFrom = token ? position(state.timeline) : 0;
    return {
      ...introduce(environment.page(), options.lang(), tab),
      ...(token ? { token } : {}),
      ...(resumeFrom > 0 ? { last_seq: resumeFrom } : {}),
      ...(identity ? { identity: acceptable(identity) } : {}),
    };
  }

  const keepSession = async (): Promise<void> => {
    if (!token || !conversationId) return;
    await device.keepSession({ token, conversation: conversationId });
  };

  const nothingShared = (): boolean => newestSeq(state.timeline) === 0;

  /** Another tab may have begun the conversation meanwhile: then this one joins it. */
  async function joinKeptConversation(): Promise<void> {
    const kept = await device.session();
    if (!kept || kept.conversation === conversationId || !nothingShared() || identity) return;
    token = kept.token;
    conversationId = kept.conversation;
    link.dispatch({ type: 'renew' });
  }

  const loaded = (async () => {
    const kept = await device.session();
    token = kept?.token;
    conversationId = kept?.conversation;
    const seq = await device.read();
    if (seq !== undefined) show({ type: 'read', sender: 'visitor', seq });
    update({ draft: await device.draft() });
    await delivery.load();
  })();

  function onSession(message: ServerMessage & { type: 'session' }): void {
    const joined = message.conversation_id === conversationId;
    conversationId = message.conversation_id;
    token = message.token;
    const keeps = message.resumed && resumeFrom > 0 && joined;
    readSent = 0;
    update({
      status: 'online',
      timeline: reduce(state.timeline, {
        type: 'session',
        keep: keeps,
        another: !joined,
        lastSeq: message.last_seq,
      }),
      answering: message.answering,
      owner: message.owner,
      assistant: message.ai,
      synced: false,
      loadingOlder: false,
    });
    if (state.erasing) {
      // The line was cut before the answer: asked again, or done already.
      if (joined && message.resumed) link.send({ type: 'erase_me' });
      else void forget().then(() => notice('erased'));
    }
    void (async () => {
      if (delivery.hasPending() || (await device.session())) await keepSession();
    })();
  }

  function onError(message: ErrorMessage): void {
    const { code, ref } = message;
    if (ref) delivery.refused(ref, message);
    else {
      // Nobody says which request this was about: none of them is waited for.
      if (state.erasing) notice('eraseFailed');
      if (state.erasing || state.loadingOlder) update({ erasing: false, loadingOlder: false });
    }
    options.onNews({ name: 'error', detail: { code, message: message.message } });
  }

  function onHistory(message: ServerMessage & { type: 'history' }): void {
    const { messages, more, resume = false } = message;
    const complete = resume && (state.timeline.fresh || !more);
    for (const { id } of messages) delivery.stored(id);
    update({
      timeline: reduce(state.timeline, { type: 'history', messages, more, resume }),
      ...(resume ? {} : { loadingOlder: false }),
      ...(complete ? { synced: true } : {}),
    });
    if (complete) delivery.connected();
    noteRead();
  }

  function noteRead(): void {
    fillGap();
    if (!attentive) return;
    if (state.unread > 0) show({ type: 'seen' });
    const seq = newestSeq(state.timeline);
    if (seq <= readSent || !state.synced) return;
    if (!link.send({ type: 'read', seq })) return;
    readSent = seq;
    void device.keepRead(seq);
  }

  async function forget(): Promise<void> {
    token = conversationId = undefined;
    typing.stop();
    delivery.clear();
    update({ timeline: reduce(state.timeline, { type: 'clear' }), draft: '', erasing: false });
    await device.forget();
  }

  function onMessage(message: ServerMessage): void {
    switch (message.type) {
      case 'session':
        return onSession(message);
      case 'chat_message_received':
      case 'contact_request_received': {
        const { id, seq } = message;
        delivery.stored(id);
        show({ type: 'ack', id, seq, atMs: Date.parse(message.timestamp) || 0 });
        options.onNews({ name: 'sent', detail: { id, seq } });
        return noteRead();
      }
      case 'chat_message': {
        const { id, sender, message: text } = message;
        delivery.stored(id);
        show({ type: 'message', message });
        options.onNews({ name: 'message', detail: { id, sender, message: text } });
        return noteRead();
      }
      case 'chat_message_delta': {
        const { id, in_reply_to: inReplyTo, index, delta } = message;
        return show({ type: 'delta', id, inReplyTo, index, delta, nowMs: environment.nowMs() });
      }
      case 'history':
        return onHistory(message);
      case 'typing':
        return typing.heard(message.sender, message.active);
      case 'read':
        return show({ type: 'read', sender: message.sender, seq: message.seq });
      case 'presence':
        return update({ owner: message.owner });
      case 'handler': {
        const { answering } = message;
        if (answering === state.answering) return undefined;
        update({ answering });
        return notice(`${answering}Answers`);
      }
      case 'erased':
        link.dispatch({ type: 'stop' });
        void forget().then(() => {
          notice('erased');
          link.dispatch({ type: 'start' });
        });
        return undefined;
      case 'error':
        return onError(message);
      case 'connection_established':
      case 'pong':
      case 'server_draining':
        return undefined;
    }
  }

  const start = (): void => void loaded.then(() => link.dispatch({ type: 'start' }));

  function submit(message: Pending['message'] | undefined): string | undefined {
    if (!message) return undefined;
    delivery.submit(message);
    start();
    return message.id;
  }

  return {
    get state() {
      return state;
    },
    signal: (type) => link.dispatch({ type }),
    stored(key) {
      if (key === `${prefix}session`) void loaded.then(joinKeptConversation);
    },
    start,
    stop: () => link.dispatch({ type: 'stop' }),
    send: (text) => submit(composeMessage(text, environment)),
    sendContact: submit,
    retry(id) {
      delivery.retry(id);
      start();
    },
    discard: (id) => delivery.discard(id),
    setDraft(draft) {
      if (draft === state.draft) return;
      update({ draft });
      void device.keepDraft(draft).then(() => {
        if (keep.durable !== state.durable) update({});
      });
    },
    typing(active) {
      if (state.answering === 'owner') typing.tell(active);
    },
    loadOlder() {
      const before = oldestSeq(state.timeline);
      if (state.loadingOlder || before === undefined) return;
      if (link.send({ type: 'history_request', before_seq: before }))
        update({ loadingOlder: true });
    },
    handBack: () => void link.send({ type: 'human_request', active: false }),
    erase() {
      if (link.send({ type: 'erase_me' })) update({ erasing: true });
    },
    async reset() {
      identity = undefined;
      const running = link.connection.phase !== 'idle';
      link.dispatch({ type: 'stop' });
      await forget();
      if (running) link.dispatch({ type: 'start' });
    },
    identify(next) {
      identity = next;
      link.dispatch({ type: 'renew' });
    },
    attend(now) {
      attentive = now;
      noteRead();
    },
  };
}
