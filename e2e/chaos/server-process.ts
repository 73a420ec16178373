/** The built server as a child process that is started again, at once, whenever it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';

export interface ServerProcess {
  readonly port: number;
  /** Of the process that runs now, listening or still starting. */
  readonly pid: number | undefined;
  readonly isListening: boolean;
  /** SIGTERM was sent, and it has not ended yet. */
  readonly isDraining: boolean;
  /** Starts that came as far as to listen. */
  readonly starts: number;
  /** Starts that ended by themselves, such as on a full disk. */
  readonly failedStarts: readonly string[];
  /** Ends that nobody asked for after it had listened. */
  readonly crashes: readonly string[];
  /** Sends a signal to the process that runs now. */
  signal(signal: NodeJS.Signals): boolean;
  /** Resolves when the process that runs now has ended. */
  readonly ended: Promise<void>;
  /** Resolves when one listens. */
  listening(): Promise<void>;
  /** Ends it for good, with SIGTERM, then after a while SIGKILL. */
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Called between the end of one process and the start of the next. */
  onEnded?(): void;
}

const keptLines = 30;
const stopMs = 45_000;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((done) => probe.close(() => done()));
  return port;
}

/** Resolves when it listens for the first time; rejects where it ends before. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const dist = resolve(process.env['CONTACT_CHAT_TEST_DIST'] ?? 'dist');
  const port = await freePort();
  const failedStarts: string[] = [];
  const crashes: string[] = [];
  let child: ChildProcess | undefined;
  let ended = Promise.resolve();
  let starts = 0;
  let isListening = false;
  let isStopping = false;
  let signalled = false;
  let isDraining = false;
  let hasDied: ((reason: string) => void) | undefined;
  let waiting: (() => void)[] = [];
  const endChild = (): void => void child?.kill('SIGKILL');
  process.once('exit', endChild);

  function start(): void {
    const started = spawn(process.execPath, [resolve(dist, 'server', 'main.js')], {
      cwd: options.cwd,
      env: { PATH: process.env['PATH'], ...options.env, PORT: String(port), LOG_FORMAT: 'json' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    isListening = signalled = isDraining = false;
    const lines: string[] = [];
    let partial = '';
    const read = (chunk: Buffer): void => {
      const parts = (partial + chunk.toString()).split('\n');
      partial = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (!isListening && line.includes('"address":')) nowListens();
      }
      lines.splice(0, lines.length - keptLines);
    };
    started.stdout?.on('data', read);
    started.stderr?.on('data', read);
    ended = new Promise((done) => {
      started.once('close', (code, signal) => {
        const how = `${signal ?? `code ${code}`} after:\n${[...lines, partial].join('\n')}`;
        // Nobody else sends SIGKILL, be it from here or from another thread.
        const isBad = signal !== 'SIGKILL' && (!signalled || code !== 0);
        if (isListening && isBad) crashes.push(how);
        else if (!isListening && isBad) failedStarts.push(how);
        const wasListening = isListening;
        isListening = false;
        child = undefined;
        options.onEnded?.();
        done();
        if (starts === 0) hasDied?.(how);
        else if (!isStopping) {
          // One that cannot start, such as on a full disk, tries again with a breath in between.
          if (wasListening || !isBad) start();
          else setTimeout(() => !isStopping && start(), 200);
        }
      });
    });
  }

  function nowListens(): void {
    isListening = true;
    starts += 1;
    for (const tell of waiting) tell();
    waiting = [];
  }

  async function listening(): Promise<void> {
    if (!isListening) await new Promise<void>((done) => waiting.push(done));
  }

  start();
  await new Promise<void>((done, failed) => {
    hasDied = (reason) => failed(new Error(`The server ended with ${reason}`));
    void listening().then(done);
  });

  return {
    port,
    get pid() {
      return child?.pid;
    },
    get isListening() {
      return isListening;
    },
    get isDraining() {
      return isDraining;
    },
    get starts() {
      return starts;
    },
    failedStarts,
    crashes,
    signal(signal) {
      if (!child) return false;
      if (signal === 'SIGKILL' || signal === 'SIGTERM') signalled = true;
      if (signal === 'SIGTERM') isDraining = true;
      return child.kill(signal);
    },
    get ended() {
      return ended;
    },
    listening,
    async stop() {
      isStopping = true;
      process.off('exit', endChild);
      const ending = child;
      if (!ending) return;
      signalled = true;
      ending.kill('SIGCONT');
      ending.kill('SIGTERM');
      const giveUp = setTimeout(() => ending.kill('SIGKILL'), stopMs);
      await ended;
      clearTimeout(giveUp);
    },
  };
}
