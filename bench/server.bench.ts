/**
 * CPU time of the server for a ping and for a durable acknowledged message, against bare
 * uWebSockets.js (the limit) and a plain `ws` server, and whole turns of the dialogue.
 *
 *   npm run build && npm run bench
 *
 * Every server and the load are processes of their own; this one only directs them. Rounds are
 * interleaved, so that whatever else the machine does meets all servers alike.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endChildren, spawnRole, startOurs, startPeer, type ChildServer } from './child-server.ts';
import { runLoadClient } from './load-client.ts';
import { serveBareUws } from './peers/bare-uws.ts';
import { servePlainWs } from './peers/plain-ws.ts';
import type { FromLoad, LoadOrder, Operation, ToLoad } from './protocol.ts';
import { report, type Sample } from './report.ts';

const program = fileURLToPath(import.meta.url);
const rounds = 3;
const connections = 50;
const deadlineMs = 90_000;

const roles: Record<string, (folder: string) => void | Promise<void>> = {
  'bare-uws': serveBareUws,
  'plain-ws': servePlainWs,
  load: runLoadClient,
};

async function direct(): Promise<void> {
  if (!existsSync(resolve('dist/server/main.js'))) {
    throw new Error('dist/server/main.js is missing: run `npm run build` first, in this folder');
  }
  const limit = await startPeer(program, 'bare-uws');
  const peer = await startPeer(program, 'plain-ws');
  const ours = await startOurs('off');
  const answering = await startOurs('retrieval');
  const load = spawnRole(program, 'load');

  const ping = { ours: [], limit: [], peer: [] } as Record<'ours' | 'limit' | 'peer', Sample[]>;
  const message: typeof ping = { ours: [], limit: [], peer: [] };
  const turns: Sample[] = [];
  const servers = { ours, limit, peer };
  const names = ['ours', 'limit', 'peer'] as const;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) ping[name].push(await measure(load, servers[name], 'ping', 1_500));
    for (const name of names) {
      message[name].push(await measure(load, servers[name], 'message', 2_000));
    }
    turns.push(await measure(load, answering, 'turn', 2_500));
  }
  const page = report({
    rounds,
    connections,
    cpuTimes: [
      { what: 'ping', ...ping },
      { what: 'durable acknowledged message', ...message },
    ],
    turns,
  });
  writeFileSync('bench/results.md', page);
  console.log(page);
}

async function measure(
  load: ChildProcess,
  server: ChildServer,
  operation: Operation,
  durationMs: number,
): Promise<Sample> {
  const { url } = server;
  await ask(load, { type: 'prepare', url, operation, connections, warmUpMs: 700, durationMs });
  const before = await server.cpuMicros();
  const done = await ask(load, { type: 'go' });
  const used = (await server.cpuMicros()) - before;
  if (done.type !== 'done' || done.operations === 0) throw new Error(`nothing done at ${url}`);
  return {
    cpuMicros: used / done.operations,
    perSecond: (done.operations / done.elapsedMs) * 1000,
    p50Ms: done.p50Ms,
    p99Ms: done.p99Ms,
  };
}

function ask(load: ChildProcess, order: ToLoad | LoadOrder): Promise<FromLoad> {
  return new Promise((resolvePromise, reject) => {
    load.once('message', (answer: FromLoad) => {
      if (answer.type === 'failed') reject(new Error(answer.reason));
      else resolvePromise(answer);
    });
    load.send(order);
  });
}

const role = roles[process.argv[2] ?? ''];
if (role) {
  await role(process.argv[3] ?? '');
} else {
  const deadline = setTimeout(() => {
    console.error(`the benchmark did not end within ${deadlineMs / 1000} s`);
    void endChildren().finally(() => process.exit(1));
  }, deadlineMs);
  process.on('SIGINT', () => {
    void endChildren().finally(() => process.exit(130));
  });
  try {
    await direct();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    clearTimeout(deadline);
    await endChildren();
  }
}
