import { describe, expect, it } from 'vitest';
import { markdownBlocks, withoutModuleLines } from './markdown-blocks.ts';

const texts = (markdown: string): string[] => markdownBlocks(markdown).map((block) => block.text);
const kinds = (markdown: string): string[] => markdownBlocks(markdown).map((block) => block.kind);

describe('blocks of a post', () => {
  it('gives headings their anchors, without inline marks', () => {
    const blocks = markdownBlocks('# The `npm` *way*\n\nx\n\n## Usage\n\nx\n\nUsage\n-----\n\nx');
    expect(
      blocks.flatMap(({ kind, text, depth, label }) =>
        kind === 'heading' ? [[text, depth, label]] : [],
      ),
    ).toEqual([
      ['The npm way', 1, 'the-npm-way'],
      ['Usage', 2, 'usage'],
      ['Usage', 2, 'usage-1'],
    ]);
  });

  it('shows links as words, images as their alt, code in backticks', () => {
    expect(
      texts('See [the *docs*](https://x.example "t"), ![a cat](c.png) and `a < b` &amp; \\*.'),
    ).toEqual(['See the docs, a cat and `a < b` & *.']);
  });

  it('keeps code whole, with lines that look like headings', () => {
    const code = '# not a heading\nrun --fast\n\n## neither';
    expect(markdownBlocks(`Before:\n\n\`\`\`sh\n${code}\n\`\`\`\n`)[1]).toMatchObject({
      kind: 'code',
      text: code,
      label: 'sh',
    });
    expect(kinds('Before:\n\n    # indented\n    code\n')).toEqual(['text', 'code']);
  });

  it('cuts huge code at line ends and loses nothing', () => {
    const code = Array.from({ length: 400 }, (_, line) => `line ${line}`).join('\n');
    const blocks = markdownBlocks(`\`\`\`\n${code}\n\`\`\``);
    expect(blocks.length).toBeGreaterThan(1);
    expect(blocks.map((block) => block.text).join('\n')).toBe(code);
  });

  it('keeps tables as lines', () => {
    expect(texts('| a | b |\n|---|:-:|\n| `1` | [2](x) |\n')).toEqual([
      '| a | b |\n| --- | --- |\n| `1` | 2 |',
    ]);
  });

  it('keeps lists as lines, nested and numbered, with code of their own', () => {
    expect(texts('- one\n  - two\n- [x] done\n\n3. three\n4. four\n')).toEqual([
      '- one\n  - two\n- [x] done',
      '3. three\n4. four',
    ]);
    expect(kinds('1. do\n\n   ```sh\n   x\n   ```\n2. more\n')).toEqual(['list', 'code', 'list']);
  });

  it('keeps quotes as quotes', () => {
    expect(texts('> said\n> > before\n')).toEqual(['> said\n> > before']);
  });

  it('shows the text of raw HTML and nothing of scripts', () => {
    const shown = texts(
      '<div>\n<p>Hello &amp; welcome</p>\n</div>\n\n<script>\nalert(1)\n\nmore()\n</script>\n\nA <b>bold</b> <script>x()</script>word<br>next',
    );
    expect(shown).toEqual(['Hello & welcome', 'A bold word\nnext']);
    expect(markdownBlocks('<pre><code>a\n  b\n</code></pre>')[0]).toMatchObject({
      kind: 'code',
      text: 'a\n  b',
    });
  });

  it('drops the tags of generators, but not from code', () => {
    expect(
      texts('{{< figure src="x" >}}Seen {% raw %}too\n\n`{% raw %}`\n\n```\n{% raw %}\n```'),
    ).toContain('{% raw %}');
    expect(texts('{{< figure src="x" >}}Seen')).toEqual(['Seen']);
  });

  it('cuts long prose after sentences, so that the pieces join into it', () => {
    const prose = Array.from({ length: 80 }, (_, at) => `Sentence number ${at} is here.`).join(' ');
    const blocks = markdownBlocks(prose);
    expect(blocks.length).toBeGreaterThan(2);
    expect(
      blocks
        .map((block) => block.glue + block.text)
        .join('')
        .trim(),
    ).toBe(prose);
    for (const block of blocks) expect(block.text.trimEnd()).toMatch(/\.$/);
  });

  it('cuts long Chinese prose after sentences, and text without any ends inside no character', () => {
    const prose = '这是一个很长的句子，说的是部署。'.repeat(120);
    const blocks = markdownBlocks(prose);
    expect(blocks.map((block) => block.text).join('')).toBe(prose);
    for (const block of blocks) expect(block.text).toMatch(/。$/);
    const emoji = '😀'.repeat(2_000);
    expect(texts(emoji).join('')).toBe(emoji);
    for (const text of texts(emoji)) expect(text).toMatch(/^(?:😀)+$/u);
  });

  it('lives through nesting that no person writes', () => {
    expect(() => markdownBlocks(`${'> '.repeat(500)}x`)).not.toThrow();
    expect(() => markdownBlocks(`${'- '.repeat(500)}x`)).not.toThrow();
    expect(() => markdownBlocks('*'.repeat(5_000))).not.toThrow();
  });
});

describe('modules in MDX', () => {
  it('are dropped outside code, prose about them is not', () => {
    const mdx =
      "import Box from './box'\nimport { a,\n  b } from 'c'\n\nexport const meta = {\n  x: 1,\n}\n\nimport duties are high\n\n```js\nimport x from 'y'\n```\n";
    expect(texts(withoutModuleLines(mdx))).toEqual(['import duties are high', "import x from 'y'"]);
  });
});
