import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../answerer-ports.ts';
import { smallDictionary } from './cross-dictionary.fixture.ts';
import { answerFrom } from './retrieval.ts';
import { indexOf, smallBlog } from './small-blog.fixture.ts';

const index = await indexOf({
  ...smallBlog,
  '__proto__.md':
    '# constructor\n\nThe words `__proto__`, `toString` and `hasOwnProperty` are words.',
});

const dictionary = smallDictionary();
const open = { dictionary, words: await dictionary.words() };

function check(text: string): void {
  checkAnswer(answerFrom(index, { text, lang: 'en' }));
  checkAnswer(answerFrom(index, { text, lang: 'en' }, { open }));
}

function checkAnswer(answer: Answer): void {
  expect(answer.text.trim()).not.toBe('');
  expect([...answer.text].length).toBeLessThanOrEqual(3_500);
  expect(answer.citations.length).toBeLessThanOrEqual(3);
  expect(answer.citations.length > 0).toBe(answer.outcome === 'found');
  for (const { title, url } of answer.citations) {
    expect(title).toMatch(/^\P{Cc}+$/u);
    expect(url).toMatch(/^\/blog\//);
  }
}

const words = [
  ...[
    'deploy',
    'systemd',
    '部署',
    'SQLite',
    'the',
    '你好',
    '__proto__',
    'constructor',
    '😀',
    '\u200b',
  ],
  ...[
    '(a+)+$',
    '.*',
    '\\',
    '```',
    '| a |',
    '\n',
    '<script>',
    "'",
    '-',
    '1',
    'ﷺ',
    '\ud800',
    'é',
    'ー',
  ],
];
const soup = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 12 })), {
    maxLength: 60,
  })
  .map((parts) => parts.join(' '));

describe('hostile questions', () => {
  it('are answered like any other', () => {
    fc.assert(fc.property(soup, check), { numRuns: 300 });
  });

  it.each([
    ['nothing', ''],
    ['punctuation', '?!…，。'.repeat(500)],
    ['emoji', '👩‍👩‍👧‍👦'.repeat(500)],
    ['zero width', '\u200b\u200d\ufeff'.repeat(1_300)],
    ['one long word', 'a'.repeat(4_000)],
    ['one long identifier', 'aB'.repeat(2_000)],
    ['dots and dashes', 'a.-_'.repeat(1_000)],
    ['backtracking', `${'a'.repeat(2_000)}!${'('.repeat(2_000)}`],
    ['spaces', ' '.repeat(4_000)],
    ['one character', '的'.repeat(4_000)],
    ['marks on marks', `e${'\u0301'.repeat(3_999)}`],
    ['ligatures that grow', 'ﷺ'.repeat(4_000)],
    ['astral letters', '𠮷'.repeat(4_000)],
    ['wish to talk', 'i want to talk to '.repeat(220)],
    ['almost small talk', `${'hello '.repeat(25)}x`],
    ['联系', '请帮我联系'.repeat(30)],
  ])('%s', (_, text) => {
    check(text);
  });

  it('of the greatest length, made of words, are no more than that', () => {
    const noise = Array.from({ length: 700 }, (_, at) => `w${at}ord`)
      .join(' ')
      .slice(0, 4_000);
    check(noise);
    check('部署服务器数据库迁移环境配置'.repeat(280));
    check('牛哇状太数剧酷虚你鸡'.repeat(400));
    check('recieve comand exeption '.repeat(160));
  });

  it('find object properties as the words they are', () => {
    const answer = answerFrom(index, {
      text: 'what about hasOwnProperty and __proto__?',
      lang: 'en',
    });
    expect(answer.outcome).toBe('found');
    expect(answer.citations[0]?.url).toBe('/blog/__proto__');
  });
});
