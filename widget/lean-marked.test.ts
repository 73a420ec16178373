import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Lexer, type Token } from 'marked';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { makeLeanMarked } from './lean-marked.ts';

const file = createRequire(import.meta.url).resolve('marked');
const source = readFileSync(file.replace(/[^/]+$/, 'marked.esm.js'), 'utf8');
const parse = (code: string): unknown => parseAst(code);

describe('marked without what makes HTML', () => {
  it('takes texts apart as the whole does', async () => {
    const lean = makeLeanMarked(source, parse);
    const { Lexer: LeanLexer } = (await import(
      `data:text/javascript,${encodeURIComponent(lean)}`
    )) as { Lexer: new (options: object) => { lex(text: string): readonly Token[] } };
    const texts = [
      '# T\n\nA *b* **c** ~~d~~ `e` <b>f</b> &lt; [g](h "i") ![j](k) [l]\n\n[l]: m\n\n> n\n> - o',
      '1. a\n\n   b\n2. [ ] c\n   - [x] d\n\n```js\ne\n```\n\n    f\n\n| a | b |\n|:-|-:|\n| c | d |\n\n---',
      'Setext\n===\n\nhttps://e.example/?a=b&amp;c www.e.example me@e.example <https://e.example/>\\\nx  \ny',
      '<div>\n*a*\n</div>\n\n***a** b*\n\n__a_ b_\n\n* * *\n\n\\*a\\*',
    ];
    for (const text of texts) {
      expect(new LeanLexer({ gfm: true, breaks: true }).lex(text)).toEqual(
        new Lexer({ gfm: true, breaks: true }).lex(text),
      );
    }
  });

  it('stops where marked is built otherwise', () => {
    expect(() => makeLeanMarked('export const Lexer = 1;', parse)).toThrow(/marked has changed/);
  });
});
