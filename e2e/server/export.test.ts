/** `contact-chat export`, and what the command line says of it and of `backup`. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSqliteDriver } from '../../server/stores/sqlite-driver.ts';
import { sqliteFileName } from '../../server/stores/sqlite-file.ts';
import { openSqliteStore } from '../../server/stores/sqlite.ts';
import { fill, ids, startWriter } from './faulty-storage.ts';
import { builtServer, runCommand, startTestServer } from './start-test-server.ts';

const env = { ANSWERER: 'off', RATE_LIMIT: '100000/1s', DEFAULT_LANG: 'en', DEMO: 'off' };

let folder: string;
let dataDir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-chat-export-test-'));
  dataDir = join(folder, 'data');
  await mkdir(dataDir);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const exported = (...arguments_: string[]) =>
  runCommand(['export', ...arguments_], { DATA_DIR: dataDir }, { cwd: folder });

describe('contact-chat export', () => {
  const records = (stdout: string) =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('prints each conversation and its messages with the names of the wire [D16]', async () => {
    const { open } = await loadSqliteDriver();
    const db = open(join(dataDir, sqliteFileName));
    const fixture = new URL('../../server/stores/fixtures/schema-1.sql', import.meta.url);
    db.exec(readFileSync(fixture, 'utf8'));
    db.close();
    // A file of an older version is read as it is, and not brought to today's tables.
    const { code, stdout, stderr } = await exported();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const all = records(stdout);
    expect(all.filter(({ type }) => type === 'conversation').map(({ id }) => id)).toEqual([
      ...['owed', 'whole', 'long'],
    ]);
    expect(all).toHaveLength(3 + 37);
    const whole = all.slice(4, 9);
    expect(whole).toEqual([
      {
        type: 'conversation',
        id: 'whole',
        created_at: '2026-11-20T09:30:00.000Z',
        updated_at: '2026-11-20T09:30:09.000Z',
        last_seq: 4,
        answering: 'owner',
        lang: 'zh-CN',
        user_agent: 'UA/1',
        page: { url: 'https://blog.example/a', title: 'A' },
        user: 'user-7',
        name: 'Wei',
        email: 'wei@example.com',
        read_by_visitor: 3,
        read_by_owner: 4,
      },
      {
        type: 'message',
        conversation_id: 'whole',
        seq: 1,
        id: 'c-1',
        sender: 'visitor',
        message: 'Please write to me',
        timestamp: '2026-11-20T09:30:00.000Z',
        client_timestamp: '2026-11-20T10:30:00+01:00',
        kind: 'contact_request',
        contact: {
          name: 'Wei',
          email: 'wei@example.com',
          userAgent: 'UA/1',
          page: { url: 'https://blog.example/a', title: 'A' },
        },
      },
      {
        type: 'message',
        conversation_id: 'whole',
        seq: 2,
        id: 'q-1',
        sender: 'visitor',
        message: 'line one\nline two; \'quoted\' "and" 你好 👋 nul:\0 one:\u0001 half:\ud800',
        timestamp: '2026-11-20T09:30:01.000Z',
      },
      {
        type: 'message',
        conversation_id: 'whole',
        seq: 3,
        id: 'ai:q-1',
        sender: 'assistant',
        message: 'An answer',
        timestamp: '2026-11-20T09:30:01.500Z',
        in_reply_to: 'q-1',
        answers: ['q-1'],
        citations: [
          { title: 'Ein “Titel”', url: '/posts/a#b' },
          { title: 'B', url: '/posts/b' },
        ],
        feedback: 'up',
      },
      {
        type: 'message',
        conversation_id: 'whole',
        seq: 4,
        id: 'o-1',
        sender: 'owner',
        message: 'Hello, I am the owner',
        timestamp: '2026-11-20T09:30:09.000Z',
      },
    ]);
    const one = await exported('--conversation', 'whole');
    expect(records(one.stdout)).toEqual(whole);
    expect(await exported('--conversation=nobody')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'contact-chat: There is no conversation "nobody"\n',
    });
  });

  it('tells where each conversation stands and the owner’s notes, and no secret of the owner [D16]', async () => {
    const onError = (error: unknown): void => {
      throw error;
    };
    const store = await openSqliteStore({ dataDir, onError });
    const atMs = Date.UTC(2026, 10, 20, 9, 30);
    const ask = { id: 'a', sender: 'visitor', text: 'hello', atMs } as const;
    await store.append({ conversationId: 'c', message: ask, waiting: 'human_request' });
    await store.append({ conversationId: 'd', message: { ...ask, atMs: atMs + 1 } });
    await store.updateConversation('d', { done: true, blocked: true });
    await store.addNote('c', { id: 'n2', text: 'later', atMs: atMs + 60_000 });
    await store.addNote('c', { id: 'n1', text: 'call back:\0 👋', atMs });
    await store.setCannedReplies([{ id: 'r', title: 'Thanks', text: 'Thank you, {name}' }]);
    await store.addLogin({
      ...{ idHash: 'secret-hash', tokenMark: 'secret-mark', createdAtMs: atMs },
      ...{ expiresAtMs: atMs, userAgent: 'secret-browser' },
    });
    await store.addPushSubscription({
      ...{ endpoint: 'https://secret.example/', p256dh: 'secret-key', auth: 'secret-auth' },
      createdAtMs: atMs,
    });
    await store.close();
    const { code, stdout, stderr } = await exported();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('secret');
    const times = {
      created_at: '2026-11-20T09:30:00.000Z',
      updated_at: '2026-11-20T09:30:00.000Z',
    };
    const note = { type: 'note', conversation_id: 'c' };
    expect(records(stdout)).toEqual([
      {
        ...{ type: 'conversation', id: 'c', ...times, last_seq: 1 },
        ...{ read_by_visitor: 0, read_by_owner: 0 },
        ...{ view: 'waiting', waiting: 'human_request', done: false, blocked: false },
      },
      expect.objectContaining({ type: 'message', conversation_id: 'c', id: 'a' }),
      { ...note, id: 'n1', message: 'call back:\0 👋', timestamp: '2026-11-20T09:30:00.000Z' },
      { ...note, id: 'n2', message: 'later', timestamp: '2026-11-20T09:31:00.000Z' },
      expect.objectContaining({ id: 'd', view: 'done', done: true, blocked: true }),
      expect.objectContaining({ type: 'message', conversation_id: 'd', id: 'a' }),
    ]);
    const one = await exported('--conversation', 'c');
    expect(records(one.stdout)).toEqual(records(stdout).slice(0, 4));
  });

  it('is of one moment, although the server writes on [D16]', async () => {
    const server = await startTestServer({ ...env, DATA_DIR: dataDir }, { cwd: folder });
    let stop = false;
    try {
      const writer = await startWriter(server);
      expect(await writer.send(ids('before', 200))).toEqual([]);
      const busy = (async () => {
        for (let n = 0; !stop; n += 1) expect(await writer.send([`during${n}`])).toEqual([]);
      })();
      const { code, stdout } = await exported();
      stop = true;
      await busy;
      expect(code).toBe(0);
      const [conversation, ...messages] = records(stdout);
      expect(conversation).toMatchObject({ type: 'conversation', last_seq: messages.length });
      expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
      expect(messages.length).toBeGreaterThanOrEqual(200);
    } finally {
      stop = true;
      await server.stop();
    }
  });

  it('goes at the pace of its reader in constant memory, and ends well when the reader leaves', async () => {
    await fill(dataDir, 300, 300);
    const start = () =>
      spawn(process.execPath, ['--max-old-space-size=48', builtServer('main.js'), 'export'], {
        cwd: folder,
        env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    const exit = (child: ReturnType<typeof start>) =>
      new Promise((done) => child.once('close', (code, signal) => done({ code, signal })));

    const slow = start();
    const slowExit = exit(slow);
    let count = 0;
    for await (const line of createInterface({ input: slow.stdout })) {
      if (count === 10) await new Promise((done) => setTimeout(done, 300));
      count += line.startsWith('{') ? 1 : 0;
    }
    expect(await slowExit).toEqual({ code: 0, signal: null });
    expect(count).toBe(300 + 90_000);

    const leaving = start();
    const leavingExit = exit(leaving);
    let errors = '';
    leaving.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    leaving.stdout.once('data', () => leaving.stdout.destroy());
    expect(await leavingExit).toEqual({ code: 0, signal: null });
    expect(errors).toBe('');
  }, 90_000);

  it('says so where what it prints cannot be written', async () => {
    if (!existsSync('/dev/full')) return expect(process.platform).not.toBe('linux');
    await fill(dataDir, 1, 10);
    const command = '"$0" "$1" export > /dev/full';
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', command, process.execPath, builtServer('main.js')],
      { cwd: folder, env: { PATH: process.env['PATH'], DATA_DIR: dataDir }, encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^contact-chat: The export cannot be written: ENOSPC.*\n$/);
    return undefined;
  });
});

describe('the command line', () => {
  it.each(['backup', 'export'])('%s --help prints how it is used', async (name) => {
    const { code, stdout } = await runCommand([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: contact-chat ${name} `));
    const { stdout: all } = await runCommand(['--help']);
    expect(all).toContain(`contact-chat ${name}`);
  });

  it.each([
    ['backup', '--fast'],
    ['backup', 'one', 'two'],
    ['backup', ''],
    ['export', '--all'],
    ['export', 'file'],
    ['export', '--conversation'],
    ['export', '--conversation', ''],
  ])('refuses %s %s with the usage', async (...words) => {
    const { code, stdout, stderr } = await runCommand(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^contact-chat ${words[0]}: .+\\n\\nUsage: contact-chat`));
  });
});
