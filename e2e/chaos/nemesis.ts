/** Breaks a run, at random and without pause, until it is told to let everything heal. */
import {
  blackHole,
  cut,
  disturbClients,
  drainServer,
  dropAcknowledgements,
  faultNames,
  fillDisk,
  freezeServer,
  jumpClock,
  refuseConnections,
  slow,
  type FaultName,
  type Target,
} from './faults.ts';
import { createKills, type KillCounts } from './kills.ts';
import type { CommitWatch } from './commit-watch.ts';

export interface Nemesis {
  readonly faults: Readonly<Record<FaultName, number>>;
  readonly kills: KillCounts;
  readonly killCount: number;
  /** To be called whenever the server has ended, before it starts again. */
  serverEnded(): void;
  /** Goes on until told to stop. */
  start(): void;
  /** Takes every fault back; resolves when nothing is broken any more. Idempotent. */
  stop(): Promise<void>;
}

/** How long the server lives on once most clients are back, in milliseconds. */
const lifeMs = { least: 0, most: 1_400 };
const returnPatienceMs = 6_000;
const faultPauseMs = { least: 100, most: 400 };
/** Now and then a connection lives long enough to be missed by its ping. */
const calmMs = 10_000;

export function createNemesis(
  parts: Omit<Target, 'count' | 'later'>,
  watch: CommitWatch,
  trace: (what: string) => void,
): Nemesis {
  const counts = Object.fromEntries(faultNames.map((name) => [name, 0])) as Record<
    FaultName,
    number
  >;
  const undo = new Map<NodeJS.Timeout, () => void>();
  const target: Target = {
    ...parts,
    count(fault, times = 1) {
      counts[fault] += times;
      trace(fault);
    },
    later(delayMs, then) {
      const timer = setTimeout(() => {
        undo.delete(timer);
        then();
      }, delayMs);
      undo.set(timer, then);
    },
  };
  const killing: Target = { ...target, random: parts.random.fork('kills') };
  const kills = createKills(killing, watch);
  let stopped = false;
  let stopping: Promise<void> | undefined;
  const sleepers = new Set<() => void>();
  const loops: Promise<void>[] = [];

  /** Ends early when the run does. */
  const pause = (ms: number): Promise<void> =>
    new Promise((done) => {
      const end = (): void => {
        clearTimeout(timer);
        sleepers.delete(end);
        done();
      };
      const timer = setTimeout(end, stopped ? 0 : ms);
      sleepers.add(end);
    });

  async function injectFaults(): Promise<void> {
    while (!stopped) {
      await pause(target.random.between(faultPauseMs.least, faultPauseMs.most));
      if (stopped) return;
      target.random.weighted([
        [24, cut],
        [16, blackHole],
        [16, slow],
        [12, dropAcknowledgements],
        [16, disturbClients],
        [4, refuseConnections],
        [4, freezeServer],
        [3, drainServer],
        [2.5, fillDisk],
        [4, jumpClock],
      ])(target);
    }
  }

  async function untilMostAreBack(): Promise<void> {
    const { clients } = target.visitors;
    const deadlineMs = performance.now() + returnPatienceMs;
    const areBack = (): boolean =>
      clients.filter(({ isLive }) => isLive).length > clients.length / 2;
    while (!stopped && !areBack() && performance.now() < deadlineMs) await pause(50);
  }

  async function killAgainAndAgain(): Promise<void> {
    const { random, server } = killing;
    while (!stopped) {
      // Where the machine is slow the server lives longer: one that nobody reaches proves nothing.
      if (random.chance(0.8)) await untilMostAreBack();
      await pause(random.between(lifeMs.least, lifeMs.most));
      if (random.chance(0.02)) await pause(calmMs);
      // Some drains are left to come to their end, others are cut short.
      if (server.isDraining && random.chance(0.6)) {
        await Promise.race([server.ended, pause(8_000)]);
      }
      if (stopped) return;
      const kind = random.weighted([
        [36, 'random'],
        [24, 'commit'],
        [22, 'answer'],
        [18, 'start-up'],
      ] as const);
      trace(`kill, ${kind}`);
      await Promise.race([kills.kill(kind), pause(10_000)]);
    }
  }

  return {
    faults: counts,
    get kills() {
      return kills.counts;
    },
    get killCount() {
      return Object.values(kills.counts.by).reduce((sum, count) => sum + count, 0);
    },
    serverEnded() {
      trace('server ended');
      kills.ended();
    },
    start() {
      loops.push(injectFaults(), killAgainAndAgain());
    },
    stop: () => (stopping ??= stop()),
  };

  async function stop(): Promise<void> {
    stopped = true;
    kills.stop();
    for (const end of [...sleepers]) end();
    await Promise.all(loops);
    for (const [timer, then] of undo) {
      clearTimeout(timer);
      then();
    }
    undo.clear();
    target.clock.shift(0);
    target.disk.free(target.server.pid);
    target.server.signal('SIGCONT');
    target.proxy.heal();
    await target.server.listening();
  }
}
