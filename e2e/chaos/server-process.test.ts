import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startServerProcess } from './server-process.ts';

it('starts again on its port whenever it ends, and tells a kill from a crash', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'contact-chat-chaos-test-'));
  let ends = 0;
  const server = await startServerProcess({
    cwd: folder,
    env: { DATA_DIR: join(folder, 'data'), DEFAULT_LANG: 'en', ANSWERER: 'off' },
    onEnded: () => void (ends += 1),
  });
  const isReady = async (): Promise<boolean> =>
    (await fetch(`http://127.0.0.1:${server.port}/readyz`)).ok;
  try {
    expect(await isReady()).toBe(true);
    const first = server.pid;
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const { ended } = server;
      expect(server.signal(signal)).toBe(true);
      await ended;
      await server.listening();
      expect(await isReady()).toBe(true);
    }
    expect(server.pid).not.toBe(first);
    expect([server.starts, ends, server.crashes, server.failedStarts]).toEqual([3, 2, [], []]);

    const { ended } = server;
    server.signal('SIGABRT');
    await ended;
    await server.listening();
    expect(server.crashes).toHaveLength(1);
    expect(server.crashes[0]).toContain('SIGABRT after:\n{');
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  expect(server.pid).toBe(undefined);
});
