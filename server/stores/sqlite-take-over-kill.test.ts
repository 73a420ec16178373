/** That taking over is one with the reply that does it, whenever the server is killed. */
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

// In one conversation after the other: a question that is owed an answer, then the owner's reply.
const writer = `
  import { writeSync } from 'node:fs';
  import { openSqliteStore } from './sqlite.mjs';
  const [dataDir, round] = process.argv.slice(2);
  const store = await openSqliteStore({ dataDir, onError: (error) => { throw error; } });
  const lane = async (name) => {
    for (let n = 0; ; n += 1) {
      const conversationId = \`r\${round}-\${name}-\${n}\`;
      const message = { id: 'q', sender: 'visitor', text: 'why?', atMs: n };
      await store.append({ conversationId, message, waiting: 'human_request', owedAnswer: { holder: 'child', untilMs: 1e15 } });
      writeSync(1, \`\${conversationId} asked\\n\`);
      if (name === 'a') {
        await store.updateConversation(conversationId, { answering: 'owner' });
      } else {
        const reply = { id: 'o', sender: 'owner', text: 'because', atMs: n };
        await store.append({ conversationId, message: reply, takesOver: true });
      }
      writeSync(1, \`\${conversationId} taken\\n\`);
    }
  };
  for (const name of ['a', 'b', 'c']) lane(name);
`;

it('a take-over is whole or has not been, through kills at any moment [D6]', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-take-over-'));
  const children = await childScripts(['sqlite']);
  try {
    const script = await children.script(writer);
    const told = new Map<string, string>();
    for (let round = 0; round < 16; round += 1) {
      const child = spawn(process.execPath, [script, dataDir, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      const killAfter = 1 + Math.floor(Math.random() * 200);
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        const [id, what] = line.split(' ');
        if (id !== undefined && (what === 'asked' || what === 'taken')) told.set(id, what);
        lines += 1;
        if (lines === killAfter) child.kill('SIGKILL');
      }
      expect(await exited).toEqual([null, 'SIGKILL']);
      await expectWhole(dataDir, told);
    }
  } finally {
    await children.remove();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 120_000);

async function expectWhole(dataDir: string, told: ReadonlyMap<string, string>): Promise<void> {
  const store = await openSqliteStore({
    dataDir,
    onError(error) {
      throw error;
    },
  });
  const lease = { holder: 'now', untilMs: 1 };
  const owed = await store.claimAnswers({ lease, nowMs: 0, limit: 100_000 });
  const owedIn = new Set(owed.map(({ conversationId }) => conversationId));
  for (const [id, what] of told) {
    const summary = await store.summary(id);
    const taken = summary?.view === 'mine';
    // What was acknowledged is there; what was under way is there whole or not at all.
    if (what === 'taken') expect(taken, id).toBe(true);
    const replies = (await allMessages(store, id)).filter(({ sender }) => sender === 'owner');
    const isReplied = id.includes('-a-') ? 0 : 1;
    expect({ owed: owedIn.has(id), replies: replies.length, ...summary }, id).toMatchObject(
      taken
        ? { owed: false, replies: isReplied, answering: 'owner' }
        : { owed: true, replies: 0, view: 'waiting', waiting: 'human_request' },
    );
  }
  const counts = await store.viewCounts();
  expect(counts.waiting).toBe(owed.length);
  await store.close();
}
