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

/** What can be read of it. */
function textIn(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  if ('type' in node && node.type === 'break') return '\n';
  if ('text' in node) return node.text as string;
  return Object.values(node).map(textIn).join('');
}

const words = (text: string): string => textIn(readMarkdown(text));

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
    expect(readMarkdown(text)[4]).toEqual({ type: 'code', text: '<b>', language: 'js' });
  });

  it('keeps a line break, as a chat does', () => {
    expect(first('one\ntwo').map(({ type }) => type)).toEqual(['text', 'break', 'text']);
  });

  it('shows markup as the text it is', () => {
    expect(words('a <img src=x onerror=alert(1)> b')).toBe('a <img src=x onerror=alert(1)> b');
    expect(words('<script>alert(1)</script>')).toBe('<script>alert(1)</script>');
    expect(words('<!-- not *seen* -->')).toBe('<!-- not seen -->');
  });

  it('reads on after markup as if it were words', () => {
    const [first, second] = readMarkdown(
      '<div class="x">\n**bold** &lt;b&gt; <pre>&amp; *a*\n\n&copy;',
    );
    expect(JSON.stringify(first)).toContain(
      '{"type":"strong","inside":[{"type":"text","text":"bold"}]}',
    );
    expect(textIn(first)).toBe('<div class="x">\nbold <b> <pre>& a');
    expect(textIn(second)).toBe('©');
  });

  it.each([
    ['&lt;b&gt; &amp;lt; &#x6a; &#106;', '<b> &lt; j j'],
    ['&#106; and &amp;amp; &unknown; &', 'j and &amp; &unknown; &'],
    ['<kbd>&lt;</kbd> &lt; &#0; &#xD800; &#1114112;', '<kbd><</kbd> < � � �'],
    ['\\&lt; and \\&amp;lt;', '&lt; and &amp;lt;'],
    ['`&lt;` **&lt;**', '&lt; <'],
    ['&#42;not em&#42; &#35; no', '*not em* # no'],
    ['| &lt; | a \\| b |\n|-|-|\n| &amp;gt; | 2 |', '<a | b&gt;2'],
    ['```\n&lt;\n```', '&lt;'],
    ['# &quot;T&quot;', '"T"'],
    ['- &lt;li&gt;', '<li>'],
    ['&nbsp;x&hellip;&Alpha;&omega;&yuml;', '\u00A0x…ΑωΨ'.replace('Ψ', 'ÿ')],
  ])('decodes references once: %s', (text, expected) => {
    expect(readMarkdown(text).map(textIn).join('\n')).toBe(expected);
  });

  it.each([
    ['[x](https://e.example/?a=1&amp;b=2)', 'https://e.example/?a=1&b=2'],
    ['[x](https://e.example/?a&amp;amp;b)', 'https://e.example/?a&amp;b'],
    ['[x](https://e.example/\\&amp;b)', 'https://e.example/&amp;b'],
    ['[x](https://e.example/a\\_b\\(c)', 'https://e.example/a_b(c'],
    ['[x](&#104;ttps://e.example/)', 'https://e.example/'],
    ['<https://e.example/?a&amp;b>', 'https://e.example/?a&b'],
    ['https://e.example/?a&amp;b', 'https://e.example/?a&b'],
    ['[x]\n\n[x]: https://e.example/?a&amp;b', 'https://e.example/?a&b'],
    ['![x](https://e.example/?a&amp;b)', 'https://e.example/?a&b'],
  ])('decodes references of destinations once: %s', (text, expected) => {
    expect([...addresses(readMarkdown(text))]).toEqual([expected]);
  });

  it.each([
    '[x](&#106;avascript:alert(1))',
    '[x](javascript&colon;alert(1))',
    '[x](&#x6A&#x61;vascript:alert(1))',
    '[x](java&Tab;script:alert(1))',
    '[x](java&NewLine;script:alert(1))',
    '[x](<javascript:alert(1)>)',
    '[x]\n\n[x]: javascript:alert(1)',
    '![x](javascript:alert(1))',
    '<javascript:alert(1)>',
    '[x](\u0001javascript:alert(1))',
    '[x](vbscript:x) [x](data:text/html,x) [x](//e.example) [x](/a) [x](blob:x) [x](file:///x)',
  ])('leads nowhere: %s', (text) => {
    expect([...addresses(readMarkdown(text))]).toEqual([]);
  });

  it('links nowhere but to the web and to mail', () => {
    expect(first('[x](javascript:alert(1))')).toEqual([
      { type: 'text', text: '[x](javascript:alert(1))' },
    ]);
    expect(first('[](https://e.example/)')).toMatchObject([
      { type: 'link', inside: [{ text: 'https://e.example/' }] },
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

  it('has no link inside a link', () => {
    const [link] = first(
      '[a ![b](https://e.example/i.png) https://e.example/c](https://e.example/)',
    );
    expect([...addresses(link)]).toEqual(['https://e.example/']);
  });

  it('knows tasks', () => {
    const [list] = readMarkdown('- [x] done\n- [ ] open\n- none');
    expect(list).toMatchObject({ items: [{ done: true }, { done: false }, {}] });
    expect(textIn(list)).toBe('doneopennone');
  });

  it('tells the language of code, and nothing else of its line', () => {
    const language = (text: string): unknown =>
      readMarkdown(text).map((block) => 'language' in block && block.language);
    expect(language('```ts {1,3} title="x"\n1\n```')).toEqual(['ts']);
    expect(language('~~~c&#43;&#43;\n1\n~~~')).toEqual(['c++']);
    expect(language('    indented')).toEqual(['']);
    expect(readMarkdown('```\n1\n\n2')).toMatchObject([{ text: '1\n\n2' }]);
  });

  it.each([
    '>',
    '- ',
    '[',
    '*a_',
    '[a](',
    '![',
    '`',
    '|',
    '~~a ',
    '<a ',
    'a@',
    '&',
    'http://',
    ')',
  ])('copes with what nobody writes: %s, ten thousand times', (text) => {
    for (const times of [1_300, 10_000]) {
      const read = readMarkdown(`https://e.example/${text.repeat(times)}`);
      expect(depthOf(readMarkdown(text.repeat(times)))).toBeLessThan(80);
      expect(textIn(read).length).toBeGreaterThan(0);
    }
  });

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
