/** One direction of a proxied connection, with everything that a network may do to it. */
import type { Socket } from 'node:net';

/** What happens to bytes on their way; absent fields mean that nothing does. */
export interface DirectionFaults {
  /** Bytes and the end of the stream vanish; nobody is told. */
  readonly blackHole?: boolean;
  /** Nothing moves on, nothing is lost: a sender is held back once the buffers are full. */
  readonly stall?: boolean;
  /** Added to every chunk, in milliseconds; the order stays. */
  readonly delayMs?: number;
  /** At most this much more, chosen anew for every chunk, in milliseconds. */
  readonly jitterMs?: number;
  /** The most that moves on. */
  readonly bytesPerSecond?: number;
}

export interface Pipe {
  /** Replaces the faults of this direction. */
  set(faults: DirectionFaults): void;
  /** Passes so many bytes more, then calls `onCut`. */
  cutAfter(bytes: number): void;
  /** Something was swallowed: what follows can make no sense to the receiver. */
  readonly hasLost: boolean;
  /** The sender's side was reset or went away without an end. */
  lost(): void;
  /** Passes nothing on any more. */
  stop(): void;
}

export interface PipeOptions {
  readonly from: Socket;
  readonly to: Socket;
  /** Leaves out or holds back parts of the stream. */
  readonly filter?: (chunk: Buffer) => readonly Buffer[];
  readonly random: () => number;
  readonly onCut: () => void;
}

/** Bytes held here before the sender is made to wait. */
const mostQueuedBytes = 256 * 1024;
/** A throttled stream moves this often. */
const throttleStepMs = 20;

interface Queued {
  /** `undefined` is the end of the stream. */
  chunk: Buffer | undefined;
  dueMs: number;
}

export function createPipe({ from, to, filter, random, onCut }: PipeOptions): Pipe {
  const queue: Queued[] = [];
  let queuedBytes = 0;
  let faults: DirectionFaults = {};
  let cutBudget: number | undefined;
  let hasLost = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let awaitsDrain = false;
  let notBeforeMs = 0;

  from.on('data', (chunk: Buffer) => {
    if (stopped) return;
    // Behind bytes that are gone nothing can follow: TCP has no holes.
    if (faults.blackHole || hasLost || to.destroyed) {
      hasLost = true;
      return;
    }
    for (const part of filter?.(chunk) ?? [chunk]) enqueue(part);
    if (queuedBytes > mostQueuedBytes) from.pause();
    move();
  });
  from.on('end', () => {
    if (stopped) return;
    if (faults.blackHole || hasLost) hasLost = true;
    else enqueue(undefined);
    move();
  });

  function enqueue(chunk: Buffer | undefined): void {
    const { delayMs = 0, jitterMs = 0 } = faults;
    const isDelayed = delayMs > 0 || jitterMs > 0;
    const before = queue.at(-1)?.dueMs ?? 0;
    const dueMs = isDelayed ? performance.now() + delayMs + random() * jitterMs : 0;
    queue.push({ chunk, dueMs: Math.max(before, dueMs) });
    queuedBytes += chunk?.length ?? 0;
  }

  function later(delayMs: number): void {
    timer = setTimeout(() => {
      timer = undefined;
      move();
    }, delayMs);
  }

  /** Passes on all that may go now. */
  function move(): void {
    while (!stopped && !awaitsDrain && !timer && !faults.stall) {
      const head = queue[0];
      if (!head) break;
      const waitMs = Math.max(head.dueMs, notBeforeMs) - performance.now();
      if (waitMs > 0) return later(waitMs);
      if (!head.chunk) {
        queue.shift();
        // Nobody is left to be told: the sender's side ends as well.
        if (to.destroyed) onCut();
        else to.end();
        return;
      }
      pass(head, head.chunk);
    }
    if (!stopped && queuedBytes <= mostQueuedBytes / 2 && from.isPaused()) from.resume();
  }

  function pass(head: Queued, chunk: Buffer): void {
    const { bytesPerSecond } = faults;
    let most = chunk.length;
    if (bytesPerSecond !== undefined) {
      most = Math.min(most, Math.max(1, Math.floor((bytesPerSecond * throttleStepMs) / 1000)));
      notBeforeMs = performance.now() + (most / bytesPerSecond) * 1000;
    }
    if (cutBudget !== undefined) most = Math.min(most, cutBudget);
    const part = chunk.subarray(0, most);
    if (most === chunk.length) queue.shift();
    else head.chunk = chunk.subarray(most);
    queuedBytes -= most;
    if (to.destroyed) {
      hasLost = true;
      return;
    }
    if (cutBudget !== undefined && (cutBudget -= most) <= 0) {
      stopped = true;
      // A reset throws away what was not sent yet: the last bytes go first.
      to.write(part, onCut);
      return;
    }
    if (!to.write(part)) {
      awaitsDrain = true;
      to.once('drain', () => {
        awaitsDrain = false;
        move();
      });
    }
  }

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
    timer = undefined;
    queue.length = 0;
    queuedBytes = 0;
  }

  return {
    set(changed) {
      faults = changed;
      if (faults.blackHole && queue.length > 0) {
        queue.length = 0;
        queuedBytes = 0;
        hasLost = true;
      }
      if (!faults.delayMs && !faults.jitterMs) for (const one of queue) one.dueMs = 0;
      if (faults.bytesPerSecond === undefined) notBeforeMs = 0;
      clearTimeout(timer);
      timer = undefined;
      if (!stopped) move();
      // A black hole swallows at once, however full the buffers were.
      if (faults.blackHole && from.isPaused()) from.resume();
    },
    cutAfter(bytes) {
      cutBudget = Math.max(1, bytes);
    },
    get hasLost() {
      return hasLost;
    },
    lost: () => void (hasLost = true),
    stop,
  };
}
