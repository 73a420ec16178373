import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Lexer, type Tokens } from 'marked';
import { afterEach, describe, expect, it } from 'vitest';
import { createHeadingSlugger } from '../server/posts/heading-slug.ts';
import { inlineText } from '../server/posts/markdown-text.ts';
import { readDocs } from './read-docs.ts';
import { renderDemo } from './render-demo.ts';

const docsDir = fileURLToPath(new URL('../docs', import.meta.url));
const options = { docsDir, scriptSrc: '/contact-chat.js', version: '1.2.3' };
const site = await renderDemo(options);
const docs = await readDocs(docsDir);
const htmlPages = [...site].filter(([path]) => path !== 'demo.css');

const attributes = (html: string, name: string): string[] =>
  [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map((match) => match[1] ?? '');

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const head = 'title: A\ndescription: B\ndate: 2026-01-02\norder: 1';

async function docsWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-docs-'));
  folders.push(folder);
  for (const language of ['en', 'zh']) await mkdir(join(folder, language));
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  return folder;
}

async function renderOne(body: string): Promise<string> {
  const file = `---\n${head}\n---\n\n${body}`;
  const folder = await docsWith({ 'en/a.md': file, 'zh/a.md': file });
  const cssFile = fileURLToPath(new URL('demo.css', import.meta.url));
  const pages = await renderDemo({ ...options, docsDir: folder, cssFile });
  return pages.get('en/a') ?? '';
}

describe('the demo blog', () => {
  it('has an index and every post in both languages, a 404 page and a style sheet', () => {
    expect(site.get('')).toContain('lang="en"');
    expect(site.get('zh')).toContain('lang="zh-CN"');
    expect(site.get('404')).toBeDefined();
    expect(site.get('demo.css')).toContain('prefers-color-scheme: dark');
    expect(docs.en.length).toBeGreaterThan(10);
    expect(docs.en.map((post) => post.slug)).toEqual(docs.zh.map((post) => post.slug));
    for (const post of [...docs.en, ...docs.zh]) {
      expect(site.get(`${post.language}/${post.slug}`)).toContain('<!doctype html>');
      const index = site.get(post.language === 'en' ? '' : 'zh');
      expect(index).toContain(`href="/${post.language}/${post.slug}"`);
    }
  });

  it('tells the same in both languages: as many sections, tables and examples, same dates', () => {
    for (const [index, en] of docs.en.entries()) {
      const zh = docs.zh[index];
      const shape = (body: string): string[] =>
        Lexer.lex(body).flatMap((token) =>
          token.type === 'heading' || token.type === 'code' || token.type === 'table'
            ? [token.type]
            : [],
        );
      expect(shape(zh?.body ?? ''), en.slug).toEqual(shape(en.body));
      expect(zh?.date, en.slug).toBe(en.date);
    }
  });

  it('links to pages, anchors and pictures that exist', async () => {
    for (const [path, html] of htmlPages) {
      for (const href of [...attributes(html, 'href'), ...attributes(html, 'src')]) {
        if (/^(https?:|data:)/.test(href) || href === '/contact-chat.js') continue;
        const [target = '', fragment] = href.split('#');
        if (target.startsWith('/images/')) {
          await expect(access(join(docsDir, target)), `${path}: ${href}`).resolves.toBeUndefined();
          continue;
        }
        const page = target === '' ? html : site.get(target.replace(/^\//, ''));
        expect(target === '' || target.startsWith('/'), `${path}: ${href}`).toBe(true);
        expect(page, `${path}: ${href}`).toBeDefined();
        if (fragment !== undefined) {
          const ids = attributes(page ?? '', 'id');
          expect(ids, `${path}: ${href}`).toContain(decodeURIComponent(fragment));
        }
      }
    }
  });

  it('needs no inline script or style', () => {
    for (const [path, html] of htmlPages) {
      const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map((match) => match[0]);
      const tag = path.startsWith('zh') ? 'zh-CN' : 'en';
      const questions =
        tag === 'zh-CN' ? '如何部署到生产环境？' : 'How do I deploy it to production?';
      expect(scripts, path).toHaveLength(1);
      const start = `<script src="/contact-chat.js" async data-lang="${tag}" data-questions="`;
      expect(scripts[0], path).toContain(start);
      expect(scripts[0], path).toMatch(new RegExp(`[|"]${questions.replace('?', '\\?')}"`));
      expect(html, path).toContain('</script>\n</body>');
      expect(html, path).not.toMatch(/<style|\sstyle=|<[^>]*\son[a-z]+=|javascript:/i);
    }
  });

  it('gives headings the anchors that answers cite, each once', () => {
    for (const post of [...docs.en, ...docs.zh]) {
      const slug = createHeadingSlugger();
      const expected = Lexer.lex(post.body)
        .filter((token): token is Tokens.Heading => token.type === 'heading')
        .map((token) => slug(inlineText(token.tokens, { ticks: false }).text));
      const html = site.get(`${post.language}/${post.slug}`) ?? '';
      const prose = html.slice(html.indexOf('<div class="prose">'));
      const ids = [...prose.matchAll(/<h[1-6] id="([^"]*)"/g)].map((match) => match[1]);
      expect(ids, post.slug).toEqual(expected);
      const all = attributes(html, 'id');
      expect(new Set(all).size, post.slug).toBe(all.length);
    }
  });

  it('names the language of each page and the address in the other one', () => {
    const page = site.get('zh/quick-start') ?? '';
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain('<link rel="alternate" hreflang="en" href="/en/quick-start">');
    expect(page).toMatch(/<a href="\/en\/quick-start" lang="en" hreflang="en"/);
    expect(site.get('')).toMatch(/<a href="\/zh"[^>]*>中文<\/a>/);
  });

  it('leads to the post before and the post after', () => {
    const [first, second, third] = docs.zh;
    const page = site.get(`zh/${second?.slug}`) ?? '';
    expect(page).toContain(`<a rel="prev" href="/zh/${first?.slug}">`);
    expect(page).toContain(`<a rel="next" href="/zh/${third?.slug}">`);
    expect(site.get(`zh/${first?.slug}`)).not.toContain('rel="prev"');
  });

  it('shows pictures of its own, and of others their words only', async () => {
    const html = await renderOne(
      '![A <b> in it](../images/a.webp) ![far](https://example.com/b.png) ![up](../../c.png)',
    );
    expect(html).toContain('<img src="/images/a.webp" alt="A &lt;b&gt; in it" />');
    expect(html.match(/<img/g)).toHaveLength(1);
    expect(html).toContain(' far up');
  });

  it('shows raw HTML as text and keeps only harmless links', async () => {
    const html = await renderOne(
      '## A <b>b</b>\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) [y](https://example.com/?a=1&b=2) `<i>`\n',
    );
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('javascript:');
    expect(html).toContain('<a href="https://example.com/?a=1&amp;b=2" rel="noopener">y</a>');
    expect(html).toContain('<code>&lt;i&gt;</code>');
  });

  it('keeps the names of columns with the cells of a table that stacks on a phone', async () => {
    const html = await renderOne('| a | <b> | c |\n|---|---|---|\n| 1 | `2` | 3 |\n');
    expect(html).toContain('<table class="stacks" role="table">');
    expect(html).toMatch(/<td role="cell">1<\/td><td role="cell" data-column="[^"]*">/);
    expect(html).toContain('data-column="c">3</td>');
    expect(await renderOne('| a | b |\n|---|---|\n| 1 | 2 |\n')).toContain('<td>1</td><td>2</td>');
  });

  it('numbers headings of the same name and links to them', async () => {
    const html = await renderOne('## Use\n\ntext [second](#use-1)\n\n## Use\n\ntext\n');
    expect([...html.matchAll(/<h2 id="([^"]*)"/g)].map((match) => match[1])).toEqual([
      'page:contents',
      'use',
      'use-1',
    ]);
  });

  it('stops with the name of the file where a post is broken or missing', async () => {
    const good = `---\n${head}\n---\n\ntext\n`;
    const missing = await docsWith({ 'en/a.md': good });
    await expect(readDocs(missing)).rejects.toThrow('zh/a.md is missing');
    const untitled = await docsWith({ 'en/a.md': good.replace('title: A\n', ''), 'zh/a.md': good });
    await expect(readDocs(untitled)).rejects.toThrow('en/a.md: title is missing');
    const undated = await docsWith({ 'en/a.md': good, 'zh/a.md': good.replace('-01-', '-13-') });
    await expect(readDocs(undated)).rejects.toThrow('zh/a.md: date must be YYYY-MM-DD');
  });

  it('reads files with the line ends of Windows', async () => {
    const file = `---\n${head}\n---\n\ntext\n`.replaceAll('\n', '\r\n');
    const folder = await docsWith({ 'en/a.md': `\uFEFF${file}`, 'zh/a.md': file });
    const posts = await readDocs(folder);
    expect(posts.en[0]?.title).toBe('A');
  });
});
