import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variables } from './config-variables.ts';
import { parseConfig, unusedVariables, withEnvFile, type Config } from './config.ts';

function read(environment: Record<string, string> = {}): Config {
  const config = parseConfig(environment);
  if (!config.ok) throw new Error(config.error.message);
  return config.value;
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(read()).toMatchObject({
      ...{ host: '127.0.0.1', port: 8080, dataDir: join(process.cwd(), 'data'), demo: true },
      ...{ answerer: 'retrieval', ownerName: 'Owner', notify: [], logLevel: 'info', postsUrl: '/' },
      ...{ defaultLang: 'zh-CN', rateLimit: { limit: 20, windowMs: 10_000 } },
      maxConnections: Infinity,
    });
    expect(Object.isFrozen(read())).toBe(true);
    expect(read()).not.toHaveProperty('ownerToken');
  });

  it('counts an empty variable as absent', () => {
    const empty = Object.fromEntries(variables.map(({ name }) => [name, ' ']));
    expect({ ...read(empty), trustProxy: null }).toEqual({ ...read(), trustProxy: null });
  });

  it('reads every variable', () => {
    expect(
      read({
        ...{ HOST: '::1', PORT: '0', PUBLIC_URL: 'https://chat.example.com/', DATA_DIR: '/tmp/x' },
        ...{ POSTS: './docs', POSTS_URL: 'https://blog.example.com/', ANSWERER: 'off' },
        ...{ OWNER_NAME: '博主', OWNER_TOKEN: 'x'.repeat(16), METRICS_TOKEN: 'm' },
        ...{
          ALLOWED_ORIGINS: 'https://a.example, http://b.example:81/',
          IDENTITY_SECRET: 'i'.repeat(16),
        },
        ...{ LOG_LEVEL: 'warn', LOG_FORMAT: 'json', DEFAULT_LANG: 'en-US', RATE_LIMIT: '5/2m' },
        ...{ MAX_CONNECTIONS: '10', RETENTION_DAYS: '30', ANSWER_TIMEOUT: '2m' },
        NOTIFY: 'webhook+http://127.0.0.1:1/hook?secret=s',
      }),
    ).toMatchObject({
      ...{ host: '::1', port: 0, publicUrl: 'https://chat.example.com', dataDir: '/tmp/x' },
      ...{ posts: join(process.cwd(), 'docs'), demo: false, answerer: 'off' },
      ...{ ownerName: '博主', ownerToken: 'x'.repeat(16), defaultLang: 'en', logFormat: 'json' },
      allowedOrigins: ['https://a.example', 'http://b.example:81'],
      ...{ rateLimit: { limit: 5, windowMs: 120_000 }, maxConnections: 10, retentionDays: 30 },
      answerTimeoutMs: 120_000,
      notify: [{ kind: 'webhook' }],
    });
  });

  it('shows the demo beside posts where it is asked for', () => {
    expect(read({ POSTS: './docs' }).demo).toBe(false);
    expect(read({ POSTS: './docs', DEMO: 'on' }).demo).toBe(true);
    expect(read({ DEMO: 'off' }).demo).toBe(false);
  });

  it.each([
    ['1/1ms', 1, 1],
    ['20/10s', 20, 10_000],
    ['100/5m', 100, 300_000],
    ['3/2h', 3, 7_200_000],
  ])('RATE_LIMIT=%s', (value, limit, windowMs) => {
    expect(read({ RATE_LIMIT: value }).rateLimit).toEqual({ limit, windowMs });
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PUBLIC_URL', 'chat.example.com'],
    ['PUBLIC_URL', 'ftp://chat.example.com'],
    ['PUBLIC_URL', 'https://chat.example.com/?a=b'],
    ['DATABASE_URL', 'postgres://localhost/chat'],
    ['REDIS_URL', 'redis://localhost'],
    ['POSTS', 'ftp://blog.example.com/posts'],
    ['POSTS', 'https://'],
    ['POSTS', 'https://me:secret@blog.example.com/'],
    ['POSTS', './no-such-folder'],
    ['POSTS', './package.json'],
    ['POSTS_URL', '//evil.example/'],
    ['POSTS_URL', 'blog'],
    ['DEMO', 'yes'],
    ['ANSWERER', 'magic'],
    ['QA_URL', 'qa.example.com/ask'],
    ['QA_URL', 'https://user:hush@qa.example.com/ask'],
    ['QA_TOKEN', 'two words'],
    ['OWNER_NAME', 'x'.repeat(101)],
    ['OWNER_TOKEN', 'short'],
    ['ALLOWED_ORIGINS', 'blog.example.com'],
    ['ALLOWED_ORIGINS', 'https://blog.example.com/path'],
    ['ALLOWED_ORIGINS', 'https://*.example.com'],
    ['NOTIFY', 'carrier-pigeon://roof'],
    ['TRUST_PROXY', 'nginx'],
    ['TLS_CERT', '/nonexistent/cert.pem'],
    ['IDENTITY_SECRET', 'short'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
    ['DEFAULT_LANG', 'tlh'],
    ['ANSWER_TIMEOUT', '90'],
    ['ANSWER_TIMEOUT', '4s'],
    ['ANSWER_TIMEOUT', '6m'],
    ['ANSWER_TIMEOUT', '-1m'],
    ['RATE_LIMIT', '20'],
    ['RATE_LIMIT', '20/10'],
    ['RATE_LIMIT', '0/10s'],
    ['RATE_LIMIT', '20/0s'],
    ['RATE_LIMIT', '20 / 10s'],
    ['MAX_CONNECTIONS', '0'],
    ['RETENTION_DAYS', '1.5'],
  ])('%s=%s is refused in one line that names it', (variable, value) => {
    const config = parseConfig({ [variable]: value });
    expect(config).toMatchObject({ ok: false, error: { variable } });
    const message = config.ok ? '' : config.error.message;
    expect(message.startsWith(`${variable}: `)).toBe(true);
    expect(message).not.toContain('\n');
  });

  it.each([
    ['https://blog.example.com/feed.xml', 'https://blog.example.com/feed.xml'],
    ['HTTP://Blog.example.com#top', 'http://blog.example.com/'],
    ['http://[::1]:4000/blog', 'http://[::1]:4000/blog'],
  ])('POSTS=%s is an address of the web, and the demo is off', (value, posts) => {
    expect(read({ POSTS: value })).toMatchObject({ posts, demo: false });
    expect(read({ POSTS: value, DEMO: 'on' }).demo).toBe(true);
  });

  it('never repeats a secret', () => {
    for (const [name, value] of [
      ['OWNER_TOKEN', 'hush'],
      ['IDENTITY_SECRET', 'hush'],
      ['QA_TOKEN', 'hush hush'],
      ['QA_URL', 'https://u:hush@qa.example.com/'],
    ] as const) {
      const config = parseConfig({ [name]: value });
      expect(config.ok).toBe(false);
      expect(JSON.stringify(config)).not.toContain('hush');
    }
  });

  it('wants an address where questions are posted to a service', () => {
    const missing = parseConfig({ ANSWERER: 'http', QA_TOKEN: 'x' });
    expect(missing).toMatchObject({ ok: false, error: { variable: 'QA_URL' } });
    const QA_URL = 'http://127.0.0.1:9000/ask?kind=blog';
    expect(read({ ANSWERER: 'http', QA_URL }).qa).toEqual({ url: QA_URL });
    expect(read({ ANSWERER: 'http', QA_URL, QA_TOKEN: 'abc=' }).qa).toEqual({
      ...{ url: QA_URL, token: 'abc=' },
    });
    expect(read({ QA_URL, QA_TOKEN: 'abc' })).not.toHaveProperty('qa');
  });

  it('wants both files of TLS, or neither', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'contact-chat-config-'));
    try {
      const file = join(folder, 'cert.pem');
      await writeFile(file, '');
      expect(parseConfig({ TLS_CERT: file })).toMatchObject({ error: { variable: 'TLS_KEY' } });
      expect(parseConfig({ TLS_KEY: file })).toMatchObject({ error: { variable: 'TLS_CERT' } });
      expect(read({ TLS_CERT: file, TLS_KEY: file }).tls).toBeDefined();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('knows what belongs to another answerer', () => {
    expect(
      unusedVariables({ OPENAI_MODEL: 'x', QA_URL: 'http://x/', QA_TOKEN: '' }, 'retrieval'),
    ).toEqual(['OPENAI_MODEL', 'QA_URL']);
    expect(unusedVariables({ ANSWER_TIMEOUT: '90s' }, 'retrieval')).toEqual(['ANSWER_TIMEOUT']);
    expect(unusedVariables({ ANSWER_TIMEOUT: '90s' }, 'http')).toEqual([]);
    expect(unusedVariables({ ANSWER_TIMEOUT: '90s' }, 'openai')).toEqual([]);
    expect(unusedVariables({ OPENAI_MODEL: 'x', QA_TOKEN: 'x' }, 'openai')).toEqual(['QA_TOKEN']);
  });

  it('is also read from a .env file, which the environment overrides', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'contact-chat-config-'));
    try {
      const file = join(folder, '.env');
      expect(withEnvFile({ A: '1' }, file)).toEqual({ ok: true, value: { A: '1' } });
      await writeFile(file, '# a comment\nPORT=81\nOWNER_NAME="The Owner"\n');
      const both = withEnvFile({ PORT: '82' }, file);
      expect(both).toEqual({ ok: true, value: { PORT: '82', OWNER_NAME: 'The Owner' } });
      expect(withEnvFile({}, folder)).toMatchObject({ ok: false, error: { variable: '.env' } });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
