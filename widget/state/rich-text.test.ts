import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBlocks, readSpans } from './rich-text.ts';

describe('spans of a line', () => {
  it('finds code and addresses', () => {
    expect(readSpans('Set `PUBLIC_URL`, see https://example.com/a?b=1#c.')).toEqual([
      { type: 'text', text: 'Set ' },
      { type: 'code', text: 'PUBLIC_URL' },
      { type: 'text', text: ', see ' },
      { type: 'link', text: 'https://example.com/a?b=1#c', href: 'https://example.com/a?b=1#c' },
      { type: 'text', text: '.' },
    ]);
  });

  it.each([
    ['(https://example.com/a)', 'https://example.com/a'],
    ['https://example.com/a_(b)', 'https://example.com/a_(b)'],
    ['见 https://example.com/文章。', 'https://example.com/文章'],
    ['"https://example.com/"', 'https://example.com/'],
  ])('reads the address in %s', (line, address) => {
    expect(readSpans(line).find(({ type }) => type === 'link')?.text).toBe(address);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '<b>bold</b>', 'ftp://example.com'])(
    'leaves %s as text',
    (line) => {
      expect(readSpans(line)).toEqual([{ type: 'text', text: line }]);
    },
  );

  it('loses nothing but the signs around code', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('`', 'a', ' ', '.', ')', 'https://e.x/') }),
        (line) => {
          const text = readSpans(line)
            .map((span) => (span.type === 'code' ? `\`${span.text}\`` : span.text))
            .join('');
          expect(text).toBe(line);
        },
      ),
    );
  });
});

describe('blocks of a message', () => {
  it('tells paragraphs, lines and code apart', () => {
    const blocks = readBlocks('one\ntwo\r\n\r\nthree\n```js\nconst a = "`";\n\n  b()\n```\nfour');
    expect(blocks).toEqual([
      {
        type: 'paragraph',
        lines: [[{ type: 'text', text: 'one' }], [{ type: 'text', text: 'two' }]],
      },
      { type: 'paragraph', lines: [[{ type: 'text', text: 'three' }]] },
      { type: 'code', text: 'const a = "`";\n\n  b()' },
      { type: 'paragraph', lines: [[{ type: 'text', text: 'four' }]] },
    ]);
  });

  it('knows a heading from a number sign', () => {
    expect(readBlocks('a\n## Title `x`\n#1 is not one').map(({ type }) => type)).toEqual([
      'paragraph',
      'heading',
      'paragraph',
    ]);
  });

  it('shows code whose end is missing, and longer fences around shorter ones', () => {
    expect(readBlocks('```\na')).toEqual([{ type: 'code', text: 'a' }]);
    expect(readBlocks('````\n```\na\n```\n````')).toEqual([{ type: 'code', text: '```\na\n```' }]);
  });
});
