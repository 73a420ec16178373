import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../server/transports/addresses.ts';
import type { FromServer } from './protocol.ts';

/** A server in a process of its own. */
export interface ChildServer {
  readonly url: string;
  /** CPU time of the whole process so far, all threads, in microseconds. */
  cpuMicros(): Promise<number>;
}

const children: ChildProcess[] = [];

const folders: string[] = [];

/** Ends every process that the benchmark started, and nothing else, and removes what they wrote. */
export async function endChildren(): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }),
  );
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'contact-chat-bench-'));
  folders.push(folder);
  return folder;
}

/** Starts this same program in another role, with an IPC channel. */
export function spawnRole(program: string, role: string): ChildProcess {
  const child = spawn(process.execPath, [program, role, temporaryFolder()], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  return child;
}

/** Starts a peer, which tells its port when it listens. */
export async function startPeer(program: string, role: string): Promise<ChildServer> {
  const child = spawnRole(program, role);
  const { port } = await answerOf(child, 'listening');
  return { url: `ws://127.0.0.1:${port}/contact`, cpuMicros: () => cpuOf(child) };
}

/** Loaded before the server by `--import`: the side channel through which it tells its CPU time. */
const cpuProbe = `data:text/javascript,${encodeURIComponent(
  `process.on('message', (message) => {
    if (message !== 'cpu') return;
    const { user, system } = process.cpuUsage();
    process.send({ type: 'cpu', micros: user + system });
  });
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel.unref();`,
)}`;

/** Starts the built server as its users start it, on a data folder of its own. */
export async function startOurs(answerer: 'off' | 'retrieval'): Promise<ChildServer> {
  const main = resolve('dist/server/main.js');
  const folder = temporaryFolder();
  const port = await freePort('127.0.0.1');
  const child = spawn(process.execPath, ['--import', cpuProbe, main], {
    // Not the checkout: a `.env` there would take part in the measurement.
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      ANSWERER: answerer,
      RATE_LIMIT: '1000000/1s',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  await untilReady(child, `http://127.0.0.1:${port}/readyz`);
  return { url: `ws://127.0.0.1:${port}/contact`, cpuMicros: () => cpuOf(child) };
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url} does not answer 200`);
}

async function cpuOf(child: ChildProcess): Promise<number> {
  const answer = answerOf(child, 'cpu');
  child.send('cpu');
  return (await answer).micros;
}

/** The next message of this type from a child; rejects where the child ends first. */
function answerOf<Type extends FromServer['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<FromServer, { type: Type }>> {
  return new Promise((done, reject) => {
    const ended = (): void => reject(new Error('a server of the benchmark ended'));
    child.once('exit', ended);
    child.on('message', function listen(message: FromServer) {
      if (message.type !== type) return;
      child.off('message', listen);
      child.off('exit', ended);
      done(message as Extract<FromServer, { type: Type }>);
    });
  });
}
