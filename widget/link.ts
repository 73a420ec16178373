/**
 * Carries out what the connection machine decides: owns the socket and the timers, and hands
 * every readable message on.
 */
import { pingFrame } from '../shared/codec.ts';
import type { ClientMessage, Hello, ServerMessage } from '../shared/protocol.ts';
import type { Environment, SocketLike } from './environment.ts';
import {
  idleConnection,
  transition,
  type Connection,
  type ConnectionEffect,
  type ConnectionEvent,
  type TimerName,
} from './state/connection.ts';
import { readServerMessage } from './state/server-message.ts';

export interface LinkOptions {
  readonly environment: Environment;
  address(): string;
  hello(): Hello;
  onMessage(message: ServerMessage): void;
  /** The phase, or anything else of the state, is another. */
  onChange(connection: Connection): void;
}

export interface Link {
  readonly connection: Connection;
  dispatch(event: ConnectionEvent): void;
  /** @returns whether the frame went out; `false` unless the session stands */
  send(message: ClientMessage): boolean;
}

export function createLink(options: LinkOptions): Link {
  const { environment } = options;
  const timers = new Map<TimerName, () => void>();
  let connection = idleConnection;
  let socket: SocketLike | undefined;

  function drop(): void {
    // Whatever it still reports is about a socket that the machine no longer knows.
    socket?.close();
    socket = undefined;
  }

  function open(id: number): void {
    let next: SocketLike;
    try {
      next = environment.openSocket(options.address());
    } catch {
      // Not an address, or a page under https that may not open it: as if it had been refused.
      timers.set(
        'retry',
        environment.after(0, () => dispatch({ type: 'closed', socket: id, code: 1006 })),
      );
      return;
    }
    socket = next;
    next.onopen = () => dispatch({ type: 'opened', socket: id });
    next.onclose = ({ code }) => dispatch({ type: 'closed', socket: id, code });
    next.onmessage = ({ data }) => {
      dispatch({ type: 'heard', socket: id });
      const message = readServerMessage(data);
      if (!message || socket !== next) return;
      if (message.type === 'session') dispatch({ type: 'session' });
      if (message.type === 'server_draining') {
        dispatch({ type: 'draining', reconnectAfterMs: message.reconnect_after_ms });
      }
      options.onMessage(message);
    };
  }

  function clearTimer(name: TimerName): void {
    timers.get(name)?.();
    timers.delete(name);
  }

  function run(effect: ConnectionEffect): void {
    switch (effect.type) {
      case 'open':
        return open(effect.socket);
      case 'drop':
        return drop();
      case 'hello':
        return socket?.send(JSON.stringify(options.hello()));
      case 'ping':
        return socket?.send(pingFrame);
      case 'set-timer': {
        const { name, delayMs } = effect;
        clearTimer(name);
        timers.set(
          name,
          environment.after(delayMs, () => dispatch({ type: 'timer', name })),
        );
        return undefined;
      }
      case 'clear-timer':
        return clearTimer(effect.name);
    }
  }

  function dispatch(event: ConnectionEvent): void {
    const [next, effects] = transition(connection, event, {
      nowMs: environment.nowMs(),
      random: environment.random(),
      online: environment.online(),
    });
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
    send(message) {
      if (connection.phase !== 'live' || !socket) return false;
      socket.send(JSON.stringify(message));
      // A line that takes and never brings would otherwise be found out by the next silence only.
      if (message.type !== 'read' && message.type !== 'typing') dispatch({ type: 'wake' });
      return true;
    },
  };
}
