import { describe, expect, it } from 'vitest';
import { decodeText, readPost, scriptOf, type Post } from './read-post.ts';

const options = { baseUrl: '/', nowMs: Date.parse('2025-06-01T00:00:00Z') };
const post = (text: string, path = 'notes/my-post.md'): Post => {
  const read = readPost(path, text, options);
  if (read.status !== 'post') throw new Error(`expected a post, got ${read.status}`);
  return read.post;
};
const status = (text: string, path = 'a.md'): string => readPost(path, text, options).status;

describe('a post', () => {
  it('takes its title from the head, else the first heading, else the file', () => {
    expect(post('---\ntitle: Head\n---\n# Heading\n\nx').title).toBe('Head');
    expect(post('Intro\n\n## Heading\n\nx').title).toBe('Heading');
    expect(post('x').title).toBe('my post');
    expect(post('x', '2024-01-05-first_steps.md').title).toBe('first steps');
    expect(post('x', 'deploying/index.md').title).toBe('deploying');
  });

  it('is cut at headings, which passages keep as their trail without the title', () => {
    const { passages } = post('# T\n\nlead\n\n## A\n\nx\n\n### B\n\ny\n\n## C\n\nz');
    expect(passages.map(({ headings, anchor }) => [headings, anchor])).toEqual([
      [[], ''],
      [['A'], 'a'],
      [['A', 'B'], 'b'],
      [['C'], 'c'],
    ]);
  });

  it('is cut by size within a section, code staying with its prose', () => {
    const paragraph = 'Words about deployment. '.repeat(20).trim();
    const { passages, blocks } = post(
      `# T\n\n${Array(6).fill(paragraph).join('\n\n')}\n\n\`\`\`\ncode\n\`\`\``,
    );
    expect(passages.length).toBeGreaterThan(2);
    for (const { start, end } of passages) {
      const size = blocks.slice(start, end).reduce((sum, block) => sum + block.text.length, 0);
      expect(size).toBeLessThanOrEqual(1_500);
    }
    const last = passages.at(-1);
    expect(blocks.slice(last?.start, last?.end).map((block) => block.kind)).toContain('text');
    expect(passages.at(-1)?.end).toBe(blocks.length);
  });

  it.each([
    '---\ndraft: true\n---\nx',
    '---\npublished: false\n---\nx',
    '+++\ndraft = true\n+++\nx',
    '{"draft": true}\nx',
    '',
    '   \n\n',
    '# Only a heading',
    '---\ntitle: only a head\n---\n',
    '<!-- only a comment -->',
  ])('is hidden: %j', (text) => {
    expect(status(text)).toBe('hidden');
  });

  it('waits for its date', () => {
    const future = readPost('a.md', '---\ndate: 2025-06-02T10:00:00+08:00\n---\nx', options);
    expect(future).toEqual({ status: 'future', fromMs: Date.parse('2025-06-02T02:00:00Z') });
    expect(status('---\ndate: 2025-05-31 10:00:00 +0800\n---\nx')).toBe('post');
    expect(status('+++\ndate = 2999-01-01\n+++\nx')).toBe('future');
    expect(status('---\ndate: someday\n---\nx')).toBe('post');
  });

  it('tells of a broken head and is read all the same', () => {
    const read = readPost('a.md', '---\n: [\n---\n# Title\n\nText', options);
    expect(read).toMatchObject({ status: 'post', post: { title: 'Title' } });
    expect(read).toHaveProperty('problem');
  });

  it('drops the modules of MDX by its extension only', () => {
    expect(post("import A from 'a'\n\nText", 'a.mdx').blocks.map((block) => block.text)).toEqual([
      'Text',
    ]);
    expect(post("import A from 'a'\n\nText", 'a.md').blocks).toHaveLength(2);
  });

  it('knows the script it is written in', () => {
    expect(post('# 部署\n\n用 docker compose up 启动服务器，然后打开浏览器。').script).toBe('cjk');
    expect(post('# Deploying\n\nThe word 部署 means deploying a service.').script).toBe('other');
    expect(scriptOf('今天怎么用 docker？')).toBe('cjk');
  });
});

describe('bytes of a file', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  it('lose their byte order mark and carriage returns', () => {
    expect(decodeText(bytes('\ufeff---\r\ntitle: x\r\n---\r\nText\rmore'))).toBe(
      '---\ntitle: x\n---\nText\nmore',
    );
  });
  it('may be UTF-16, or broken', () => {
    expect(decodeText(Uint8Array.from([0xff, 0xfe, 0x41, 0, 0x2d, 0x4e]))).toBe('A中');
    expect(decodeText(Uint8Array.from([0x41, 0xff, 0x42]))).toBe('A\ufffdB');
  });
});
