/**
 * The console's socket: the widget's connection machine, so that the inbox comes back by the same
 * rules, with the console's own frames on it.
 */
import { create, type Struct } from 'superstruct';
import { closeCodes } from '../shared/close-codes.ts';
import {
  consoleEvents,
  consoleSocketPath,
  type ConsoleEvent,
  type ConsoleRequest,
} from '../shared/console-protocol.ts';
import type { SocketLike } from '../widget/environment.ts';
import {
  idleConnection,
  transition,
  type Connection,
  type ConnectionEffect,
  type ConnectionEvent,
  type TimerName,
} from '../widget/state/connection.ts';

export interface ConsoleSocketOptions {
  /** Base of the server, with a slash at its end: `https://chat.example.com/`. */
  readonly base: string;
  /** May throw. Default: a WebSocket of the browser. */
  readonly openSocket?: (address: string) => SocketLike;
  readonly nowMs?: () => number;
  readonly random?: () => number;
  readonly online?: () => boolean;
  /** What the console knows up to; `undefined` = nothing. */
  revision(): number | undefined;
  onEvent(event: ConsoleEvent): void;
  onChange(connection: Connection): void;
}

export interface ConsoleSocket {
  readonly connection: Connection;
  dispatch(event: ConnectionEvent): void;
  /** @returns whether it went out; what a socket carries may be lost */
  send(request: ConsoleRequest): boolean;
}

const structs = new Map<string, Struct<ConsoleEvent, unknown>>(
  Object.entries(consoleEvents) as unknown as Iterable<[string, Struct<ConsoleEvent, unknown>]>,
);

/** A frame as an event; `undefined` where it is none that this version understands. */
export function readConsoleEvent(frame: unknown): ConsoleEvent | undefined {
  if (typeof frame !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(frame);
    const type = (parsed as { readonly type?: unknown } | null)?.type;
    const struct = typeof type === 'string' ? structs.get(type) : undefined;
    return struct && create(parsed, struct);
  } catch {
    return undefined;
  }
}

/** Whether the server said that nobody is logged in here any more. */
export const isLoggedOut = (connection: Connection): boolean =>
  connection.phase === 'stopped' && connection.closeCode === closeCodes.forbidden;

export function createConsoleSocket(options: ConsoleSocketOptions): ConsoleSocket {
  const address = options.base.replace(/^http/, 'ws').replace(/\/$/, '') + consoleSocketPath;
  const openSocket =
    options.openSocket ?? ((at: string): SocketLike => new WebSocket(at) as SocketLike);
  const nowMs = options.nowMs ?? Date.now;
  const random = options.random ?? Math.random;
  const online = options.online ?? (() => navigator.onLine);
  const timers = new Map<TimerName, ReturnType<typeof setTimeout>>();
  let connection = idleConnection;
  let socket: SocketLike | undefined;

  const clear = (name: TimerName): void => {
    clearTimeout(timers.get(name));
    timers.delete(name);
  };
  const after = (name: TimerName, delayMs: number, event: ConnectionEvent): void => {
    clear(name);
    timers.set(
      name,
      setTimeout(() => dispatch(event), delayMs),
    );
  };

  function open(id: number): void {
    let next: SocketLike;
    try {
      next = openSocket(address);
    } catch {
      after('retry', 0, { type: 'closed', socket: id, code: 1006 });
      return;
    }
    socket = next;
    next.onopen = () => dispatch({ type: 'opened', socket: id });
    next.onclose = ({ code }) => dispatch({ type: 'closed', socket: id, code });
    next.onmessage = ({ data }) => {
      dispatch({ type: 'heard', socket: id });
      const event = readConsoleEvent(data);
      if (!event || socket !== next) return;
      if (event.type === 'ready') dispatch({ type: 'session' });
      options.onEvent(event);
    };
  }

  function run(effect: ConnectionEffect): void {
    switch (effect.type) {
      case 'open':
        return open(effect.socket);
      case 'drop':
        socket?.close();
        socket = undefined;
        return undefined;
      case 'hello': {
        const revision = options.revision();
        const hello: ConsoleRequest =
          revision === undefined ? { type: 'hello' } : { type: 'hello', revision };
        return socket?.send(JSON.stringify(hello));
      }
      case 'ping':
        return socket?.send('{"type":"ping"}');
      case 'set-timer':
        return after(effect.name, effect.delayMs, { type: 'timer', name: effect.name });
      case 'clear-timer':
        return clear(effect.name);
    }
  }

  function dispatch(event: ConnectionEvent): void {
    const now = { nowMs: nowMs(), random: random(), online: online() };
    const [next, effects] = transition(connection, event, now);
    const changed = next !== connection;
    connection = next;
    for (const effect of effects) run(effect);
    if (changed) options.onChange(connection);
  }

  return {
    get connection() {
      return connection;
    },
    dispatch,
    send(request) {
      if (connection.phase !== 'live' || !socket) return false;
      socket.send(JSON.stringify(request));
      return true;
    },
  };
}
