/** The owner's inbox on a real socket of a server that holds very many conversations. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../server/stores/sqlite.ts';
import { ask, joinConsole, logIn, ownerToken, type ConsoleClient } from './console-client.ts';
import { startTestServer } from './start-test-server.ts';

const env = { ANSWERER: 'off', OWNER_TOKEN: ownerToken, DEFAULT_LANG: 'en', DEMO: 'off' };

describe('the socket of an inbox with 10,000 conversations', () => {
  it('tells what changed since, or that all is to be read anew, and goes on', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-many-'));
    const store = await openSqliteStore({
      dataDir,
      onError: (error) => expect(error).toBeUndefined(),
    });
    const atMs = Date.now() - 86_400_000;
    for (let slice = 0; slice < 100; slice += 1) {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => {
          const id = `c-${slice * 100 + index}`;
          const message = { id: 'm1', sender: 'visitor', text: `I am ${id}`, atMs } as const;
          return store.append({ conversationId: id, message });
        }),
      );
    }
    const newest = await store.revision();
    await store.close();
    const many = await startTestServer({ ...env, DATA_DIR: dataDir });
    try {
      const by = await logIn(many.url);
      const all = await joinConsole(many.url, by, { revision: 0 });
      await all.when('refresh', (each) => each.of('refresh').length === 1);
      expect(all.of('ready')[0]).toMatchObject({ revision: newest });
      const { counts } = all.of('ready')[0] ?? {};
      expect((counts?.assistant ?? 0) + (counts?.waiting ?? 0)).toBe(10_000);

      const some = await joinConsole(many.url, by, { revision: newest - 400 });
      await some.when('400', (each) => each.of('conversation').length === 400);
      const revisions = some.of('conversation').map(({ conversation }) => conversation.revision);
      expect(revisions).toEqual(Array.from({ length: 400 }, (_, index) => newest - 399 + index));

      await ask(many.url, '/conversations/c-17/messages', 'POST', { message: 'welcome' });
      const isMine = (each: ConsoleClient): boolean =>
        each.conversations().get('c-17')?.view === 'mine';
      await Promise.all([all, some].map((each) => each.when('the reply', isMine)));
      expect(all.of('conversation')).toHaveLength(1);
      const counted = (each: ConsoleClient): boolean =>
        each.of('counts').some((event) => event.counts.mine === 1) ||
        each.of('conversation').some((event) => event.counts.mine === 1);
      await Promise.all([all, some].map((each) => each.when('the numbers', counted)));
      all.terminate();
      some.terminate();
    } finally {
      await many.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
