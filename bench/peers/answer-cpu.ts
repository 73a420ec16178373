import type { FromServer } from '../protocol.ts';

/** Tells the parent the CPU time that this process has used, whenever it asks. */
export function answerCpu(): void {
  process.on('message', (message) => {
    if (message === 'cpu') tellParent({ type: 'cpu', micros: usedMicros() });
  });
  // A peer never outlives the benchmark, however that ended.
  process.on('disconnect', () => process.exit());
}

const usedMicros = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

export const tellParent = (message: FromServer): void => void process.send?.(message);
