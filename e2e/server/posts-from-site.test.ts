import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  postPage,
  rss,
  sitemap,
  startTestSite,
  type TestSite,
} from '../../server/posts/web/test-site.ts';
import { builtServer, runCommand, startTestServer, type TestServer } from './start-test-server.ts';

let site: TestSite;
let server: TestServer | undefined;
let dataDir = '';

const article = (word: string): string =>
  `<p>About ${word}.</p><h2 id="how-to-${word}">Breeding a ${word}</h2><p>A ${word} is bred with patience, in a warm place, and fed twice a day.</p>`;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-site-'));
  site = await startTestSite();
  site.pages.set(
    '/feed.xml',
    rss([
      { link: '/quagga/', title: 'The quagga', html: article('quagga') },
      { link: '/okapi/', title: 'The okapi' },
    ]),
  );
  site.pages.set('/okapi/', postPage('The okapi', article('okapi')));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await site.down();
  await rm(dataDir, { recursive: true, force: true });
});

async function ask(question: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server?.url}/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question }),
  });
  return { status: response.status, body: await response.json() };
}
const ready = async (): Promise<number> => (await fetch(`${server?.url}/readyz`)).status;

describe('POSTS as an address', () => {
  it('answers from a feed with the address and the anchor, also after a start without the site', async () => {
    server = await startTestServer({ POSTS: `${site.url}/feed.xml`, DATA_DIR: dataDir });
    expect(await ready()).toBe(200);
    const found = {
      status: 200,
      body: {
        answer: expect.stringContaining('patience'),
        citations: [expect.objectContaining({ url: `${site.url}/okapi/#how-to-okapi` })],
      },
    };
    expect(await ask('How do I breed an okapi?')).toMatchObject(found);
    expect(await ask('breeding a quagga')).toMatchObject({
      body: { citations: [{ url: `${site.url}/quagga/#how-to-quagga` }] },
    });
    // The demo is for those who have no posts yet.
    expect((await fetch(`${server.url}/`)).status).toBe(404);
    await site.down();
    await server.restart();
    expect(await ask('How do I breed an okapi?')).toMatchObject(found);
    expect(server.log()).toContain('answering from the copy');
    await site.up();
  });

  it('listens while a slow site is read, is not ready, and lets questions wait', async () => {
    let release = (): void => undefined;
    site.pages.set('/feed.xml', (_request, response) => {
      release = () => {
        response.setHeader('content-type', 'application/xml');
        response.end(
          `<rss><channel><item><title>The okapi</title><link>/okapi/</link></item></channel></rss>`,
        );
      };
    });
    server = await startTestServer({ POSTS: `${site.url}/feed.xml`, DATA_DIR: dataDir });
    const answer = await fetch(`${server.url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('being indexed');
    const waiting = ask('How do I breed an okapi?');
    release();
    expect(await waiting).toMatchObject({
      status: 200,
      body: { citations: [{ title: expect.stringContaining('The okapi') }] },
    });
    await vi.waitFor(async () => expect(await ready()).toBe(200));
  });

  it('of a site that is away starts all the same, and says so', async () => {
    await site.down();
    server = await startTestServer({ POSTS: `${site.url}/feed.xml`, DATA_DIR: dataDir });
    expect(server.log()).toMatch(/cannot be read: nothing listens there/);
    expect((await ask('How do I breed an okapi?')).status).toBeGreaterThanOrEqual(500);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await site.up();
  });
});

describe('contact-chat index', () => {
  const index = (...rest: string[]) => runCommand(['index', ...rest], { DATA_DIR: dataDir });

  it('shows what there is, beside a server on the same data folder', async () => {
    site.pages.set(
      '/sitemap.xml',
      sitemap([`${site.url}/okapi/`, `${site.url}/gone/`, `${site.url}/tags/`]),
    );
    site.pages.set('/tags/', postPage('Tags', ''));
    server = await startTestServer({ POSTS: `${site.url}/sitemap.xml`, DATA_DIR: dataDir });
    const asked = site.count('/okapi/');
    const { code, stdout, stderr } = await index(`${site.url}/sitemap.xml`);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('a sitemap of 3 pages');
    expect(stdout).toMatch(/^Posts +1$/m);
    expect(stdout).toMatch(/^Languages +en 1$/m);
    expect(stdout).toContain(`not there any more: 1\n    ${site.url}/gone/: it is not there (404)`);
    expect(stdout).toContain('lists of posts: 1');
    // The page was not sent again: the server had left its copy.
    expect(site.count('/okapi/')).toBe(asked + 1);
    expect(site.requests.filter(({ path }) => path === '/okapi/').at(-1)?.code).toBe(304);
    const json = JSON.parse((await index(`${site.url}/sitemap.xml`, '--json')).stdout) as unknown;
    expect(json).toMatchObject({
      posts: 1,
      languages: { en: 1 },
      skipped: [{}, {}],
      memory_bytes: expect.any(Number),
    });
  });

  it('ends with 1 and one line where there is nothing to answer from', async () => {
    for (const posts of [
      `${site.url}/nothing`,
      join(dataDir, 'nothing'),
      dataDir,
      'ftp://x.example/',
    ]) {
      const { code, stderr } = await index(posts);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^contact-chat: POSTS: [^\n]+\n$/);
    }
    const unset = await runCommand(['index'], { DATA_DIR: dataDir });
    expect(unset.code).toBe(1);
    expect(unset.stderr).toContain('contact-chat index <posts>');
    expect((await index('a', 'b')).code).toBe(2);
    expect((await index('--help')).stdout).toContain('--verbose');
  });

  it('can be interrupted, and keeps what it has read', async () => {
    const asked = new Promise<void>((resolve) => {
      site.pages.set(
        '/feed.xml',
        rss([
          { link: '/okapi/', title: 'O' },
          { link: '/slow/', title: 'S' },
        ]),
      );
      site.pages.set('/slow/', () => setTimeout(resolve, 300));
    });
    const child = spawn(
      process.execPath,
      [builtServer('main.js'), 'index', `${site.url}/feed.xml`],
      {
        env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
        cwd: dataDir,
      },
    );
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await asked;
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(stderr).toContain('interrupted');
    site.pages.set('/slow/', postPage('S', article('slow loris')));
    const { stdout } = await index(`${site.url}/feed.xml`);
    expect(stdout).toMatch(/^Posts +2$/m);
    expect(site.requests.filter(({ path }) => path === '/okapi/').map(({ code }) => code)).toEqual([
      200, 304,
    ]);
  });
});
