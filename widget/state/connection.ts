/**
 * The connection as a pure machine: `transition(state, event, now)` gives the next state and
 * what is to be done. It owns no socket, timer, clock or randomness, so every rule about
 * reconnecting can be tried without waiting.
 */
import { reconnectPolicy } from '../../shared/close-codes.ts';
import { pingIntervalMs, pongTimeoutMs } from '../../shared/limits.ts';

export type Phase =
  /** Nobody has asked for a connection. */
  | 'idle'
  /** A socket is opening, or is open and the session has not come yet. */
  | 'connecting'
  | 'live'
  /** Waits for its turn to try again. */
  | 'waiting'
  /** The device has no network; the next try comes with it. */
  | 'offline'
  /** The server said to stay away; only a wish of the visitor or page starts again. */
  | 'stopped';

export interface Connection {
  readonly phase: Phase;
  /** Names the newest socket; what older ones report is ignored. */
  readonly socket: number;
  /** Tries since the last connection that stayed up: `n` of the back-off. */
  readonly attempt: number;
  readonly wasLive: boolean;
  /** Unix milliseconds before which a draining server asked not to come back. */
  readonly notBeforeMs: number;
  /** When the clock was last looked at: a device that slept misses ticks. */
  readonly tickMs: number;
  /** When a frame that keeps the server from seeing us as idle last went out. */
  readonly spokeMs: number;
  readonly awaitsPong: boolean;
  /** Why it is `stopped`. */
  readonly closeCode: number | undefined;
}

export type TimerName = 'retry' | 'greeting' | 'ping' | 'pong' | 'stable' | 'tick';

export type ConnectionEvent =
  /** Somebody wants a connection. Also leaves `stopped`. */
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** A new `hello` is needed: another identity or another token. */
  | { readonly type: 'renew' }
  | { readonly type: 'opened'; readonly socket: number }
  | { readonly type: 'heard'; readonly socket: number }
  | { readonly type: 'session' }
  | { readonly type: 'draining'; readonly reconnectAfterMs: number }
  | { readonly type: 'closed'; readonly socket: number; readonly code: number }
  | { readonly type: 'timer'; readonly name: TimerName }
  | { readonly type: 'online' }
  | { readonly type: 'offline' }
  /**
   * The tab is looked at again, came back from the back-forward cache, is on another network, or
   * has sent what is to be answered: time to know whether the line still carries anything.
   */
  | { readonly type: 'wake' };

export type ConnectionEffect =
  | { readonly type: 'open'; readonly socket: number }
  /** Closes and forgets the socket; it reports nothing any more. */
  | { readonly type: 'drop' }
  | { readonly type: 'hello' }
  | { readonly type: 'ping' }
  | { readonly type: 'set-timer'; readonly name: TimerName; readonly delayMs: number }
  | { readonly type: 'clear-timer'; readonly name: TimerName };

/** What the machine may not find out by itself. */
export interface Now {
  readonly nowMs: number;
  /** In [0, 1). */
  readonly random: number;
  /** Whether the device has a network, as far as the browser knows. */
  readonly online: boolean;
}

type Step = readonly [Connection, readonly ConnectionEffect[]];

const maxDelayMs = 30_000;
const firstDelayMs = 500;
const stableAfterMs = 5_000;
const tickEveryMs = 5_000;
/** A socket that opens but never greets is as good as none. */
const greetingTimeoutMs = 12_000;
/** Well below the server's idle limit: even a busy listener says something this often. */
const longestQuietMs = 60_000;

export const idleConnection: Connection = {
  phase: 'idle',
  socket: 0,
  attempt: 0,
  wasLive: false,
  notBeforeMs: 0,
  tickMs: 0,
  spokeMs: 0,
  awaitsPong: false,
  closeCode: undefined,
};

const setTimer = (name: TimerName, delayMs: number): ConnectionEffect => ({
  type: 'set-timer',
  name,
  delayMs,
});

const clearTimers = (...names: TimerName[]): ConnectionEffect[] =>
  names.map((name) => ({ type: 'clear-timer', name }));

const forgetSocket: readonly ConnectionEffect[] = [
  { type: 'drop' },
  ...clearTimers('retry', 'greeting', 'ping', 'pong', 'stable', 'tick'),
];

/** `random(0, min(30 s, 500 ms × 2^n))`. */
export const backOffMs = (attempt: number, random: number): number =>
  Math.round(random * Math.min(maxDelayMs, firstDelayMs * 2 ** attempt));

function open(state: Connection): Step {
  const socket = state.socket + 1;
  return [
    { ...state, phase: 'connecting', socket, awaitsPong: false, closeCode: undefined },
    [...forgetSocket, { type: 'open', socket }, setTimer('greeting', greetingTimeoutMs)],
  ];
}

/** The connection is gone: when is the next try? */
function lost(state: Connection, policy: 'back-off' | 'now', now: Now): Step {
  const gone = { ...state, socket: state.socket + 1, awaitsPong: false };
  if (!now.online) return [{ ...gone, phase: 'offline' }, forgetSocket];
  // "Come back now" is believed once; a server that keeps saying it is given a rest.
  const atOnce = policy === 'now' && state.attempt === 0;
  const delayMs = Math.max(
    atOnce ? 0 : backOffMs(state.attempt, now.random),
    state.notBeforeMs - now.nowMs,
  );
  return [
    { ...gone, phase: 'waiting', attempt: state.attempt + 1 },
    [...forgetSocket, setTimer('retry', delayMs)],
  ];
}

function askForLife(state: Connection, now: Now): Step {
  if (state.awaitsPong) return [state, []];
  return [
    { ...state, awaitsPong: true, spokeMs: now.nowMs },
    [{ type: 'ping' }, setTimer('pong', pongTimeoutMs)],
  ];
}

function onTimer(state: Connection, name: TimerName, now: Now): Step {
  switch (name) {
    case 'retry':
      if (state.phase !== 'waiting') return [state, []];
      return now.online ? open(state) : [{ ...state, phase: 'offline' }, []];
    case 'greeting':
      return state.phase === 'connecting' ? lost(state, 'back-off', now) : [state, []];
    case 'ping':
      return state.phase === 'live' ? askForLife(state, now) : [state, []];
    case 'pong':
      return state.phase === 'live' && state.awaitsPong
        ? lost(state, 'back-off', now)
        : [state, []];
    case 'stable':
      return state.phase === 'live' ? [{ ...state, attempt: 0 }, []] : [state, []];
    case 'tick': {
      if (state.phase !== 'live') return [state, []];
      const slept = now.nowMs - state.tickMs > 2 * tickEveryMs;
      const [next, effects] = slept ? askForLife(state, now) : [state, []];
      return [{ ...next, tickMs: now.nowMs }, [...effects, setTimer('tick', tickEveryMs)]];
    }
  }
}

function onHeard(state: Connection, now: Now): Step {
  const effects: ConnectionEffect[] = [];
  if (state.awaitsPong) effects.push({ type: 'clear-timer', name: 'pong' });
  const spokeLately = now.nowMs - state.spokeMs < longestQuietMs;
  if (state.phase === 'live' && (spokeLately || state.awaitsPong)) {
    effects.push(setTimer('ping', pingIntervalMs));
  }
  return [state.awaitsPong ? { ...state, awaitsPong: false } : state, effects];
}

function onClosed(state: Connection, code: number, now: Now): Step {
  const policy = reconnectPolicy(code);
  if (policy !== 'never') return lost(state, policy, now);
  return [
    { ...state, phase: 'stopped', socket: state.socket + 1, awaitsPong: false, closeCode: code },
    forgetSocket,
  ];
}

/**
 * One step of the machine. Events of a socket that is no longer the newest change nothing.
 *
 * @returns the next state, and the effects in the order in which they are to be done
 */
export function transition(state: Connection, event: ConnectionEvent, now: Now): Step {
  switch (event.type) {
    case 'start':
      if (state.phase === 'connecting' || state.phase === 'live') return [state, []];
      if (!now.online) return [{ ...state, phase: 'offline', closeCode: undefined }, []];
      return open(state);
    case 'stop':
      return [{ ...idleConnection, socket: state.socket + 1 }, forgetSocket];
    case 'renew':
      if (state.phase === 'idle') return [state, []];
      if (!now.online) {
        const socket = state.socket + 1;
        return [{ ...state, phase: 'offline', socket, closeCode: undefined }, forgetSocket];
      }
      return open({ ...state, attempt: 0 });
    case 'opened':
      if (event.socket !== state.socket) return [state, []];
      return [{ ...state, spokeMs: now.nowMs }, [{ type: 'hello' }]];
    case 'heard':
      return event.socket === state.socket ? onHeard(state, now) : [state, []];
    case 'session':
      if (state.phase !== 'connecting') return [state, []];
      return [
        { ...state, phase: 'live', wasLive: true, notBeforeMs: 0, tickMs: now.nowMs },
        [
          { type: 'clear-timer', name: 'greeting' },
          setTimer('ping', pingIntervalMs),
          setTimer('stable', stableAfterMs),
          setTimer('tick', tickEveryMs),
        ],
      ];
    case 'draining':
      return [
        { ...state, notBeforeMs: now.nowMs + Math.min(event.reconnectAfterMs, maxDelayMs) },
        [],
      ];
    case 'closed':
      return event.socket === state.socket ? onClosed(state, event.code, now) : [state, []];
    case 'timer':
      return onTimer(state, event.name, now);
    case 'online':
      if (state.phase === 'live') return askForLife(state, now);
      if (state.phase !== 'waiting' && state.phase !== 'offline') return [state, []];
      return open(state);
    case 'offline':
      // An open socket is kept: a machine without a default route may still reach its server,
      // and a dead one is found by the ping.
      if (state.phase === 'waiting') return [{ ...state, phase: 'offline' }, forgetSocket];
      return state.phase === 'live' ? askForLife(state, now) : [state, []];
    case 'wake':
      if (state.phase === 'live') return askForLife(state, now);
      if ((state.phase === 'waiting' || state.phase === 'offline') && now.online) {
        return open(state);
      }
      return [state, []];
  }
}

/** Whether the address seems to be wrong or the server down, rather than the line cut. */
export const seemsUnreachable = (state: Connection): boolean =>
  !state.wasLive && state.attempt >= 3 && state.phase !== 'live';
