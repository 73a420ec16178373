import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMarkdown, safeAddress, type Block, type Inline } from './markdown-tree.ts';

const first = (text: string): readonly Inline[] => {
  const [block] = readMarkdown(text);
  if (block?.type !== 'paragraph') throw new Error(`no paragraph: ${JSON.stringify(block)}`);
  return block.inside;
};

function* addresses(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'href') yield value as string;
    else yield* addresses(value);
  }
}

function depthOf(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0;
  return 1 + Math.max(0, ...Object.values(node).map(depthOf));
}

describe('Markdown', () => {
  it('is read into blocks', () => {
    const text =
      '# T\n\nA *b* `c<d`\n\n> q\n\n3. x\n4. y\n\n```js\n<b>\n```\n\n---\n\n|a|\n|-|\n|1|';
    expect(readMarkdown(text).map(({ type }: Block) => type)).toEqual([
      'heading',
      'paragraph',
      'quote',
      'list',
      'code',
      'rule',
      'table',
    ]);
    expect(readMarkdown(text)[3]).toMatchObject({ start: 3, items: [{}, {}] });
    expect(readMarkdown(text)[4]).toEqual({ type: 'code', text: '<b>' });
  });

  it('keeps a line break, as a chat does', () => {
    expect(first('one\ntwo').map(({ type }) => type)).toEqual(['text', 'break', 'text']);
  });

  it('shows markup as the text it is', () => {
    expect(first('a <img src=x onerror=alert(1)> b')).toEqual([
      { type: 'text', text: 'a ' },
      { type: 'text', text: '<img src=x onerror=alert(1)>' },
      { type: 'text', text: ' b' },
    ]);
  });

  it('links nowhere but to the web and to mail', () => {
    expect(first('[x](javascript:alert(1))')).toEqual([
      { type: 'text', text: '[x](javascript:alert(1))' },
    ]);
    expect(first('[x](https://example.com/a)')).toMatchObject([
      { type: 'link', href: 'https://example.com/a' },
    ]);
    expect(first('me@example.com')).toMatchObject([{ href: 'mailto:me@example.com' }]);
    for (const href of ['data:text/html,x', '//evil.example', 'vbscript:x', 'JaVaScRiPt:x', 'a']) {
      expect(safeAddress(href)).toBeUndefined();
    }
  });

  it('never loads a picture: it is a link', () => {
    expect(first('![a cat](https://example.com/c.png)')).toEqual([
      { type: 'image', href: 'https://example.com/c.png', alt: 'a cat' },
    ]);
  });

  it('shows tasks with their boxes', () => {
    const [list] = readMarkdown('- [x] done\n- [ ] open');
    expect(JSON.stringify(list)).toContain('☑ ');
    expect(JSON.stringify(list)).toContain('☐ ');
  });

  it.each(['>'.repeat(4_000), '- '.repeat(2_000), '['.repeat(4_000), '*a_'.repeat(1_300)])(
    'copes with what nobody writes: %.6s…',
    (text) => {
      expect(depthOf(readMarkdown(text))).toBeLessThan(80);
    },
  );

  it('makes no unsafe address of any text', () => {
    const schemes = ['', 'javascript:', 'data:', 'https://'];
    assert(
      property(string({ maxLength: 60 }), string({ maxLength: 20 }), (one, other) => {
        for (const scheme of schemes) {
          const text = `${one}[${other}](${scheme}${other}) ![${one}](<${scheme}${one}>)`;
          for (const href of addresses(readMarkdown(text))) expect(safeAddress(href)).toBe(href);
        }
      }),
    );
  });
});
