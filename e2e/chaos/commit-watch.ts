/** Kills a process in the moment in which its write-ahead log changes. */
import { Worker } from 'node:worker_threads';

export interface CommitWatch {
  /** The next change of the log kills this process; resolves when it did, or was disarmed. */
  arm(pid: number, afterMicroseconds: number): Promise<boolean>;
  /** Lets the process live after all. */
  disarm(): void;
  close(): Promise<void>;
}

// A thread of its own: the main one is busy with hundreds of sockets, and a transaction is over
// within a fraction of a millisecond.
const watcher = `
const { parentPort, workerData } = require('node:worker_threads');
const { watch } = require('node:fs');
let target;
parentPort.on('message', (message) => (target = message));
watch(workerData.folder, (_event, name) => {
  if (target === undefined || !String(name).endsWith('-wal')) return;
  const { pid, afterMicroseconds } = target;
  target = undefined;
  const until = process.hrtime.bigint() + BigInt(afterMicroseconds) * 1000n;
  while (process.hrtime.bigint() < until);
  let killed = true;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    killed = false;
  }
  parentPort.postMessage(killed);
});
parentPort.postMessage('ready');
`;

/** @param folder - the data folder of the server, which exists */
export async function createCommitWatch(folder: string): Promise<CommitWatch> {
  const worker = new Worker(watcher, { eval: true, workerData: { folder } });
  worker.unref();
  let settle: ((killed: boolean) => void) | undefined;
  await new Promise<void>((done) => worker.once('message', () => done()));
  worker.on('message', (killed: boolean) => finish(killed));

  function finish(killed: boolean): void {
    settle?.(killed);
    settle = undefined;
  }
  return {
    arm(pid, afterMicroseconds) {
      finish(false);
      return new Promise((done) => {
        settle = done;
        worker.postMessage({ pid, afterMicroseconds }, []);
      });
    },
    disarm() {
      worker.postMessage(undefined, []);
      finish(false);
    },
    async close() {
      finish(false);
      await worker.terminate();
    },
  };
}
