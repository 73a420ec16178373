import { decodeClientMessage, encode, pingFrame } from '../../shared/codec.ts';
import { closeCodes } from '../../shared/close-codes.ts';
import { idleTimeoutMs } from '../../shared/limits.ts';
import type { BusEvent, VisitorWatch } from '../ports.ts';
import type { SocketHandlers, UpgradeRequest } from '../transport-ports.ts';
import { createConversationMembers } from './conversation-members.ts';
import { createHalfWrittenAnswers } from './half-written.ts';
import {
  createRunner,
  isBehind,
  isWorking,
  type Connection,
  type RunnerOptions,
} from './runner.ts';
import { newSession } from './session.ts';
import { established, isoTime, toError } from './wire.ts';

/** Whether a client may connect, decided before its socket opens. */
export type Admission =
  | {
      readonly admitted: true;
      /** What limits count by. */
      readonly address: string;
      readonly userAgent: string;
      readonly lang: string;
    }
  | { readonly admitted: false; readonly reason: 'forbidden' | 'blocked' };

export interface ConnectionsOptions extends Omit<RunnerOptions, 'join' | 'halfWritten'> {
  readonly maxConnections: number;
  admit(request: UpgradeRequest): Admission;
  /** Whether the owner blocked the visitor of this conversation. */
  isBlocked(conversationId: string): boolean;
  /** Told of every client that belongs to a conversation. */
  readonly visitors?: VisitorWatch;
  forgetConnection(connectionId: string): void;
}

/** What the transport keeps with each socket. */
export interface SocketData {
  readonly admission: Admission;
  connection?: Connection;
}

/** How often silent and slow clients are looked after, in milliseconds. */
export const sweepMs = 5_000;
/** Turns of the sweep after which silence ends a connection; half of them, and it is asked. */
const silentSweeps = idleTimeoutMs / sweepMs;
const pingAfterSweeps = silentSweeps / 2;
/** 30 s without reading. */
const lagSweeps = 6;
/** Connections told of a restart in one turn of the event loop. */
const drainSlice = 200;

export interface Connections {
  readonly sockets: SocketHandlers<SocketData>;
  count(): number;
  /** To everybody who is connected here. @returns how many took it */
  broadcast(event: Extract<BusEvent, { type: 'broadcast' }>): number;
  /** Looks after silent and slow clients; to be called every `sweepMs`. */
  sweep(): void;
  /** Whether every frame received so far is dealt with, but for clients that do not read. */
  settled(): boolean;
  /**
   * From now on clients are sent on: whoever is behind at once, since they take longest, and
   * whoever comes new with their first frame. The others live on until `sendOn`.
   *
   * @param reconnectAfterMs - gives each client a while of its own
   */
  beginDraining(reconnectAfterMs: () => number): void;
  /**
   * Tells every client to come back and closes it; one whose frame is being dealt with is left
   * for the next call, so that it is acknowledged, and is not listened to meanwhile. `everybody`:
   * that one too.
   *
   * @returns how many were left
   */
  sendOn(who: 'settled' | 'everybody'): Promise<number>;
  /** Drops whatever is still open. */
  terminateAll(): void;
}

/** The clients of one server: who is connected, and to which conversation. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { context, bus, observer } = options;
  const connections = new Set<Connection>();
  const members = createConversationMembers(connections, options.visitors);
  const answers = createHalfWrittenAnswers();
  const runner = createRunner({ ...options, join: members.join, halfWritten: answers.of });
  let sweeps = 0;
  /** How long each client is to stay away, once the server drains. */
  let reconnectAfterMs: (() => number) | undefined;

  function heard(connection: Connection): void {
    connection.heardAt = sweeps;
    connection.pinged = false;
  }

  /** To the next server. A client without `hello` is told nothing that the guide does not name. */
  function sendOn(connection: Connection, isHello = connection.session.kind === 'hello'): void {
    if (isHello && reconnectAfterMs) {
      const message = { type: 'server_draining', reconnect_after_ms: reconnectAfterMs() } as const;
      runner.sendText(connection, encode(message));
    }
    if (isHello || connection.late) runner.close(connection, closeCodes.draining, 'draining');
    else runner.close(connection, closeCodes.goingAway, 'going away');
  }

  const unsubscribe = bus.subscribe((event) => {
    answers.hear(event);
    const audience = members.audience(event);
    if (!audience) return;
    for (const connection of [...audience]) runner.deliver(connection, event);
  });

  /** A blocked visitor is turned away before anything is sent, where the address names them. */
  function admit(request: UpgradeRequest): Admission {
    const admission = options.admit(request);
    const named = request.query === '' ? null : new URLSearchParams(request.query).get('c');
    return admission.admitted && named !== null && options.isBlocked(named)
      ? { admitted: false, reason: 'blocked' }
      : admission;
  }

  const sockets: SocketHandlers<SocketData> = {
    upgrade: (request) => ({ admission: admit(request) }),
    open(socket, data) {
      const { admission } = data;
      if (!admission.admitted) {
        socket.close(closeCodes.forbidden, admission.reason);
        return;
      }
      const late = reconnectAfterMs !== undefined;
      if (late && connections.size >= options.maxConnections) {
        socket.close(closeCodes.draining, 'draining');
        return;
      }
      if (connections.size >= options.maxConnections) {
        observer.errorSent('overloaded');
        const { overloaded } = context.sentences(admission.lang).errors;
        socket.send(encode(established(context, context.newId(), admission.lang)));
        socket.send(encode(toError('overloaded', overloaded, context.now())));
        socket.close(closeCodes.overloaded, 'overloaded');
        return;
      }
      const connection: Connection = {
        socket,
        session: newSession({
          connectionId: context.newId(),
          conversationId: context.newId(),
          lang: admission.lang,
          address: admission.address,
          userAgent: admission.userAgent,
          answering: context.defaultAnswering,
        }),
        joined: undefined,
        inbox: undefined,
        inboxBytes: 0,
        busy: 0,
        lagging: false,
        behindSince: undefined,
        queuedBytes: 0,
        held: undefined,
        heardAt: sweeps,
        pinged: false,
        closing: false,
        late,
        leaving: false,
        open: true,
      };
      data.connection = connection;
      connections.add(connection);
      observer.connectionOpened();
      runner.handle(connection, { type: 'opened' });
    },
    text(_socket, { connection }, text, bytes) {
      if (!connection) return;
      heard(connection);
      if (text === pingFrame) {
        // The commonest frame by far, and free: answered without a look at anything.
        observer.frameReceived('ping');
        runner.sendText(connection, `{"type":"pong","timestamp":"${isoTime(context.now())}"}`);
        return;
      }
      const frame = decodeClientMessage(text);
      observer.frameReceived(frame.ok ? frame.value.type : 'invalid');
      if (connection.leaving) return;
      if (connection.late) {
        sendOn(connection, frame.ok && frame.value.type === 'hello');
        return;
      }
      runner.receive(connection, { type: 'frame', frame }, bytes);
    },
    binary(_socket, { connection }) {
      if (!connection) return;
      heard(connection);
      observer.frameReceived('invalid');
      if (connection.leaving) return;
      if (connection.late) sendOn(connection);
      else runner.receive(connection, { type: 'binary_frame' }, 0);
    },
    tooLarge(_socket, { connection }) {
      if (!connection) return;
      observer.frameReceived('invalid');
      runner.handle(connection, { type: 'frame_too_large' });
    },
    alive(_socket, { connection }) {
      if (!connection) return;
      heard(connection);
      // It is answered by the transport: also a client that only asks and does not read.
      runner.weigh(connection);
    },
    drain(_socket, { connection }) {
      if (connection) runner.drained(connection);
    },
    close(_socket, { connection }, code) {
      if (!connection) return;
      connection.open = false;
      runner.gone(connection);
      connections.delete(connection);
      members.leave(connection);
      connection.inbox = undefined;
      connection.held = undefined;
      options.forgetConnection(connection.session.connectionId);
      observer.connectionClosed(code);
    },
  };

  return {
    sockets,
    count: () => connections.size,
    broadcast(event) {
      let delivered = 0;
      for (const connection of [...connections])
        if (runner.deliver(connection, event)) delivered += 1;
      return delivered;
    },
    sweep() {
      sweeps += 1;
      for (const connection of [...connections]) {
        // What is queued for it is the transport's to keep, and to drop.
        if (connection.closing) continue;
        // The native code may empty its buffer while it sends, and then tells nobody.
        runner.drained(connection);
        const silent = sweeps - connection.heardAt;
        if (isBehind(connection)) connection.behindSince ??= sweeps - 1;
        else connection.behindSince = undefined;
        if (sweeps - (connection.behindSince ?? sweeps) > lagSweeps) {
          runner.close(connection, closeCodes.tooSlow, 'too slow');
        } else if (silent > silentSweeps) {
          runner.close(connection, closeCodes.noSignOfLife, 'no sign of life');
        } else if (silent >= pingAfterSweeps && !connection.pinged) {
          connection.pinged = true;
          connection.socket.ping();
        }
      }
    },
    settled: () => ![...connections].some(isWorking),
    beginDraining(delayMs) {
      reconnectAfterMs = delayMs;
      for (const connection of [...connections]) {
        if (connection.socket.bufferedBytes() > 0 && !isWorking(connection)) sendOn(connection);
      }
    },
    async sendOn(who) {
      let told = 0;
      let left = 0;
      for (const connection of [...connections]) {
        if (!connection.open || connection.closing) continue;
        connection.leaving = true;
        connection.inbox = undefined;
        if (who === 'settled' && isWorking(connection)) {
          left += 1;
          continue;
        }
        sendOn(connection);
        told += 1;
        // In slices, so that frames of the others are still read in between.
        if (told % drainSlice === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return left;
    },
    terminateAll() {
      unsubscribe();
      for (const connection of [...connections]) connection.socket.terminate();
    },
  };
}
