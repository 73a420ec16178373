import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { check } from '../chaos/check-run.ts';
import type { ClientHistory } from '../chaos/history.ts';
import { readStoredState } from '../chaos/stored-state.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';

const script = fileURLToPath(new URL('independent-client.py', import.meta.url));
const clients = 40;
const kills = 25;

/** What the program prints at the end. */
interface Result {
  readonly clients: readonly ClientHistory[];
  /** What was not sent or not answered when it gave up waiting. */
  readonly unfinished: readonly string[];
  /** Clients that ended by themselves, and why. */
  readonly broken: readonly string[];
  readonly breaks: number;
  readonly resumes: number;
}

/** A Python that has the module `websockets`: the one on the path, or that of the system. */
async function findPython(): Promise<string> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = await promisify(execFile)(python, ['-c', 'import websockets']).catch(() => false);
    if (found) return python;
  }
  throw new Error(
    'No python3 here has the module websockets. Install it: apt-get install python3-websockets',
  );
}

/** Runs the program; tells of each acknowledgement that a client of it gets. */
function runClients(python: string, address: string) {
  const child = spawn(python, [script, address, String(clients)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  let result: Result | undefined;
  let acknowledgements = 0;
  let wake = (): void => undefined;
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (line === 'ack') acknowledgements += 1;
    else result = JSON.parse(line) as Result;
    wake();
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
      wake();
    });
    child.once('error', (error) => {
      complaints += String(error);
      resolve();
      wake();
    });
  });
  return {
    /** The next acknowledgements: a question has been stored and its answer is still owed. */
    async acknowledged(count: number): Promise<void> {
      const until = acknowledgements + count;
      while (acknowledgements < until) {
        if (child.exitCode !== null) throw new Error(`The clients ended early:\n${complaints}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    async finish(): Promise<Result> {
      child.stdin.end('finish\n');
      await ended;
      if (!result) throw new Error(`The clients gave no result:\n${complaints}`);
      return result;
    },
    async stop(): Promise<void> {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Kills at a random moment, or right after something was acknowledged; sometimes while starting. */
async function killAndRestart(
  server: TestServer,
  program: ReturnType<typeof runClients>,
  round: number,
): Promise<void> {
  await program.acknowledged(1 + Math.floor(Math.random() * 40));
  if (round % 2 === 0) await pause(Math.random() * 600);
  const exit = await server.kill('SIGKILL');
  expect(exit.signal).toBe('SIGKILL');
  if (round % 5 === 4) {
    const starting = server.restart().catch(() => undefined);
    await pause(Math.random() * 800);
    await server.kill('SIGKILL');
    await starting;
  }
  await server.restart();
}

describe('clients that share no code with this tree', () => {
  it(`lose, double and reorder nothing through ${kills} kills [D1] [D2] [D3] [D4] [D6]`, async () => {
    const python = await findPython();
    const server = await startTestServer({ RATE_LIMIT: '100000/1s', DEFAULT_LANG: 'en' });
    const program = runClients(python, server.wsUrl);
    try {
      for (let round = 0; round < kills; round += 1) await killAndRestart(server, program, round);
      const result = await program.finish();
      await server.kill('SIGTERM');
      const { conversations: stored, owedAnswers } = await readStoredState(server.dataDir);
      const report = check({ clients: result.clients, pages: [], stored });
      console.log(
        `${kills} kills, ${result.breaks} broken connections, ${result.resumes} resumed sessions:`,
        JSON.stringify(report.counts),
      );
      expect(report.findings).toEqual([]);
      expect(report.counts).toMatchObject({ lost: 0, doubled: 0, reordered: 0, unanswered: 0 });
      expect(result).toMatchObject({ unfinished: [], broken: [] });
      expect(owedAnswers).toBe(0);

      // The same once more without the checker: what was typed stands there once, in a row.
      const typed = result.clients.flatMap(({ events }) =>
        events.flatMap((event) => (event.type === 'typed' ? [`${event.id} ${event.text}`] : [])),
      );
      const rows = stored.flatMap(({ messages }) => messages);
      const visitors = rows.filter(({ sender }) => sender === 'visitor');
      expect(visitors.map(({ id, text }) => `${id} ${text}`).sort()).toEqual(typed.sort());
      for (const { messages } of stored) {
        expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
        const questions = messages.filter((row) => row.sender === 'visitor' && !row.kind);
        const answers = messages.filter(({ sender }) => sender === 'assistant');
        expect(answers.map(({ id }) => id)).toEqual(questions.map(({ id }) => `ai:${id}`));
      }
      // And it was worth the trouble: everybody was cut off again and again, and spoke.
      expect(result.breaks).toBeGreaterThan(kills * 5);
      expect(result.resumes).toBeGreaterThan(kills * 5);
      expect(report.counts.typed).toBeGreaterThan(clients * 5);
      for (const { client, events } of result.clients) {
        const acknowledged = events.filter(({ type }) => type === 'acknowledged');
        expect(acknowledged.length, client).toBeGreaterThan(0);
      }
    } finally {
      await program.stop();
      await server.stop();
    }
  }, 600_000);
});
