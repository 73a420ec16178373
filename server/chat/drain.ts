import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Listener } from '../transport-ports.ts';
import type { Connections } from './connections.ts';
import { createReturnDelays } from './return-delays.ts';

export interface DrainOptions {
  readonly connections: Connections;
  readonly listener: Listener;
  /** Answers and requests that are being dealt with. */
  pending(): number;
  /** Stops what would hold up the end once clients are told when to come back. */
  stopNotices(): Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

/** What is under way is waited for so long, and clients that read slowly too; milliseconds. */
const settleMs = 5_000;
/** Frames that arrived last are acknowledged within this time, or by the next server. */
const lastFramesMs = 5_000;
const noticesMs = 6_000;
const flushMs = 1_000;
const lastFlushMs = 500;
const lookMs = 10;

/**
 * Sends all clients to the next server: at most 18 s, a fraction of one where nothing is under way.
 *
 * New clients are let in until the end, and told at once when to come back: a port that refuses
 * would send them into their back-off. From the moment most clients are told, little is left to
 * do, so that the next server is there before the first of them returns.
 */
export async function drain(options: DrainOptions): Promise<void> {
  const { connections, listener } = options;
  connections.beginDraining(createReturnDelays(connections.count(), options.random));
  const underWay = (): boolean => !connections.settled() || options.pending() > 0;
  await Promise.all([until(() => !underWay(), settleMs), listener.flushed(settleMs)]);
  await Promise.race([options.stopNotices(), delay(noticesMs, undefined, { ref: false })]);

  const giveUpMs = performance.now() + lastFramesMs;
  while ((await connections.sendOn('settled')) > 0 && performance.now() < giveUpMs) {
    await delay(lookMs);
  }
  await connections.sendOn('everybody');
  await listener.flushed(flushMs);
  listener.stopAccepting();
  // Whoever came meanwhile and has not said a word.
  await connections.sendOn('everybody');
  await listener.flushed(lastFlushMs);
  connections.terminateAll();
}

async function until(done: () => boolean, withinMs: number): Promise<void> {
  const giveUpMs = performance.now() + withinMs;
  while (!done() && performance.now() < giveUpMs) await delay(lookMs);
}
