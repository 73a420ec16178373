import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { expect, it } from 'vitest';

import { childScripts } from './child-script.ts';
import { openSqliteStore } from './sqlite.ts';
import { allMessages } from './store.contract-fixtures.ts';

const conversationIds = ['c0', 'c1', 'c2', 'c3'];

// Appends without end, several in flight in each conversation, and reports each acknowledgement.
const writer = `
  import { writeSync } from 'node:fs';
  import { openSqliteStore } from './sqlite.mjs';
  const [dataDir, round] = process.argv.slice(2);
  const store = await openSqliteStore({ dataDir, onError: (error) => { throw error; } });
  const write = async (conversationId, lane) => {
    for (let n = 0; ; n += 1) {
      const message = { id: \`r\${round}-\${lane}-\${n}\`, sender: 'visitor', text: 'x'.repeat(n % 3000), atMs: n };
      const owedAnswer = { holder: 'child', untilMs: n + 1 };
      const result = await store.append({ conversationId, message, owedAnswer });
      writeSync(1, \`\${conversationId} \${message.id} \${result.message.seq} \${result.status}\\n\`);
    }
  };
  for (const conversationId of ${JSON.stringify(conversationIds)})
    for (const lane of ['a', 'b', 'c']) write(conversationId, lane);
`;

it('keeps every acknowledged message, once and in order, through kills at any moment', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-kill-'));
  const children = await childScripts(['sqlite']);
  try {
    const script = await children.script(writer);
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < 10; round += 1) {
      const linesUntilKill = 1 + Math.floor(Math.random() * 400);
      for (const line of await writeUntilKilled(script, dataDir, round, linesUntilKill)) {
        const [conversationId, id, seq, status] = line.split(' ');
        expect(status).toBe('stored');
        expect(acknowledged.has(`${conversationId}/${id}`)).toBe(false);
        acknowledged.set(`${conversationId}/${id}`, Number(seq));
      }
      await expectAllKept(dataDir, acknowledged);
    }
  } finally {
    await children.remove();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 120_000);

/** Lets a child write until it has reported so many lines, kills it, and returns all its lines. */
async function writeUntilKilled(
  script: string,
  dataDir: string,
  round: number,
  count: number,
): Promise<string[]> {
  const child = spawn(process.execPath, [script, dataDir, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === count) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  // The kill may have cut the last line short.
  return lines.filter((line) => line.endsWith(' stored'));
}

async function expectAllKept(dataDir: string, acknowledged: ReadonlyMap<string, number>) {
  const store = await openSqliteStore({
    dataDir,
    onError(error) {
      throw error;
    },
  });
  const stored = new Map<string, number>();
  let count = 0;
  for (const conversationId of conversationIds) {
    const messages = await allMessages(store, conversationId);
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
    for (const { id, seq } of messages) stored.set(`${conversationId}/${id}`, seq);
    count += messages.length;
  }
  expect(stored.size).toBe(count);
  for (const [name, seq] of acknowledged) expect(stored.get(name), name).toBe(seq);
  // What is owed was written in the same transaction as what owes it.
  expect((await store.owedWork()).answers).toBe(count);
  await store.close();
}
