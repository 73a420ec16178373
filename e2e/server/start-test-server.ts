/**
 * The built server as a child process, for tests from outside. Knows no test runner: whoever
 * starts one stops it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Variables of the server; `undefined` leaves one out that would be set otherwise. */
export type ServerEnv = Readonly<Record<string, string | undefined>>;

/** How a process ended: one of the two is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface TestServer {
  /** `http://127.0.0.1:<port>`; the same after a restart. */
  readonly url: string;
  /** `ws://127.0.0.1:<port>/contact` */
  readonly wsUrl: string;
  readonly dataDir: string;
  /** Of the process that runs now. */
  readonly pid: number | undefined;
  /** Everything written to standard output and standard error, of earlier starts too. */
  log(): string;
  /** Sends a signal, SIGKILL if not said otherwise, and resolves when the process has ended. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the process that runs now has ended. */
  readonly exited: Promise<Exit>;
  /** Starts again on the same port and data folder; ends the process first if need be. */
  restart(env?: ServerEnv): Promise<void>;
  /** Ends the process and removes the data folder, if it was made here. Idempotent. */
  stop(): Promise<Exit>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const distDir = resolve(root, process.env['CONTACT_CHAT_TEST_DIST'] ?? 'dist');
/** A module of the built server, such as `main.js`. */
export const builtServer = (name: string): string => join(distDir, 'server', name);

const startMs = 60_000;
const stopMs = 45_000;

// A test runner that is interrupted leaves no server behind.
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function run(
  commandLine: readonly string[],
  env: ServerEnv,
  cwd: string,
): { readonly child: ChildProcess; readonly exited: Promise<Exit> } {
  const main = builtServer('main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing: run "npm run build" first`);
  const kept = Object.fromEntries(
    ['PATH', 'HOME', 'CONTACT_CHAT_TRANSPORT'].map((name) => [name, process.env[name]]),
  );
  const child = spawn(process.execPath, [main, ...commandLine], {
    cwd,
    env: Object.fromEntries(
      Object.entries({ ...kept, ...env }).filter(([, value]) => value !== undefined),
    ),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const exited = new Promise<Exit>((done) => {
    // `close` comes after everything was read of the output.
    child.once('close', (code, signal) => {
      running.delete(child);
      done({ code, signal });
    });
  });
  return { child, exited };
}

/**
 * Runs the command line until it ends by itself, for what is to fail or only prints.
 *
 * @param options.cwd - default: a folder of its own, removed afterwards
 */
export async function runCommand(
  commandLine: readonly string[],
  env: ServerEnv = {},
  options: { readonly cwd?: string } = {},
): Promise<Exit & { readonly stdout: string; readonly stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-chat-run-'));
  try {
    const { child, exited } = run(commandLine, env, options.cwd ?? folder);
    const output = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    const giveUp = setTimeout(() => child.kill('SIGKILL'), startMs);
    const exit = await exited;
    clearTimeout(giveUp);
    return { ...exit, ...output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Starts the built server on a free port of 127.0.0.1 with a data folder of its own, and waits
 * until it listens.
 *
 * @param env - variables that differ from a server with nothing configured
 * @param options.cwd - where it runs, and where it finds a `.env`; default: the data folder
 * @throws where it ends or says nothing for a minute; the message has all that it wrote
 */
export async function startTestServer(
  env: ServerEnv = {},
  options: { readonly cwd?: string } = {},
): Promise<TestServer> {
  const ownFolder = env['DATA_DIR'] === undefined;
  const dataDir = env['DATA_DIR'] ?? (await mkdtemp(join(tmpdir(), 'contact-chat-test-')));
  let log = '';
  let address = '';
  let port = env['PORT'] ?? '0';
  let current: ReturnType<typeof run> | undefined;
  let last: Exit = { code: null, signal: null };
  let variables = env;

  async function start(): Promise<void> {
    const settings = { ...variables, PORT: port, DATA_DIR: dataDir, LOG_FORMAT: 'json' };
    const started = run([], settings, options.cwd ?? dataDir);
    current = started;
    void started.exited.then((exit) => {
      last = exit;
      if (current === started) current = undefined;
    });
    const listening = new Promise<string>((done) => {
      let line = '';
      started.child.stdout?.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        line += chunk.toString();
        const lines = line.split('\n');
        line = lines.pop() ?? '';
        for (const whole of lines) {
          const found = addressIn(whole);
          if (found) done(found);
        }
      });
      started.child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    });
    let giveUp: NodeJS.Timeout | undefined;
    const tooLate = new Promise<'too late'>((done) => {
      giveUp = setTimeout(() => done('too late'), startMs);
    });
    const outcome = await Promise.race([listening, started.exited, tooLate]);
    clearTimeout(giveUp);
    if (typeof outcome === 'string' && outcome !== 'too late') {
      address = outcome;
      port = new URL(outcome).port;
      return;
    }
    started.child.kill('SIGKILL');
    await started.exited;
    const why =
      outcome === 'too late'
        ? `did not listen within ${startMs / 1000} s`
        : `ended with ${outcome.code ?? outcome.signal}`;
    throw new Error(`The server ${why}. It wrote:\n${log || '(nothing)'}`);
  }

  async function kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    const ending = current;
    if (!ending) return last;
    ending.child.kill(signal);
    const giveUp = setTimeout(() => ending.child.kill('SIGKILL'), stopMs);
    const exit = await ending.exited;
    clearTimeout(giveUp);
    return exit;
  }

  async function removeFolder(): Promise<void> {
    if (ownFolder) await rm(dataDir, { recursive: true, force: true });
  }

  await start().catch(async (error: unknown) => {
    await removeFolder();
    throw error;
  });
  return {
    get url() {
      return address;
    },
    get wsUrl() {
      return `${address.replace(/^http/, 'ws')}/contact`;
    },
    dataDir,
    get pid() {
      return current?.child.pid;
    },
    log: () => log,
    kill,
    signal: (signal) => void current?.child.kill(signal),
    get exited() {
      return current?.exited ?? Promise.resolve(last);
    },
    async restart(changed) {
      await kill('SIGTERM');
      variables = { ...variables, ...changed };
      await start();
    },
    async stop() {
      const exit = await kill('SIGTERM');
      await removeFolder();
      return exit;
    },
  };
}

/** The address in the log line that says the server listens. */
function addressIn(line: string): string | undefined {
  try {
    const { address } = JSON.parse(line) as { address?: unknown };
    return typeof address === 'string' ? address : undefined;
  } catch {
    return undefined;
  }
}
