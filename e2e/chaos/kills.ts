/** SIGKILL, at the moments at which it hurts most. */
import type { CommitWatch } from './commit-watch.ts';
import { walFile, type Target } from './faults.ts';
import { endsTorn } from './torn-transaction.ts';

export const killKinds = ['random', 'commit', 'answer', 'start-up', 'drain'] as const;
export type KillKind = (typeof killKinds)[number];

export interface KillCounts {
  readonly by: Readonly<Record<KillKind, number>>;
  /** Of all: the log ended within a transaction. */
  readonly torn: number;
  /** Of all: some client had an acknowledgement and not yet the answer. */
  readonly owing: number;
}

export interface Kills {
  /** Kills once; resolves when the process is dead, or when the moment did not come. */
  kill(kind: Exclude<KillKind, 'drain'>): Promise<void>;
  readonly counts: KillCounts;
  /** To be called whenever the server has ended, before it starts again. */
  ended(): void;
  /** What waits for its moment waits no more. */
  stop(): void;
}

/** A moment that does not come within this is given up. */
const patienceMs = 1_500;

export function createKills(target: Target, watch: CommitWatch): Kills {
  const { server, visitors, random, disk } = target;
  const by: Record<KillKind, number> = {
    random: 0,
    commit: 0,
    answer: 0,
    'start-up': 0,
    drain: 0,
  };
  let torn = 0;
  let owing = 0;
  let stopped = false;

  /** @returns when the process is dead; nothing where there was none to kill */
  function strike(kind: KillKind): Promise<void> | undefined {
    const { ended, isDraining } = server;
    const isOwing = visitors.progress().unanswered > 0;
    if (stopped || !server.signal('SIGKILL')) return undefined;
    count(isDraining ? 'drain' : kind, isOwing);
    return ended;
  }

  function count(kind: KillKind, isOwing: boolean): void {
    by[kind] += 1;
    if (isOwing) owing += 1;
  }

  const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

  /** Several clients write at once, so that there is something to interrupt. */
  function writeMuch(clients: number, each: number, size: 'short' | 'long'): void {
    const live = visitors.clients.filter(({ isLive }) => isLive);
    if (live.length === 0) return;
    for (let left = clients; left > 0; left -= 1) visitors.burst(random.pick(live), each, size);
  }

  async function killInCommit(): Promise<void> {
    await server.listening();
    const { pid, ended } = server;
    if (pid === undefined || stopped) return;
    const struck = watch.arm(pid, random.chance(0.6) ? 0 : random.between(10, 600));
    writeMuch(random.between(1, 6), random.between(1, 4), random.chance(0.7) ? 'long' : 'short');
    const isOwing = visitors.progress().unanswered > 0;
    const giveUp = setTimeout(() => watch.disarm(), patienceMs);
    if (await struck) {
      count('commit', isOwing);
      await ended;
    }
    clearTimeout(giveUp);
  }

  async function killInAnswer(): Promise<void> {
    await server.listening();
    if (stopped) return;
    await new Promise<void>((done) => {
      const giveUp = setTimeout(done, patienceMs);
      visitors.onNextAcknowledgement(() => {
        clearTimeout(giveUp);
        done(strike('answer'));
      });
      writeMuch(random.between(1, 3), random.between(2, 8), 'short');
    });
    visitors.onNextAcknowledgement(undefined);
  }

  async function killAtStart(): Promise<void> {
    await strike('random');
    for (let again = random.between(1, 2); again > 0; again -= 1) {
      await pause(random.between(0, 600));
      if (server.isListening) return;
      await strike('start-up');
    }
  }

  return {
    async kill(kind) {
      switch (kind) {
        case 'random':
          await strike('random');
          break;
        case 'commit':
          await killInCommit();
          break;
        case 'answer':
          await killInAnswer();
          break;
        case 'start-up':
          await killAtStart();
          break;
      }
    },
    get counts() {
      return { by, torn, owing };
    },
    ended() {
      if (endsTorn(walFile(disk.dataDir))) torn += 1;
    },
    stop() {
      stopped = true;
      watch.disarm();
    },
  };
}
