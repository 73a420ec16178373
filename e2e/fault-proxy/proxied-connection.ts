import { connect, type Socket } from 'node:net';
import { createAcknowledgementFilter } from './acknowledgement-filter.ts';
import { createPipe, type DirectionFaults } from './pipe.ts';

/** `up`: from the client to the server. */
export type Direction = 'up' | 'down';

/** One client's way to the server. Calls after it has closed do nothing. */
export interface ProxiedConnection {
  /** Counts from 1 in a proxy. */
  readonly id: number;
  /** Resets both sides now. */
  cut(): void;
  /** Resets both sides once so many bytes more have passed in a direction. */
  cutAfter(direction: Direction, bytes: number): void;
  /** Replaces the faults of a direction. */
  set(direction: Direction, faults: DirectionFaults): void;
  /** Leaves out the server's messages whose `type` ends in `_received`. */
  dropAcknowledgements(drop: boolean): void;
  readonly droppedAcknowledgements: number;
  /**
   * Takes every fault away. Where bytes have vanished, what follows would be garbage to the
   * receiver, so that such a connection is reset.
   */
  heal(): void;
}

export interface ProxiedConnectionOptions {
  readonly id: number;
  readonly client: Socket;
  readonly target: { readonly host: string; readonly port: number };
  /** Whether a client that the server refuses is closed, or kept with nobody behind it. */
  readonly whenDown: 'close' | 'keep';
  readonly random: () => number;
  readonly onClosed: () => void;
}

/**
 * `resetAndDestroy` says goodbye before it resets, so that the peer may see a tidy end. The field
 * that it sets makes a plain `destroy` send the reset alone.
 */
export function reset(socket: Socket): void {
  if (!socket.connecting) Object.assign(socket, { resetAndClosing: true });
  socket.destroy();
}

export function proxyConnection(options: ProxiedConnectionOptions): ProxiedConnection {
  const { id, client, target, whenDown, random, onClosed } = options;
  const server = connect({ ...target, allowHalfOpen: true, noDelay: true });
  client.setNoDelay(true);
  const filter = createAcknowledgementFilter();
  const up = createPipe({ from: client, to: server, random, onCut: cut });
  const down = createPipe({
    from: server,
    to: client,
    filter: (chunk) => filter.push(chunk),
    random,
    onCut: cut,
  });
  const faults: Record<Direction, DirectionFaults> = { up: {}, down: {} };
  let hasServer = false;
  let isCut = false;
  let open = 2;

  server.once('connect', () => (hasServer = true));
  // What went wrong is said by `close`, which follows.
  client.on('error', () => undefined);
  server.on('error', () => undefined);
  client.on('close', () => sideClosed(client, 'up'));
  server.on('close', () => sideClosed(server, 'down'));

  function sideClosed(side: Socket, direction: Direction): void {
    open -= 1;
    if (open === 0) {
      up.stop();
      down.stop();
      onClosed();
    }
    if (isCut || open === 0) return;
    // An end that was read travels through the pipe, behind the bytes before it.
    if (side.readableEnded && !side.errored) return;
    const isSilent = faults[direction].blackHole === true;
    const isRefusal = side === server && !hasServer;
    if (isSilent || (isRefusal && whenDown === 'keep')) {
      (direction === 'up' ? up : down).lost();
      return;
    }
    cut();
  }

  function cut(): void {
    isCut = true;
    up.stop();
    down.stop();
    for (const side of [client, server]) {
      reset(side);
    }
  }

  function set(direction: Direction, changed: DirectionFaults): void {
    faults[direction] = changed;
    (direction === 'up' ? up : down).set(changed);
  }

  return {
    id,
    cut,
    cutAfter: (direction, bytes) => (direction === 'up' ? up : down).cutAfter(bytes),
    set,
    dropAcknowledgements: (drop) => void (filter.dropping = drop),
    get droppedAcknowledgements() {
      return filter.dropped;
    },
    heal() {
      filter.dropping = false;
      if (up.hasLost || down.hasLost) return cut();
      set('up', {});
      set('down', {});
    },
  };
}
