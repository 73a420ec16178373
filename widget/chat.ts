/**
 * One conversation with one server: holds the timeline, keeps what the visitor sent until it is
 * acknowledged, and turns messages of the wire into events of the timeline. Knows no element.
 */
import { closeCodes } from '../shared/close-codes.ts';
import type { ErrorMessage, ServerMessage } from '../shared/protocol.ts';
import { socketAddress } from './addresses.ts';
import type { Chat, ChatOptions } from './chat-state.ts';
import { composeMessage } from './compose-message.ts';
import { createDelivery } from './delivery.ts';
import { createDeviceMemory } from './device-memory.ts';
import { createDraft } from './draft.ts';
import { createDeviceSync } from './device-sync.ts';
import { createGapFiller } from './fill-gap.ts';
import { introduce } from './introduce.ts';
import { createLink } from './link.ts';
import type { Pending } from './outbox.ts';
import { randomId } from './random-id.ts';
import { createReading } from './reading.ts';
import { createShown } from './shown.ts';
import { oldestSeq, reduce } from './state/timeline.ts';
import { signIn } from './sign-in.ts';
import { createStatusDisplay } from './status-display.ts';
import { createTabs, type TabNews } from './tabs.ts';
import { createTyping } from './typing.ts';
import { createVisitor } from './visitor.ts';

export function createChat(options: ChatOptions): Chat {
  const { environment, server } = options;
  const name = `contact-chat:${server}`;
  const keep = environment.keep(name);
  const device = createDeviceMemory(keep, () => visitor.user);
  const tab = randomId();
  const shown = createShown(options, () => keep.durable);
  const { update, show, notice } = shown;
  let loading: Promise<void> | undefined;
  let started = false;
  let restored = false;
  let forgotten = 0;

  const link = createLink({
    environment,
    address: () => socketAddress(server, visitor.conversation),
    hello: () =>
      visitor.hello(introduce(environment.page(), options.lang(), tab), shown.state.timeline),
    onMessage,
    onChange(connection) {
      if (connection.phase !== 'live') delivery.disconnected();
      showConnection(connection);
    },
  });
  const showConnection = createStatusDisplay(environment, shown, () => link.connection);

  /** What was written to the device: other tabs look, and this one may have been refused. */
  function changed(): void {
    tabs.tell('');
    shown.refresh();
  }

  const fillGap = createGapFiller(environment, link.send, () => shown.state.timeline);
  const reading = createReading(shown, link.send, (seq) => {
    // Somebody who has said nothing leaves nothing.
    if (visitor.kept) void device.keepRead(seq).then(changed);
  });
  const ownDraft = createDraft(device, shown);
  const typing = createTyping(environment, link.send, show);
  const tabs = createTabs(environment, name, tab, heardFromTab, (gone) => sync(gone));
  const visitor = createVisitor({
    device,
    changed,
    moved() {
      const { timeline } = shown.state;
      // What was shown belongs to another conversation. Nothing is known of what was read of it.
      update({
        timeline: reduce(timeline, { type: 'session', keep: false, another: true, lastSeq: -1 }),
      });
      link.dispatch({ type: 'renew' });
    },
  });
  const delivery = createDelivery({
    tab,
    environment,
    put: (pending) => device.put(pending).then(changed),
    remove(id) {
      // There is room again.
      update({ full: false });
      void device.remove(id).then(changed);
    },
    send: link.send,
    show,
    visitor,
  });

  const sync = createDeviceSync({
    ...{ environment, device, visitor, delivery, tabs, show },
    draft: ownDraft,
    era: () => forgotten,
  });

  function heardFromTab(news: TabNews): void {
    if (news === '') void sync();
    else if (typeof news === 'string') void forget(news, false);
    else if (news.seq === undefined) delivery.discard(news.id);
    else show({ type: 'ack', ...news });
  }

  function onSession(message: ServerMessage & { type: 'session' }): void {
    const { joined, keeps, ...more } = visitor.began(message);
    restored = more.restored;
    reading.begin();
    update({
      status: 'online',
      timeline: reduce(shown.state.timeline, {
        type: 'session',
        keep: keeps,
        another: !joined || restored,
        lastSeq: message.last_seq,
      }),
      answering: message.answering,
      owner: message.owner,
      assistant: message.ai,
      synced: false,
      loadingOlder: false,
    });
    if (shown.state.erasing) {
      // The line was cut before the answer: asked again, or done already.
      if (joined && message.resumed) link.send({ type: 'erase_me' });
      else void forget('erased', true);
    } else if (visitor.kept) void visitor.settle();
  }

  function onError(message: ErrorMessage): void {
    const { code, ref, retryable } = message;
    const { phase, socket } = link.connection;
    if (ref) delivery.refused(ref, message);
    else {
      // Nobody says which request this was about: none of them is waited for.
      if (shown.state.erasing) notice('eraseFailed');
      if (shown.state.erasing || shown.state.loadingOlder)
        update({ erasing: false, loadingOlder: false });
    }
    options.onNews({ name: 'error', detail: { code, message: message.message } });
    if (phase === 'connecting' && !retryable) {
      // It will never greet whoever says this.
      const reason = visitor.identity ? closeCodes.badIdentity : closeCodes.normal;
      link.dispatch({ type: 'closed', socket, code: reason });
    }
  }

  function look(): void {
    fillGap();
    reading.look();
  }

  function onHistory(message: ServerMessage & { type: 'history' }): void {
    const { messages, more, resume = false } = message;
    const complete = resume && (shown.state.timeline.fresh || !more);
    for (const { id } of messages) delivery.stored(id);
    update({
      timeline: reduce(shown.state.timeline, { type: 'history', messages, more, resume }),
      ...(resume ? {} : { loadingOlder: false }),
      ...(complete ? { synced: true } : {}),
    });
    if (complete) delivery.connected();
    if (restored && resume && !more) {
      restored = false;
      notice('restored');
    }
    look();
  }

  /** @param here - decided in this tab, which clears the device and tells the others */
  async function forget(why: 'reset' | 'erased', here: boolean): Promise<void> {
    link.dispatch({ type: 'stop' });
    forgotten += 1;
    const { conversation } = visitor;
    if (why === 'reset') visitor.identity = undefined;
    visitor.forget();
    typing.stop();
    delivery.clear();
    ownDraft.forget();
    update({
      timeline: reduce(shown.state.timeline, { type: 'clear' }),
      erasing: false,
      full: false,
    });
    if (here) {
      await keep.clear();
      tabs.tell(why);
    } else {
      // What this tab wrote before it heard goes too, unless something new has begun.
      const left = await device.load();
      const old = left?.session ? left.session.conversation === conversation : !left?.outbox.length;
      if (old) await keep.clear();
      await sync();
    }
    if (why === 'erased') show({ type: 'notice', id: why, key: why });
    if (started) link.dispatch({ type: 'start' });
  }

  async function erased(): Promise<void> {
    const { conversation } = visitor;
    const asked = shown.state.erasing;
    link.dispatch({ type: 'stop' });
    // A tab that slept may hear it late, when another conversation has begun.
    const session = (await device.load())?.session;
    await forget('erased', asked || session?.conversation === conversation);
  }

  function onMessage(message: ServerMessage): void {
    switch (message.type) {
      case 'session':
        return onSession(message);
      case 'chat_message_received':
      case 'contact_request_received': {
        const { id, seq } = message;
        const atMs = Date.parse(message.timestamp) || 0;
        delivery.stored(id);
        show({ type: 'ack', id, seq, atMs });
        tabs.tell({ id, seq, atMs });
        options.onNews({ name: 'sent', detail: { id, seq } });
        return look();
      }
      case 'chat_message': {
        const { id, sender, message: text } = message;
        delivery.stored(id);
        show({ type: 'message', message });
        options.onNews({ name: 'message', detail: { id, sender, message: text } });
        return look();
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
        if (answering !== 'assistant') show({ type: 'silenced' });
        if (answering === shown.state.answering) return undefined;
        update({ answering });
        const { owner, timeline } = shown.state;
        // Who was only asked for has not come yet.
        const comes = owner.online || timeline.entries.at(-1)?.sender === 'owner';
        return notice(`${answering === 'owner' && !comes ? 'nobody' : answering}Answers`);
      }
      case 'erased':
        return void erased();
      case 'error':
        return onError(message);
      case 'connection_established':
      case 'pong':
      case 'server_draining':
        return undefined;
    }
  }

  function start(): void {
    tabs.enter();
    if (!started) loading = sync(undefined, !loading);
    started = true;
    void loading?.then(() => started && link.dispatch({ type: 'start' }));
  }

  function submit(message: Pending['message'] | undefined): string | undefined {
    if (!message) return undefined;
    start();
    const full = !delivery.submit(message);
    update({ full });
    return full ? undefined : message.id;
  }

  return {
    get state() {
      return shown.state;
    },
    signal(type) {
      if (type === 'sleep') {
        tabs.leave();
        return keep.rest();
      }
      if (type === 'wake' && started) {
        tabs.enter();
        void sync();
      }
      return link.dispatch({ type });
    },
    start,
    stop() {
      started = false;
      link.dispatch({ type: 'stop' });
      tabs.leave();
      keep.rest();
    },
    send: (text) => submit(composeMessage(text, environment)),
    sendContact: submit,
    retry(id) {
      if (delivery.retry(id)) tabs.tell({ id });
      start();
    },
    discard(id) {
      delivery.discard(id);
      tabs.tell({ id });
    },
    setDraft: ownDraft.type,
    typing(active) {
      if (shown.state.answering === 'owner') typing.tell(active);
    },
    loadOlder() {
      const before = oldestSeq(shown.state.timeline);
      if (shown.state.loadingOlder || before === undefined) return;
      if (link.send({ type: 'history_request', before_seq: before }))
        update({ loadingOlder: true });
    },
    tell: link.send,
    handBack: () => void link.send({ type: 'human_request', active: false }),
    erase() {
      if (link.send({ type: 'erase_me' })) update({ erasing: true });
    },
    reset: () => forget('reset', true),
    identify(next) {
      if (signIn(next, visitor, ownDraft, delivery) && started) void sync(undefined, true);
      link.dispatch({ type: 'renew' });
    },
    attend: reading.attend,
  };
}
