/** Runs the chat core for one client at a time: its frames in order, its effects, its buffers. */
import { encode } from '../../shared/codec.ts';
import { closeCodes, type CloseCode } from '../../shared/close-codes.ts';
import type { Observer } from '../observe/observer.ts';
import type { Bus, BusEvent, OnError, OwedAnswer, Store } from '../ports.ts';
import type { Socket } from '../transport-ports.ts';
import { answerOf } from './begin-answer.ts';
import type { ChatContext } from './context.ts';
import type { AsyncEffect, ChatEvent, Effect } from './effects.ts';
import type { HalfWritten } from './half-written.ts';
import { handleEvent } from './handle-event.ts';
import { performAsync } from './perform.ts';
import type { Session } from './session.ts';
import { toError } from './wire.ts';

/** One client. Times are counted in turns of the sweep, which no jump of the clock disturbs. */
export interface Connection {
  readonly socket: Socket;
  session: Session;
  /** The conversation whose live events come here. */
  joined: string | undefined;
  /** Frames that wait for the one before them; made when first needed. */
  inbox: InboxItem[] | undefined;
  inboxBytes: number;
  /** Effects whose outcome is awaited. */
  busy: number;
  /** Live messages are left out until the client has read what was sent. */
  lagging: boolean;
  /** Turn of the sweep since which much is queued for a client that takes little of it. */
  behindSince: number | undefined;
  /** Bytes queued for it when last looked at. */
  queuedBytes: number;
  /** Reads of history that wait until the client has read what was sent. */
  held: AsyncEffect[] | undefined;
  heardAt: number;
  pinged: boolean;
  /** It is closed: nothing more is sent, whatever the transport still holds for it. */
  closing: boolean;
  /** It came while the server was draining, and is sent on with its first frame. */
  late: boolean;
  /** It is sent on as soon as its last frame is acknowledged; further ones are for the next server. */
  leaving: boolean;
  open: boolean;
}

interface InboxItem {
  readonly event: ChatEvent;
  readonly bytes: number;
}

export interface RunnerOptions {
  readonly context: ChatContext;
  readonly store: Store;
  readonly bus: Bus;
  readonly observer: Observer;
  readonly onError: OnError;
  /** Live events of a conversation are wanted for this connection from now on. */
  join(connection: Connection, conversationId: string): void;
  beginAnswer(owed: OwedAnswer): void;
  beginNotices(): void;
  /** What is being written in a conversation. */
  halfWritten(conversationId: string): HalfWritten | undefined;
}

/** Frames a client may send ahead of their acknowledgement. */
const maxInboxFrames = 256;
const maxInboxBytes = 1024 * 1024;
/** Above this many unsent bytes live messages wait; below half of it they go on. */
const lagBytes = 512 * 1024;
/** Above this many unsent bytes nothing half-written is shown. */
const behindBytes = 16 * 1024;
/** Above this many unsent bytes the client is given up: a page of history more, and some. */
const tooSlowBytes = 1024 * 1024;
/** Above this many unsent bytes of all clients together, whoever has its share of them is given up. */
const tooSlowTogetherBytes = 256 * 1024 * 1024;
const shareBytes = 64 * 1024;

export interface Runner {
  /** An event of the transport; waits where the client's earlier frames are being dealt with. */
  receive(connection: Connection, event: ChatEvent, bytes: number): void;
  /** Handles an event now, before whatever waits. */
  handle(connection: Connection, event: ChatEvent): void;
  /** A live event. @returns whether the client was sent it, or needs none of it */
  deliver(connection: Connection, event: BusEvent): boolean;
  sendText(connection: Connection, text: string): void;
  close(connection: Connection, code: CloseCode, reason: string): void;
  /** The client has read some of what was sent. */
  drained(connection: Connection): void;
  /** Looks at what is queued for a client, and gives it up where that is too much. */
  weigh(connection: Connection): void;
  /** The connection has ended. */
  gone(connection: Connection): void;
}

/** Whether much is queued for this client. */
export const isBehind = ({ socket }: Connection): boolean => socket.bufferedBytes() > lagBytes / 2;

/** Whether a frame is being dealt with; what waits for the client to read does not count. */
export const isWorking = ({ busy, held, inbox }: Connection): boolean =>
  busy > (held?.length ?? 0) || (!held && (inbox?.length ?? 0) > 0);

export function createRunner(options: RunnerOptions): Runner {
  const { context, store, bus, observer, onError } = options;
  /** Bytes queued for all clients, as far as they were looked at. */
  let queuedBytes = 0;

  function dispatch(connection: Connection, event: ChatEvent): void {
    const step = handleEvent(connection.session, event, context);
    connection.session = step.session;
    for (const effect of step.effects) perform(connection, effect);
  }

  function perform(connection: Connection, effect: Effect): void {
    switch (effect.type) {
      case 'send':
        if (effect.message.type === 'error') observer.errorSent(effect.message.code);
        sendText(connection, encode(effect.message));
        return;
      case 'close':
        close(connection, effect.code, effect.reason);
        return;
      case 'join':
        options.join(connection, effect.conversationId);
        return;
      case 'publish':
        bus.publish(effect.event);
        return;
      case 'begin_answer':
        options.beginAnswer(answerOf(effect, connection.session));
        return;
      case 'begin_notices':
        options.beginNotices();
        return;
      case 'refund_message':
        context.limits.refundMessage(effect.conversationId, effect.address, context.now());
        if (effect.noticeTurn) context.limits.refundNotice(effect.noticeTurn);
        context.limits.takeFrame(connection.session.connectionId, context.now());
        return;
      case 'read_messages':
        // A client that does not read gets its history when it has room for it.
        if (connection.socket.bufferedBytes() > lagBytes) {
          connection.busy += 1;
          (connection.held ??= []).push(effect);
          return;
        }
        connection.busy += 1;
        run(connection, effect);
        return;
      case 'append':
      case 'load_conversation':
      case 'erase':
      case 'hand_back':
      case 'set_feedback':
      case 'mark_read':
      case 'look_up_wish':
        connection.busy += 1;
        run(connection, effect);
        return;
    }
  }

  function run(connection: Connection, effect: AsyncEffect): void {
    const startedMs = performance.now();
    performAsync(effect, store, context.identities)
      .then((event) => {
        connection.busy -= 1;
        if (event.type === 'appended' && event.result.status === 'stored') {
          observer.messageStored(event.request.command.message);
          observer.acknowledged(performance.now() - startedMs);
        }
        // A store that fails says so itself, once and not for every frame.
        if (event.type === 'effect_failed' && event.reason === 'internal') {
          onError(event.cause, { stage: effect.type });
        }
        // Also for a socket that has closed meanwhile: others wait for what was stored.
        guarded(connection, () => dispatch(connection, event));
        pump(connection);
      })
      .catch((error: unknown) => fail(connection, error));
  }

  /** The next frame, unless one is still being dealt with. */
  function pump(connection: Connection): void {
    while (connection.busy === 0 && connection.open && !connection.closing) {
      const item = connection.inbox?.shift();
      if (!item) {
        connection.inbox = undefined;
        return;
      }
      connection.inboxBytes -= item.bytes;
      guarded(connection, () => dispatch(connection, item.event), item.event);
    }
  }

  function receive(connection: Connection, event: ChatEvent, bytes: number): void {
    if (connection.busy === 0 && !connection.inbox) {
      dispatch(connection, event);
      return;
    }
    const inbox = (connection.inbox ??= []);
    if (inbox.length >= maxInboxFrames || connection.inboxBytes + bytes > maxInboxBytes) {
      const ref = event.type === 'frame' ? refOf(event) : undefined;
      dispatch(connection, { type: 'frame_refused', ref });
      return;
    }
    inbox.push({ event, bytes });
    connection.inboxBytes += bytes;
  }

  function sendText(connection: Connection, text: string): void {
    if (!connection.open || connection.closing) return;
    connection.socket.send(text);
    weigh(connection);
  }

  function weigh(connection: Connection): void {
    if (!connection.open || connection.closing) return;
    const bytes = connection.socket.bufferedBytes();
    count(connection, bytes);
    const share = queuedBytes > tooSlowTogetherBytes ? shareBytes : tooSlowBytes;
    if (bytes > share) close(connection, closeCodes.tooSlow, 'too slow');
  }

  function count(connection: Connection, bytes: number): void {
    queuedBytes += bytes - connection.queuedBytes;
    connection.queuedBytes = bytes;
  }

  function close(connection: Connection, code: CloseCode, reason: string): void {
    if (!connection.open || connection.closing) return;
    connection.closing = true;
    count(connection, 0);
    connection.inbox = undefined;
    connection.socket.close(code, reason);
  }

  /** A fault of ours: the client is told and may go on; its state is as before the event. */
  function fail(connection: Connection, error: unknown, event?: ChatEvent): void {
    onError(error, { stage: 'connection' });
    const { internal } = context.sentences(connection.session.lang).errors;
    const ref = event?.type === 'frame' ? refOf(event) : undefined;
    observer.errorSent('internal');
    sendText(connection, encode(toError('internal', internal, context.now(), { ref })));
  }

  function guarded(connection: Connection, work: () => void, event?: ChatEvent): void {
    try {
      work();
    } catch (error) {
      fail(connection, error, event);
    }
  }

  /** A live event for one socket; what a lagging one misses is read from the store later. */
  function deliver(connection: Connection, event: BusEvent): boolean {
    if (!connection.open || connection.closing) return false;
    if (connection.socket.bufferedBytes() > lagBytes) connection.lagging = true;
    const replaceable =
      event.type === 'message' || event.type === 'delta' || event.type === 'typing';
    if (connection.lagging && replaceable) return false;
    if (event.type === 'delta') return show(connection, event.conversationId);
    guarded(connection, () => dispatch(connection, { type: 'live', event }));
    return connection.open && !connection.closing;
  }

  /** More of an answer; a client that is behind is shown it later, and more of it at once. */
  function show(connection: Connection, conversationId: string): boolean {
    if (connection.socket.bufferedBytes() > behindBytes) return false;
    const written = options.halfWritten(conversationId);
    if (!written) return false;
    guarded(connection, () => dispatch(connection, { type: 'answer_grows', written }));
    return true;
  }

  return {
    deliver,
    sendText,
    close,
    receive: (connection, event, bytes) =>
      guarded(connection, () => receive(connection, event, bytes), event),
    handle: (connection, event) => guarded(connection, () => dispatch(connection, event), event),
    weigh,
    gone: (connection) => count(connection, 0),
    drained(connection) {
      if (!connection.open || connection.closing) return;
      count(connection, connection.socket.bufferedBytes());
      if (isBehind(connection)) return;
      connection.behindSince = undefined;
      const { held } = connection;
      connection.held = undefined;
      for (const effect of held ?? []) run(connection, effect);
      if (!connection.lagging) return;
      connection.lagging = false;
      guarded(connection, () => dispatch(connection, { type: 'caught_breath' }));
    },
  };
}

const refOf = (event: Extract<ChatEvent, { type: 'frame' }>): string | undefined => {
  if (!event.frame.ok) return event.frame.error.ref;
  return 'id' in event.frame.value ? event.frame.value.id : undefined;
};
