import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteFileName } from '../../server/stores/sqlite-file.ts';
import { makeSelfSigned } from '../../server/transports/self-signed.ts';
import { builtServer, runCommand, startTestServer } from './start-test-server.ts';
import { chat, connect } from './ws-client.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-chat-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Every variable that the contract names. */
const contracted = [
  ...['HOST', 'PORT', 'PUBLIC_URL', 'DATA_DIR', 'DATABASE_URL', 'REDIS_URL', 'POSTS', 'POSTS_URL'],
  ...['DEMO', 'ANSWERER', 'OPENAI_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_MODEL', 'QA_URL'],
  ...['QA_TOKEN', 'OWNER_NAME', 'OWNER_TOKEN', 'ALLOWED_ORIGINS', 'NOTIFY', 'TRUST_PROXY'],
  ...['TLS_CERT', 'TLS_KEY', 'IDENTITY_SECRET', 'METRICS_TOKEN', 'LOG_LEVEL', 'LOG_FORMAT'],
  ...['DEFAULT_LANG', 'RATE_LIMIT', 'MAX_CONNECTIONS', 'RETENTION_DAYS'],
];

describe('the command line', () => {
  it('--help lists every variable', async () => {
    const { code, stdout, stderr } = await runCommand(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of contracted) expect(stdout).toMatch(new RegExp(`^ +${name}\\b`, 'm'));
  });

  it('--version is that of the package', async () => {
    const file = new URL('../../package.json', import.meta.url);
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    expect(await runCommand(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it('refuses a command that it does not know', async () => {
    const { code, stderr } = await runCommand(['dance']);
    expect(code).toBe(2);
    expect(stderr).toContain('"dance"');
  });
});

describe('what keeps it from starting is one line that names the variable', () => {
  async function refusal(env: Record<string, string>): Promise<string> {
    const { code, stderr, stdout } = await runCommand([], { PORT: '0', DATA_DIR: folder, ...env });
    expect(code).toBe(1);
    expect(stdout).not.toContain('"address"');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    return stderr.trim();
  }

  it.each([
    ['PORT', 'http'],
    ['ALLOWED_ORIGINS', 'blog'],
    ['NOTIFY', 'pigeon://roof'],
    ['OWNER_TOKEN', 'short'],
    ['TLS_CERT', '/nonexistent.pem'],
    ['POSTS', 'ftp://blog.example.com/posts'],
    ['DATABASE_URL', 'postgres://localhost/x'],
  ])('%s=%s', async (name, value) => {
    expect(await refusal({ [name]: value })).toMatch(new RegExp(`^contact-chat: ${name}: .`));
  });

  it('a folder of posts that is not there', async () => {
    expect(await refusal({ POSTS: join(folder, 'nowhere') })).toMatch(/^contact-chat: POSTS: ./);
  });

  it('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      for (const transport of ['', 'ws']) {
        const env = { PORT: String(port), CONTACT_CHAT_TRANSPORT: transport };
        expect(await refusal(env)).toMatch(new RegExp(`^contact-chat: PORT: ${port} .*taken`));
      }
    } finally {
      other.close();
    }
  });

  it('a host that is not this machine', async () => {
    expect(await refusal({ HOST: '192.0.2.1' })).toMatch(/^contact-chat: HOST: 192\.0\.2\.1 /);
  });

  it('a data folder that another server has', async () => {
    const server = await startTestServer();
    try {
      expect(await refusal({ DATA_DIR: server.dataDir })).toMatch(
        /^contact-chat: DATA_DIR: .*using/,
      );
    } finally {
      await server.stop();
    }
  });

  it('a data folder that cannot be written', async () => {
    // A file in its place stops also an administrator, whom no permission stops.
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await refusal({ DATA_DIR: join(file, 'data') })).toMatch(/^contact-chat: DATA_DIR: ./);
    if (process.getuid?.() === 0) return;
    const sealed = join(folder, 'sealed');
    await mkdir(sealed);
    await chmod(sealed, 0o500);
    expect(await refusal({ DATA_DIR: sealed })).toMatch(/^contact-chat: DATA_DIR: ./);
  });

  it('a data folder where the system allows none', async () => {
    if (process.platform !== 'linux') return;
    expect(await refusal({ DATA_DIR: '/proc/contact-chat' })).toMatch(/^contact-chat: DATA_DIR: ./);
  });

  it('an owner token or served scripts that cannot be read', async () => {
    await mkdir(join(folder, 'owner-token'));
    expect(await refusal({})).toMatch(/^contact-chat: DATA_DIR: .*owner-token.*OWNER_TOKEN/);
    await rm(join(folder, 'owner-token'), { recursive: true });
    await writeFile(join(folder, 'assets'), '');
    expect(await refusal({})).toMatch(/^contact-chat: DATA_DIR: .*assets/);
  });

  it('a certificate or a key that is none, or that belong to others', async () => {
    const { certFile, keyFile } = makeSelfSigned(folder);
    const otherFolder = join(folder, 'other');
    await mkdir(otherFolder);
    const other = makeSelfSigned(otherFolder);
    const wrong = join(folder, 'wrong.pem');
    await writeFile(wrong, 'no PEM');
    for (const transport of ['', 'ws']) {
      const start = (TLS_CERT: string, TLS_KEY: string): Promise<string> =>
        refusal({ TLS_CERT, TLS_KEY, CONTACT_CHAT_TRANSPORT: transport });
      expect(await start(wrong, keyFile)).toMatch(/^contact-chat: TLS_CERT: .*wrong\.pem/);
      expect(await start(certFile, wrong)).toMatch(/^contact-chat: TLS_KEY: .*wrong\.pem/);
      expect(await start(certFile, other.keyFile)).toMatch(/^contact-chat: TLS_KEY: .*not the key/);
    }
  });

  it('a database that is none', async () => {
    await writeFile(join(folder, sqliteFileName), 'not a database '.repeat(1000));
    expect(await refusal({})).toMatch(/^contact-chat: DATA_DIR: ./);
  });
});

describe('a .env file', () => {
  it('is read, and the environment wins', async () => {
    const file = 'DEFAULT_LANG=en\nRATE_LIMIT=1/1h\nANSWERER=off\n';
    await writeFile(join(folder, '.env'), file);
    const server = await startTestServer({ RATE_LIMIT: '2/1h' }, { cwd: folder });
    try {
      const client = await connect(server.wsUrl);
      expect((await client.next('connection_established')).message).toMatch(/^WebSocket conn/);
      for (let index = 0; index < 3; index += 1) client.send(chat('x'));
      await client.next('chat_message_received');
      await client.next('chat_message_received');
      expect(await client.next('error')).toMatchObject({ code: 'rate_limited' });
      await client.close();
    } finally {
      await server.stop();
    }
  });

  it('with a bad value stops the start as the environment does', async () => {
    await writeFile(join(folder, '.env'), 'PORT=eighty\n');
    const { code, stderr } = await runCommand([], { DATA_DIR: folder }, { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^contact-chat: PORT: /);
  });
});

describe('startServer from code', () => {
  interface Server {
    readonly url: string;
    close(): Promise<void>;
  }
  it('starts, answers, and closes; two at once do not meet', async () => {
    const module = (await import(pathToFileURL(builtServer('start-server.js')).href)) as {
      startServer(options: object): Promise<Server>;
    };
    const options = { PORT: 0, LOG_LEVEL: 'silent', ANSWERER: 'off' };
    const server = await module.startServer({ ...options, DATA_DIR: join(folder, 'a') });
    const other = await module.startServer({ ...options, DATA_DIR: join(folder, 'b') });
    try {
      await expect(module.startServer({ ...options, DATA_DIR: join(folder, 'a') })).rejects.toThrow(
        /^DATA_DIR: .*using/,
      );
      await expect(module.startServer({ ...options, PORT: 'x' })).rejects.toThrow(/^PORT: /);
      const client = await connect(`${server.url.replace('http', 'ws')}/contact`);
      await client.next('connection_established');
      client.send(chat('hello'));
      await client.next('chat_message_received');
      await Promise.all([server.close(), server.close()]);
      expect((await client.closed).code).toBe(1001);
      expect((await fetch(`${other.url}/healthz`)).status).toBe(200);
    } finally {
      await Promise.all([server.close(), other.close()]);
    }
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });
});
