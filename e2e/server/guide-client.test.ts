import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startTestServer } from './start-test-server.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('guide-client.py', import.meta.url));

/** A Python that has the module `websockets`: the one on the path, or that of the system. */
async function findPython(): Promise<string | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = await run(python, ['-c', 'import websockets']).catch(() => undefined);
    if (found) return python;
  }
  return undefined;
}

const python = await findPython();

describe("the guide's client in Python", () => {
  if (python === undefined) {
    it('is not tried: no python3 here has the module websockets (on CI it must)', () => {
      console.warn('No python3 with websockets: install python3-websockets to run this test.');
      expect(process.env['CI']).not.toBe('true');
    });
    return;
  }

  it.each(['/contact', '/websocket/contact'])('talks as the guide shows, at %s', async (path) => {
    const server = await startTestServer();
    try {
      const { stdout } = await run(python, [script, new URL(path, server.wsUrl).href]);
      const received = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; message?: string });
      const turn = ['chat_message_received', 'chat_message', 'pong'];
      expect(received.map(({ type }) => type)).toEqual([
        ...['connection_established', 'contact_request_received'],
        ...[...turn, ...turn, ...turn, ...turn, 'error', 'pong'],
      ]);
      expect(received.map(({ message }) => message)).toEqual(
        expect.arrayContaining([
          ...['WebSocket连接已建立', '联系请求已收到，博主将尽快回复您', '消息已收到'],
          '消息格式错误，必须是有效的JSON',
        ]),
      );
    } finally {
      await server.stop();
    }
  });
});
