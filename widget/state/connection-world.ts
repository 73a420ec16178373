/**
 * A small world around the connection machine: a clock, its timers, a socket that may open, be
 * heard, break or fall silent. For tests only; it does what a link does, without a browser.
 */
import {
  idleConnection,
  transition,
  type Connection,
  type ConnectionEffect,
  type ConnectionEvent,
  type Phase,
  type TimerName,
} from './connection.ts';

export interface World {
  readonly state: Connection;
  readonly nowMs: number;
  readonly online: boolean;
  /** The socket that the machine holds, and how far it has come. */
  readonly socket: { readonly id: number; readonly stage: 'opening' | 'open' } | undefined;
  /** The socket held before; it may still report. */
  readonly formerSocket: number;
  /** When each timer that is set is due. */
  readonly timers: ReadonlyMap<TimerName, number>;
  /** Delay with which each was set last. */
  readonly delays: ReadonlyMap<TimerName, number>;
  readonly heardMs: number;
  readonly pingMs: number;
  /** Effects of the newest event. */
  readonly effects: readonly ConnectionEffect[];
  tell(event: ConnectionEvent, random?: number): void;
  setOnline(online: boolean): void;
  /** The device is frozen: time passes, and nothing fires before `pass` is called. */
  sleep(ms: number): void;
  /** Lets time pass; fires what falls due, one after another. */
  pass(ms: number, check: () => void): void;
}

/** @param onOpen - told what made the machine open a socket, and in which phase it was */
export function createWorld(
  onOpen: (by: ConnectionEvent, from: Phase, online: boolean) => void = () => undefined,
): World {
  let state = idleConnection;
  let nowMs = 1_000_000;
  let online = true;
  let socket: World['socket'];
  let formerSocket = -1;
  let heardMs = 0;
  let pingMs = 0;
  let effects: readonly ConnectionEffect[] = [];
  const timers = new Map<TimerName, number>();
  const delays = new Map<TimerName, number>();

  function run(effect: ConnectionEffect): void {
    switch (effect.type) {
      case 'open':
        if (socket) throw new Error('a second socket is opened');
        socket = { id: effect.socket, stage: 'opening' };
        return;
      case 'drop':
        formerSocket = socket?.id ?? formerSocket;
        socket = undefined;
        return;
      case 'hello':
      case 'ping':
        if (socket?.stage !== 'open') throw new Error(`${effect.type} without an open socket`);
        if (effect.type === 'ping') pingMs = nowMs;
        return;
      case 'set-timer':
        timers.set(effect.name, nowMs + effect.delayMs);
        delays.set(effect.name, effect.delayMs);
        return;
      case 'clear-timer':
        timers.delete(effect.name);
        return;
    }
  }

  function tell(event: ConnectionEvent, random = 0.5): void {
    if (event.type === 'opened' && socket?.id === event.socket)
      socket = { ...socket, stage: 'open' };
    if (event.type === 'closed' && socket?.id === event.socket) {
      formerSocket = socket.id;
      socket = undefined;
    }
    if (event.type === 'heard' && socket?.id === event.socket) heardMs = nowMs;
    const { phase } = state;
    [state, effects] = transition(state, event, { nowMs, random, online });
    for (const effect of effects) {
      run(effect);
      if (effect.type === 'open') onOpen(event, phase, online);
    }
  }

  return {
    get state() {
      return state;
    },
    get nowMs() {
      return nowMs;
    },
    get online() {
      return online;
    },
    get socket() {
      return socket;
    },
    get formerSocket() {
      return formerSocket;
    },
    timers,
    delays,
    get heardMs() {
      return heardMs;
    },
    get pingMs() {
      return pingMs;
    },
    get effects() {
      return effects;
    },
    tell,
    sleep: (ms) => void (nowMs += ms),
    setOnline: (now) => void (online = now),
    pass(ms, check) {
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = [...timers].toSorted(([, one], [, other]) => one - other);
        if (!next || next[1] > untilMs) break;
        const [name, dueMs] = next;
        nowMs = Math.max(nowMs, dueMs);
        timers.delete(name);
        tell({ type: 'timer', name });
        check();
      }
      nowMs = untilMs;
    },
  };
}
