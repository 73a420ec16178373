/**
 * Connections that their owner has closed while bytes still waited for the peer. The close frame
 * stands behind those bytes, so whoever reads again sees everything and then the code; whoever
 * does not costs memory that is bounded, each for a while and all together.
 */
export interface LingeringConnection {
  /** Bytes that still wait for the peer. */
  bytes(): number;
  /** Ends the connection without a close frame. */
  drop(): void;
}

export interface Lingering {
  /** @returns what forgets the connection again: it has taken everything, or is gone */
  add(connection: LingeringConnection): () => void;
  count(): number;
  /** A close frame has gone out. */
  closeSent(): void;
  /** Resolves when no connection lingers any more, or after `withinMs` milliseconds. */
  emptied(withinMs: number): Promise<void>;
  /** Milliseconds that have passed since the last close frame went out. */
  quietMs(): number;
}

export interface LingeringLimits {
  /** Bytes that may wait for all of them together; above it the oldest are dropped. */
  readonly maxBytes: number;
  /** Milliseconds that each is given. */
  readonly maxMs: number;
}

export const lingeringLimits: LingeringLimits = { maxBytes: 64 * 1024 * 1024, maxMs: 120_000 };

export function createLingering(limits: LingeringLimits = lingeringLimits): Lingering {
  // In the order in which they came: the first is the oldest.
  const entries = new Map<LingeringConnection, NodeJS.Timeout>();
  let whenEmpty: (() => void)[] = [];
  let lastSentMs = -Infinity;

  function forget(connection: LingeringConnection): void {
    const timer = entries.get(connection);
    if (!timer) return;
    clearTimeout(timer);
    entries.delete(connection);
    if (entries.size > 0) return;
    for (const resolve of whenEmpty.splice(0)) resolve();
  }

  function drop(connection: LingeringConnection): void {
    forget(connection);
    connection.drop();
  }

  function keepWithinBytes(): void {
    let total = 0;
    for (const connection of entries.keys()) total += connection.bytes();
    for (const connection of entries.keys()) {
      if (total <= limits.maxBytes) return;
      total -= connection.bytes();
      drop(connection);
    }
  }

  return {
    add(connection) {
      const timer = setTimeout(() => drop(connection), limits.maxMs);
      timer.unref();
      entries.set(connection, timer);
      keepWithinBytes();
      return () => forget(connection);
    },
    count: () => entries.size,
    closeSent: () => void (lastSentMs = performance.now()),
    quietMs: () => performance.now() - lastSentMs,
    emptied(withinMs) {
      if (entries.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          whenEmpty = whenEmpty.filter((one) => one !== end);
          resolve();
        };
        const timer = setTimeout(end, withinMs);
        whenEmpty.push(end);
      });
    },
  };
}
