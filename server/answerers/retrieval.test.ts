import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, Answerer } from '../answerer-ports.ts';
import { createRetrievalAnswerer, type RetrievalOptions } from './retrieval.ts';
import { smallBlog, writePosts } from './small-blog.fixture.ts';

let folder = '';
let errors: string[] = [];
let open: Answerer[] = [];
const { signal } = new AbortController();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blog-'));
  errors = [];
});
afterEach(async () => {
  await Promise.all(open.map((answerer) => answerer.close()));
  open = [];
  await rm(folder, { recursive: true, force: true });
});

function start(options: Partial<RetrievalOptions> = {}): Answerer {
  const answerer = createRetrievalAnswerer({
    folder,
    baseUrl: 'https://blog.example',
    watch: false,
    onError: (error) => errors.push(String(error)),
    ...options,
  });
  open.push(answerer);
  return answerer;
}
const ask = (answerer: Answerer, text: string, lang = 'en'): Promise<Answer> =>
  answerer.answer({ text, lang, history: [] }, { signal });
const eventually = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 20_000, interval: 50 });

describe('the retrieval answerer', () => {
  it('answers from the posts, waiting until they are read', async () => {
    await writePosts(folder, smallBlog);
    const answerer = start();
    const answer = await ask(answerer, '如何部署到生产环境？');
    expect(answer.outcome).toBe('found');
    expect(answer.text).toContain('把服务放在支持 TLS 的反向代理后面。');
    expect(answer.citations[0]).toEqual({
      title: '如何部署到生产环境',
      url: 'https://blog.example/zh/deploying',
    });
    expect(answerer.describe()).toMatch(/^7 posts, \d+ passages$/);
    expect(errors).toEqual([]);
  });

  it('talks small in the visitor’s language, without citations', async () => {
    await writePosts(folder, smallBlog);
    const answerer = start();
    const [english, chinese] = [
      await ask(answerer, 'Hello!', 'zh-CN'),
      await ask(answerer, '你好'),
    ];
    for (const answer of [english, chinese]) {
      expect(answer).toMatchObject({ outcome: 'smalltalk', citations: [] });
    }
    expect(english.text).toMatch(/^Hello/);
    expect(chinese.text).toMatch(/^你好/);
    // A thumb has no language of its own.
    expect((await ask(answerer, '👍', 'zh-CN')).text).toMatch(/好/);
    expect((await ask(answerer, '👍', 'en')).text).toMatch(/[a-z]/);
  });

  it('says honestly that the posts do not cover a question, and offers the owner', async () => {
    await writePosts(folder, smallBlog);
    const answerer = start();
    expect(await ask(answerer, 'who won the world cup in 1990?', 'zh-CN')).toEqual({
      outcome: 'not_covered',
      citations: [],
      text: 'The posts do not cover this. Shall I pass your question to the owner?',
    });
    expect((await ask(answerer, '今天上海天气怎么样？')).text).toBe(
      '博客里的文章没有提到这个。要我转给博主吗？',
    );
  });

  it('lives with a folder that has no posts', async () => {
    const answerer = start();
    await answerer.ready();
    expect(answerer.describe()).toBe('0 posts, 0 passages');
    expect((await ask(answerer, 'how do I deploy?')).outcome).toBe('not_covered');
    expect(errors).toEqual([`Error: no Markdown files in ${folder}`]);
  });

  it('rejects where the folder is not there, and lives until closed', async () => {
    for (const watch of [false, true]) {
      const answerer = start({ folder: join(folder, 'missing'), watch });
      await expect(answerer.ready()).rejects.toThrow(/ENOENT/);
      await expect(ask(answerer, 'hello')).rejects.toThrow(/ENOENT/);
    }
  });

  it('stops when it is told to', async () => {
    await writePosts(folder, smallBlog);
    const answerer = start();
    const question = { text: 'systemd', lang: 'en', history: [] };
    const stop = new AbortController();
    const asked = answerer.answer(question, { signal: stop.signal });
    const reason = new Error('enough');
    stop.abort(reason);
    // While the posts are still being read.
    await expect(asked).rejects.toBe(reason);
    expect(answerer.describe()).toBe('posts are being read');
    await answerer.ready();
    await expect(answerer.answer(question, { signal: stop.signal })).rejects.toBe(reason);
    expect((await ask(answerer, 'systemd')).outcome).toBe('found');
  });

  it('can be closed while it reads, and twice', async () => {
    await writePosts(folder, smallBlog);
    const answerer = start({ watch: true });
    await answerer.close();
    await answerer.close();
    await answerer.ready().catch(() => undefined);
    expect(errors).toEqual([]);
  });

  it('leaves out a file that cannot be read and answers from the others', async () => {
    await writePosts(folder, { ...smallBlog, 'binary.md': 'PNG\0\0\0' });
    const answerer = start();
    expect((await ask(answerer, 'how do I deploy?')).outcome).toBe('found');
    expect(errors.join()).toContain('binary.md');
  });
});

describe('watching', () => {
  it('answers from edited, added, renamed and deleted posts without a restart', async () => {
    await writePosts(folder, smallBlog);
    const indexed: number[] = [];
    const answerer = start({ watch: true, onIndexed: ({ posts }) => indexed.push(posts) });
    const question = 'which port does the zeppelin protocol use?';
    expect((await ask(answerer, question)).outcome).toBe('not_covered');

    await writePosts(folder, {
      'new/zeppelin.md': '# Zeppelin protocol\n\nThe zeppelin protocol uses port 4711.',
    });
    await eventually(async () => expect((await ask(answerer, question)).text).toContain('4711'));

    await writeFile(
      join(folder, 'new/zeppelin.md'),
      '# Zeppelin protocol\n\nThe zeppelin protocol uses port 1147.',
    );
    await eventually(async () => expect((await ask(answerer, question)).text).toContain('1147'));

    await rename(join(folder, 'new/zeppelin.md'), join(folder, 'airship.md'));
    await eventually(async () =>
      expect((await ask(answerer, question)).citations[0]?.url).toBe(
        'https://blog.example/airship',
      ),
    );

    await rm(join(folder, 'airship.md'));
    await eventually(async () =>
      expect((await ask(answerer, question)).outcome).toBe('not_covered'),
    );
    expect(indexed[0]).toBe(7);
    expect(errors).toEqual([]);
  });

  it('keeps the others when a file breaks, and takes it back when it is mended', async () => {
    await writePosts(folder, smallBlog);
    const answerer = start({ watch: true });
    await answerer.ready();
    await writeFile(join(folder, 'en/backups.md'), 'PNG\0\0');
    await eventually(async () => expect(answerer.describe()).toMatch(/^6 posts/));
    expect(errors.join()).toContain('en/backups.md');
    expect((await ask(answerer, 'how do I deploy?')).outcome).toBe('found');
    await writePosts(folder, { 'en/backups.md': smallBlog['en/backups.md'] ?? '' });
    await eventually(async () => expect(answerer.describe()).toMatch(/^7 posts/));
  });

  it('follows links, even where they lead in circles', async () => {
    await writePosts(folder, smallBlog);
    await symlink(folder, join(folder, 'zh', 'circle'));
    const answerer = start({ watch: true });
    await answerer.ready();
    expect(answerer.describe()).toMatch(/^7 posts/);
    await writePosts(folder, { 'zh/new.md': '# Zeppelin\n\nNew.' });
    await eventually(async () => expect(answerer.describe()).toMatch(/^8 posts/));
  });

  it('keeps what it has when the folder goes away', async () => {
    await writePosts(folder, smallBlog);
    const answerer = start({ watch: true });
    await answerer.ready();
    await rm(folder, { recursive: true });
    await eventually(async () => expect(errors.join()).toMatch(/ENOENT|0 posts/));
    expect((await ask(answerer, 'how do I deploy?')).outcome).toBe('found');
  });
});
