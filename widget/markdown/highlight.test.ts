import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highlight } from './highlight.ts';
import { languageOf } from './languages.ts';

const languages = ['js', 'py', 'sh', 'json', 'yaml', 'html', 'css', 'sql', 'go', 'rust'];

/** `kind:text` of all that stands out. */
const outstanding = (language: string, code: string): string[] =>
  highlight(code, languageOf(language).family).flatMap(({ kind, text }) =>
    kind ? `${kind}:${text.trim()}` : [],
  );

describe('code', () => {
  it.each([
    [
      'ts',
      'const a: string = `x ${1}`; // no "string"\nreturn 0x1F + 1.5e3;',
      'keyword:const string:`x ${1}` comment:// no "string" keyword:return number:0x1F number:1.5e3',
    ],
    [
      'python',
      '@cache\ndef f(x):\n  """doc # not\n  a comment"""\n  return "a" if x else None  # why',
      'name:@cache keyword:def string:"""doc # not\n  a comment""" keyword:return string:"a" keyword:if keyword:else keyword:None comment:# why',
    ],
    [
      'bash',
      'export A="b $C"\nnpm run x#y --watch $HOME # done',
      'keyword:export string:"b $C" name:--watch name:$HOME comment:# done',
    ],
    [
      'json',
      '{"key" : "value", "n": [-1.5, true, null]}',
      'name:"key" string:"value" name:"n" number:-1.5 keyword:true keyword:null',
    ],
    [
      'yaml',
      'on: push\njobs:\n  - name: "a: b" # why\n    port: 80\n    url: http://x.example/#a',
      'name:on name:jobs name:- name string:"a: b" comment:# why name:port number:80 name:url',
    ],
    [
      'html',
      '<!-- a --><a href="x" class=\'y\'>it\'s "text"</a>',
      'comment:<!-- a --> keyword:<a name:href string:"x" name:class string:\'y\' keyword:</a',
    ],
    [
      'css',
      '/* a */ .b { color: #fff; margin: -1.5em } @media print {}',
      'comment:/* a */ name:color number:#fff name:margin number:-1.5em keyword:@media',
    ],
    [
      'sql',
      "SELECT id FROM t WHERE a = 'it''s' -- why\nlimit 10",
      "keyword:SELECT keyword:FROM keyword:WHERE string:'it''s' comment:-- why keyword:limit number:10",
    ],
    [
      'rust',
      "fn f<'a>(x: &'a str) -> char { 'c' /* open",
      "keyword:fn keyword:str keyword:char string:'c' comment:/* open",
    ],
    ['go', 'func main() { s := "é\\"" }', 'keyword:func string:"é\\""'],
  ])('stands out where it means something: %s', (language, code, expected) => {
    expect(outstanding(language, code).join(' ')).toBe(expected);
  });

  it('is shown as it is where its language is not known', () => {
    expect(outstanding('brainfuck', 'if (1) "x"')).toEqual([]);
    expect(outstanding('', 'if (1) "x"')).toEqual([]);
    expect(languageOf('brainfuck').label).toBe('brainfuck');
    expect(languageOf('x'.repeat(999)).label.length).toBeLessThan(30);
    expect(languageOf('TS').label).toBe('TypeScript');
    expect(languageOf('constructor').family).toBeUndefined();
  });

  it('is whole, whatever it says', () => {
    const signs = [
      ...'"\'`#/*-<>!&$@{}()[]:=\\\n\t aZé日0.9',
      '😀',
      '"""',
      '/*',
      '<!--',
      '-->',
      '--',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...languages),
        fc.oneof(
          fc.array(fc.constantFrom(...signs)).map((all) => all.join('')),
          fc.string(),
        ),
        (language, code) => {
          const pieces = highlight(code, languageOf(language).family);
          expect(pieces.map(({ text }) => text).join('')).toBe(code);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  // Anything worse than linear would take hours here.
  it.each([
    'a',
    ' ',
    '"',
    "'",
    '`',
    '#',
    '/*',
    '-',
    '<a',
    '<',
    '\\',
    '\n',
    'a:',
    '$',
    '1',
    '[',
    '"a',
  ])('copes with a line of a hundred thousand characters: %j', (sign) => {
    const whole = sign.repeat(100_000 / sign.length);
    for (const language of languages) {
      const { family } = languageOf(language);
      const pieces = highlight(whole, family, whole.length);
      expect(pieces.map(({ text }) => text).join('')).toBe(whole);
      expect(highlight(whole, family)).toEqual([{ kind: undefined, text: whole }]);
    }
  });
});
