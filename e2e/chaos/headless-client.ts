/**
 * A client of the protocol, written from the contract alone and on purpose without a line of the
 * widget: it keeps what was typed until it is acknowledged, resumes where it was, sends again
 * under the same id, and writes down all that happens to it.
 */
import { WebSocket } from 'ws';
import { createClientDevice, type ClientDevice, type Frame, type Kind } from './client-device.ts';
import { createHalfWritten } from './half-written.ts';
import type { Random } from './random.ts';

export interface HeadlessClientOptions {
  readonly name: string;
  readonly url: string;
  readonly random: Random;
  /** Of a device that shares its conversation: nothing is done before there is one. */
  readonly sharedToken?: () => string | undefined;
  /** Names its sockets as those of one page. */
  readonly tab?: string;
  /** Takes what history shows as acknowledged, and does not send it again. */
  readonly trustsHistory: boolean;
  onAcknowledged?(kind: Kind): void;
  /** What the server should never say to it. */
  onSurprise(what: string): void;
}

export interface HeadlessClient {
  readonly name: string;
  readonly device: ClientDevice;
  type(id: string, text: string, kind: Kind): void;
  /** Does what is due; to be called several times a second with a clock that never goes back. */
  tick(nowMs: number): void;
  /** As if the program were killed and started again. */
  restart(): void;
  /** Neither reads nor does anything for so long. */
  freeze(ms: number): void;
  /** Opens another socket of the same tab while the first is still there, where there is one. */
  takeOver(): boolean;
  readonly isLive: boolean;
  /** Connected, nothing unsent, nothing unanswered, no gap. */
  readonly isQuiet: boolean;
  stop(): void;
}

// As in the design, but for the pauses: a run has minutes where the world has days.
const pongTimeoutMs = 8_000;
const quietMs = 3_000;
const greetingTimeoutMs = 8_000;
const acknowledgedWithinMs = 8_000;
const gapPatienceMs = 1_500;
const stableAfterMs = 2_000;
const firstRetryMs = 100;
const longestRetryMs = 1_200;
const longestDrainMs = 5_000;
const longestHoldMs = 1_000;

export function createHeadlessClient(options: HeadlessClientOptions): HeadlessClient {
  const { name, random, onSurprise } = options;
  const device = createClientDevice(name, options.trustsHistory);
  /** Sent on this connection, and when. */
  const inFlight = new Map<string, number>();
  let socket: WebSocket | undefined;
  let phase: 'down' | 'greeting' | 'history' | 'live' | 'stopped' = 'down';
  let askedFrom: number | undefined;
  let halfWritten = createHalfWritten(() => undefined);
  let attempt = 0;
  let nowMs = 0;
  let heardMs = 0;
  let gapSinceMs = Infinity;
  let frozenUntilMs = 0;
  const due = { retry: 0, greeting: 0, pong: Infinity, stable: Infinity, hold: 0 };

  function open(): void {
    const query = device.conversationId === undefined ? '' : `?c=${device.conversationId}`;
    const opened = new WebSocket(options.url + query, { perMessageDeflate: false });
    socket = opened;
    phase = 'greeting';
    due.greeting = nowMs + greetingTimeoutMs;
    due.pong = due.stable = gapSinceMs = Infinity;
    due.hold = 0;
    inFlight.clear();
    halfWritten = createHalfWritten((what) => onSurprise(`${name}: ${what}`));
    // An older socket of this client is not listened to any more.
    opened.on('open', () => opened === socket && sayHello());
    opened.on('message', (data: Buffer, isBinary) => {
      if (opened === socket) hear(isBinary ? '{"type":"binary"}' : data.toString());
    });
    opened.on('error', () => undefined);
    opened.on('close', (code) => opened === socket && lost(code));
  }

  const send = (message: object): void => socket?.send(JSON.stringify(message), () => undefined);

  function sayHello(): void {
    const { token, position, epoch } = device;
    askedFrom = position;
    send({
      type: 'hello',
      protocol: 1,
      client: { name: 'chaos', version: '1' },
      ...(token === undefined ? {} : { token }),
      ...(position === undefined ? {} : { last_seq: position }),
      ...(position === undefined || epoch === undefined ? {} : { epoch }),
      ...(options.tab === undefined ? {} : { tab: options.tab }),
    });
  }

  function lost(code: number): void {
    device.closed(code);
    socket = undefined;
    if (phase === 'stopped') return;
    phase = 'down';
    if (code === 1000 || (code >= 4000 && code < 4100)) {
      onSurprise(`${name} was closed with ${code}`);
    }
    const atOnce = code >= 4200 && code < 4300 && attempt === 0;
    const backOffMs = Math.min(longestRetryMs, firstRetryMs * 2 ** attempt);
    attempt += 1;
    due.retry = Math.max(due.retry, nowMs + (atOnce ? 0 : random.next() * backOffMs));
  }

  function drop(): void {
    const dropped = socket;
    lost(1006);
    dropped?.terminate();
  }

  function hear(text: string): void {
    heardMs = nowMs;
    due.pong = Infinity;
    const frame = JSON.parse(text) as Frame;
    halfWritten.hear(frame);
    switch (frame.type) {
      case 'session':
        begin(frame);
        break;
      case 'history':
        for (const one of frame['messages'] as Frame[]) device.received(one, 'history');
        // To a client that named a position `more` announces the next page, else older messages.
        if (phase === 'history' && (askedFrom === undefined || frame['more'] !== true)) goLive();
        break;
      case 'chat_message':
        device.received(frame, 'live');
        break;
      case 'chat_message_received':
      case 'contact_request_received': {
        inFlight.delete(frame['id'] as string);
        const kind = device.acknowledged(frame);
        if (kind !== undefined) options.onAcknowledged?.(kind);
        break;
      }
      case 'server_draining':
        due.retry = nowMs + Math.min(longestDrainMs, frame['reconnect_after_ms'] as number);
        break;
      case 'error':
        refused(frame);
        break;
      case 'erased':
      case 'binary':
        onSurprise(`${name} was sent: ${frame.type}`);
    }
    gapSinceMs = device.hasGap ? Math.min(gapSinceMs, nowMs) : Infinity;
  }

  function begin(frame: Frame): void {
    if (frame['resumed'] !== true && (askedFrom ?? 0) > 0) {
      const was = `${device.conversationId} up to ${askedFrom}`;
      onSurprise(`${name} had ${was} and was not resumed, in ${String(frame['conversation_id'])}`);
    }
    device.sessionBegan(frame, askedFrom);
    phase = 'history';
  }

  function goLive(): void {
    phase = 'live';
    due.stable = nowMs + stableAfterMs;
    flush();
  }

  function flush(): void {
    if (phase !== 'live' || nowMs < due.hold) return;
    for (const [id, { text, kind }] of device.outbox) {
      if (inFlight.has(id)) continue;
      inFlight.set(id, nowMs);
      const contact = { userAgent: 'chaos', name: 'Visitor', email: 'visitor@example.com' };
      const message = { type: kind, id, message: text, timestamp: new Date().toISOString() };
      send(kind === 'contact_request' ? { ...message, ...contact } : message);
    }
  }

  function refused(frame: Frame): void {
    const id = typeof frame['ref'] === 'string' ? frame['ref'] : '';
    inFlight.delete(id);
    if (frame['retryable'] === true) {
      const afterMs = typeof frame['retry_after_ms'] === 'number' ? frame['retry_after_ms'] : 500;
      due.hold = nowMs + Math.min(longestHoldMs, afterMs);
      // Nothing of a greeting may be missing: a new connection asks for all of it again.
      if (phase !== 'live') drop();
      return;
    }
    const code = String(frame['code']);
    onSurprise(`${name} was refused: ${code} ${String(frame['message'])}`);
    device.refused(id, code);
  }

  function askForLife(): void {
    if (phase !== 'live' || due.pong < Infinity) return;
    due.pong = nowMs + pongTimeoutMs;
    socket?.send('{"type":"ping"}', () => undefined);
  }

  function thaw(): void {
    frozenUntilMs = 0;
    socket?.resume();
    // What came meanwhile is read before anything is judged to be late.
    due.pong = gapSinceMs = Infinity;
    due.greeting = Math.max(due.greeting, nowMs + 1_000);
    for (const id of inFlight.keys()) inFlight.set(id, nowMs);
    askForLife();
  }

  function tick(now: number): void {
    nowMs = now;
    if (phase === 'stopped' || now < frozenUntilMs) return;
    if (frozenUntilMs > 0) return thaw();
    if (phase === 'down') {
      device.token ??= options.sharedToken?.();
      const mayOpen = options.sharedToken === undefined || device.token !== undefined;
      if (now >= due.retry && mayOpen) open();
      return;
    }
    if (phase !== 'live') {
      if (now >= due.greeting) drop();
      return;
    }
    const oldestMs = inFlight.values().next().value ?? now;
    const isLate = now >= due.pong || now - oldestMs > acknowledgedWithinMs;
    if (isLate || now - gapSinceMs > gapPatienceMs) return drop();
    if (now >= due.stable) attempt = 0;
    if (now - heardMs > quietMs) askForLife();
    flush();
  }

  return {
    name,
    device,
    type(id, text, kind) {
      device.typed(id, text, kind);
      if (nowMs >= frozenUntilMs) flush();
    },
    tick,
    restart() {
      if (socket) drop();
      attempt = 0;
      due.retry = nowMs + random.next() * 500;
    },
    freeze(ms) {
      frozenUntilMs = nowMs + ms;
      socket?.pause();
    },
    takeOver() {
      if (phase !== 'live' || options.tab === undefined || frozenUntilMs > 0) return false;
      const older = socket;
      open();
      // The server closes it with 4009; where that cannot get through, it goes some time later.
      setTimeout(() => older?.terminate(), 10_000).unref();
      return true;
    },
    get isLive() {
      return phase === 'live';
    },
    get isQuiet() {
      const { outbox, hasGap, unanswered } = device;
      return phase === 'live' && outbox.size === 0 && !hasGap && unanswered === 0;
    },
    stop() {
      phase = 'stopped';
      socket?.terminate();
      socket = undefined;
    },
  };
}
