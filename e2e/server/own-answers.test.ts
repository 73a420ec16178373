import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { slowAnswerTo, startSlowService } from './slow-service.ts';
import { runCommand, startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect } from './ws-client.ts';

const docs = new URL('../../docs/', import.meta.url);
const sorry = '抱歉，我暂时无法处理您的请求，请稍后再试。';

const chain = `
async def get_qa_response(message):
    if message == "break":
        raise RuntimeError("the chain is broken")
    return "你问的是：" + message
`;

let server: TestServer | undefined;
afterEach(() => server?.stop());

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
}

/** The first Python program of a page of the documentation, on another port. */
async function programOf(lang: string, port: number): Promise<string> {
  const page = await readFile(new URL(`${lang}/use-your-own-answers.md`, docs), 'utf8');
  const program = /```python\n(.*?)```/s.exec(page)?.[1] ?? '';
  expect(program).toContain('9000');
  return program.replace('9000', String(port));
}

it.each(['en', 'zh'])(
  'the Python service of the %s documentation answers the chat',
  async (lang) => {
    const folder = await mkdtemp(join(tmpdir(), 'contact-chat-chain-'));
    const port = await freePort();
    await writeFile(join(folder, 'my_chain.py'), chain);
    await writeFile(join(folder, 'service.py'), await programOf(lang, port));
    const python = spawn('python3', ['-u', 'service.py'], { cwd: folder, stdio: 'ignore' });
    onTestFinished(async () => {
      python.kill();
      await once(python, 'exit');
      await rm(folder, { recursive: true, force: true });
    });
    const QA_URL = `http://127.0.0.1:${port}/`;
    server = await startTestServer({ ANSWERER: 'http', QA_URL });
    await expect
      .poll(
        () =>
          fetch(QA_URL).then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    const client = await connect(server.wsUrl);
    for (const message of ['你好', 'break', 'How is it built?']) client.send(chat(message));
    const answers = [];
    while (answers.length < 3) answers.push((await client.until('chat_message')).message);
    expect(answers).toEqual(['你问的是：你好', sorry, '你问的是：How is it built?']);
  },
);

it('a service that does not answer in time is left, and asked again with the next question', async () => {
  const service = await startSlowService();
  onTestFinished(() => service.stop());
  service.hold(0);
  server = await startTestServer({
    ...{ ANSWERER: 'http', QA_URL: service.url, ANSWER_TIMEOUT: '5s' },
  });
  const client = await connect(server.wsUrl);
  client.send(chat('first'));
  expect((await client.until('chat_message')).message).toBe(sorry);
  await expect.poll(() => service.brokenOff()).toBe(1);
  service.letOn();
  client.send(chat('second'));
  expect((await client.until('chat_message')).message).toBe(slowAnswerTo('second'));
  expect(service.asked).toEqual(['first', 'second']);
});

it('a server that is to ask a service and is not told where says so in one line', async () => {
  const { code, stderr } = await runCommand([], { ANSWERER: 'http' });
  expect(code).not.toBe(0);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain('QA_URL');
});
