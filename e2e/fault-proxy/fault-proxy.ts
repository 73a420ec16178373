/**
 * A TCP proxy on loopback that does to connections what networks do: it cuts, swallows, delays,
 * throttles and stalls them, for each connection and direction apart, and takes it back again.
 * Its port stays the same while the server behind it dies and comes back.
 *
 * ```ts
 * const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port } });
 * for (const connection of proxy.connections) connection.cutAfter('down', 17);
 * await proxy.close();
 * ```
 */
import { createServer, type AddressInfo } from 'node:net';
import type { DirectionFaults } from './pipe.ts';
import {
  proxyConnection,
  reset,
  type Direction,
  type ProxiedConnection,
} from './proxied-connection.ts';

export type { Direction, DirectionFaults, ProxiedConnection };

export interface FaultProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  /** Default 0: a free one. */
  readonly port?: number;
  /** What becomes of a client whose server refuses: `close` (default), or `keep` it waiting. */
  readonly whenDown?: 'close' | 'keep';
  /** In [0, 1); jitter comes from it. Default `Math.random`. */
  readonly random?: () => number;
}

export interface FaultProxy {
  readonly port: number;
  /** Those that live, oldest first. */
  readonly connections: readonly ProxiedConnection[];
  /** Connections so far. */
  readonly accepted: number;
  /** Resets every new connection at once. */
  refuseNew(refuse: boolean): void;
  whenDown(mode: 'close' | 'keep'): void;
  /** Faults that every new connection starts with. */
  forNew(faults: Partial<Record<Direction, DirectionFaults>>): void;
  /** Takes every fault away, from what lives and from what comes. */
  heal(): void;
  /** Ends every connection and frees the port. Idempotent. */
  close(): Promise<void>;
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { target, random = Math.random } = options;
  const live = new Map<number, ProxiedConnection>();
  let accepted = 0;
  let refuses = false;
  let whenDown = options.whenDown ?? 'close';
  let first: Partial<Record<Direction, DirectionFaults>> = {};

  const listener = createServer({ allowHalfOpen: true }, (client) => {
    if (refuses) {
      client.on('error', () => undefined);
      reset(client);
      return;
    }
    accepted += 1;
    const id = accepted;
    const onClosed = (): void => void live.delete(id);
    const connection = proxyConnection({ id, client, target, whenDown, random, onClosed });
    live.set(id, connection);
    if (first.up) connection.set('up', first.up);
    if (first.down) connection.set('down', first.down);
  });
  await new Promise<void>((done, failed) => {
    listener.once('error', failed);
    listener.listen(options.port ?? 0, '127.0.0.1', done);
  });
  let closing: Promise<void> | undefined;

  return {
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return [...live.values()];
    },
    get accepted() {
      return accepted;
    },
    refuseNew: (refuse) => void (refuses = refuse),
    whenDown: (mode) => void (whenDown = mode),
    forNew: (faults) => void (first = faults),
    heal() {
      refuses = false;
      whenDown = 'close';
      first = {};
      for (const connection of [...live.values()]) connection.heal();
    },
    close() {
      closing ??= new Promise<void>((done) => {
        listener.close(() => done());
        for (const connection of [...live.values()]) connection.cut();
      });
      return closing;
    },
  };
}
