import fc from 'fast-check';
import { Lexer } from 'marked';
import { expect, it } from 'vitest';
import { inlineText, type InlineText } from './markdown-text.ts';
import { PostLexer } from './post-lexer.ts';

const lexers = { plain: new Lexer({ gfm: true }), ours: new PostLexer({ gfm: true }) };
const read = (lexer: Lexer, text: string): InlineText =>
  inlineText(lexer.inlineTokens(text), { ticks: true });

const pieces = [
  ...['word', 'Wort', '部署', ' ', '  ', '   ', '\n', '  \n', '\t', '.', ',', '!', '![', '(', ')'],
  ...[
    'a@b.org',
    'HTTP://x.org',
    'WWW.x.org',
    'http',
    'https:',
    '://',
    'www',
    'www.',
    'ftp://x.org',
    'mailto:a@b.org',
    '&amp;',
  ],
  ...['&', '&#38;', '<b>', '</b>', '<', '>', '*', '**', '_', '__', '`', '``', '~', '~~', '[', ']'],
  ...[
    '[x]',
    '(y)',
    '\\',
    '\\\n',
    '-',
    '--',
    '"',
    "'",
    ':',
    ';',
    '#',
    '|',
    '{',
    '}',
    '😀',
    '\u00a0',
  ],
];

it('reads the same text as the lexer it is made from', () => {
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, (inline) => {
      expect(read(lexers.ours, inline)).toEqual(read(lexers.plain, inline));
    }),
    { numRuns: 4_000 },
  );
});

it('does not look for marks where there are none', () => {
  expect(lexers.ours.inlineTokens('A plain line: nothing\nto see (here) & there.')).toHaveLength(1);
  expect(lexers.ours.inlineTokens('')).toEqual([]);
});
