/** Carries out attacks on bare TCP sockets and keeps what comes back. */
import { connect, type Socket } from 'node:net';
import type { Attack } from './raw-attacks.ts';
import { handshake } from './raw-bytes.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** After this the peer is taken not to close by itself. */
const patienceMs = 30_000;
/** More is not kept of what a peer says. */
const keptBytes = 1_000_000;

/** A connection, or `undefined` where the peer would not have it. */
export function openSocket({ host, port }: Target): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket));
    // Being cut off is what most attacks end with.
    socket.on('error', () => resolve(undefined));
  });
}

const write = (socket: Socket, bytes: Uint8Array | string): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed || socket.writableEnded) return resolve();
    socket.write(bytes, () => setImmediate(resolve));
    return undefined;
  });

export interface AttackOutcome {
  readonly received: Buffer;
  /** Still open, as the attack wished; whoever ran it ends it. */
  readonly held: Socket | undefined;
  /** The peer kept a connection that had been ended. */
  readonly neverClosed: boolean;
}

export async function carryOut(target: Target, attack: Attack): Promise<AttackOutcome> {
  const socket = await openSocket(target);
  if (!socket) return { received: Buffer.alloc(0), held: undefined, neverClosed: false };
  const chunks: Buffer[] = [];
  let size = 0;
  let upgraded = (): void => undefined;
  const answered = new Promise<void>((resolve) => (upgraded = resolve));
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      upgraded();
      resolve();
    });
  });
  socket.on('data', (chunk: Buffer) => {
    if (size < keptBytes) chunks.push(chunk);
    size += chunk.length;
    upgraded();
  });
  socket.once('end', () => socket.end());

  const [first = Buffer.alloc(0), ...rest] = attack.pieces;
  if (attack.upgrade === 'none') await write(socket, first);
  else if (attack.upgrade === 'pipelined') {
    await write(socket, Buffer.concat([Buffer.from(handshake()), first]));
  } else {
    await write(socket, handshake());
    await answered;
    await write(socket, first);
  }
  for (const piece of rest) await write(socket, piece);

  let neverClosed = false;
  if (attack.end === 'reset') socket.resetAndDestroy();
  else if (attack.end === 'fin') {
    socket.end();
    const giveUp = setTimeout(() => {
      neverClosed = true;
      socket.destroy();
    }, patienceMs);
    await closed;
    clearTimeout(giveUp);
  }
  const held = attack.end === 'hold' && !socket.destroyed ? socket : undefined;
  return { received: Buffer.concat(chunks), held, neverClosed };
}

/** Runs `work` on every item, `width` at a time. */
export async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
