import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSqliteDriver } from '../../server/stores/sqlite-driver.ts';
import { sqliteFileName } from '../../server/stores/sqlite-file.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connectHello } from './ws-client.ts';

/** Questions that are owed an answer, as a dead server left them. */
async function owedAnswers(dataDir: string): Promise<number> {
  const driver = await loadSqliteDriver();
  const db = driver.open(join(dataDir, sqliteFileName));
  try {
    return (
      db.prepare<{ owed: number }>('SELECT count(*) AS owed FROM owed_answers').get()?.owed ?? 0
    );
  } finally {
    db.close();
  }
}

describe.each(['SIGKILL', 'SIGTERM'] as const)('a server ended by %s', (signal) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ RATE_LIMIT: '1000/1s', DEFAULT_LANG: 'en' });
  });
  afterAll(() => server.stop());

  it('loses nothing that it acknowledged, and answers each question once, in order', async () => {
    // SIGTERM finishes what is under way; SIGKILL is repeated until it hits an answer being owed.
    let hits = 0;
    for (let round = 0; round < (signal === 'SIGKILL' ? 10 : 2) && hits === 0; round += 1) {
      const { client, session } = await connectHello(server.wsUrl);
      const ids = Array.from({ length: 60 }, (_, index) => `r${round}-q${index}`);
      for (const id of ids) client.send(chat(`How do I deploy ${id}?`, id));
      await client.until('chat_message_received', ({ id }) => id === ids[round]);
      const exit = await server.kill(signal);
      if (signal === 'SIGKILL') expect(exit.signal).toBe('SIGKILL');
      else expect(exit.code).toBe(0);
      await client.closed;
      const acknowledged = client.received.flatMap((message) =>
        message.type === 'chat_message_received' ? [{ id: message.id, seq: message.seq }] : [],
      );
      expect(acknowledged.length).toBeGreaterThan(round);
      const owed = await owedAnswers(server.dataDir);
      if (signal === 'SIGTERM') expect(owed).toBe(0);
      hits += owed > 0 ? 1 : 0;

      await server.restart();
      const again = await connectHello(server.wsUrl, { token: session.token, last_seq: 0 });
      expect(again.session.resumed).toBe(true);
      const messages = [...again.messages];
      const asked = (): string[] =>
        messages.flatMap((one) => (one.sender === 'visitor' ? [one.id] : []));
      const answered = (): string[] =>
        messages.flatMap((one) => (one.sender === 'assistant' ? [one.in_reply_to ?? ''] : []));
      while (answered().length < asked().length)
        messages.push(await again.client.until('chat_message'));

      expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
      for (const { id, seq } of acknowledged) {
        expect(messages.filter((message) => message.id === id)).toMatchObject([{ seq }]);
      }
      expect(answered()).toEqual(asked());
      expect(asked()).toEqual(ids.slice(0, asked().length));

      // What was not acknowledged is sent again, with the same ids, and all of it stands there once.
      for (const id of ids) again.client.send(chat(`How do I deploy ${id}?`, id));
      for (const id of ids) {
        const { duplicate } = await again.client.until(
          'chat_message_received',
          (one) => one.id === id,
        );
        expect(duplicate ?? false).toBe(asked().includes(id));
      }
      await again.client.close();
    }
    if (signal === 'SIGKILL') expect(hits).toBe(1);
  });
});
