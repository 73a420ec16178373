import { describe, expect, it } from 'vitest';
import { cleanAnswer, cleanCitations } from './clean-text.ts';

describe('an answer of others', () => {
  it('keeps its lines and nothing that a terminal would obey', () => {
    expect(cleanAnswer(' \u001b[31mred\u0007\r\n\tdone\u0085\ud800 👋 ')).toBe(
      '[31mred\n\tdone\ufffd 👋',
    );
  });
});

describe('citations of others', () => {
  const urls = (value: unknown): string[] => cleanCitations(value).map(({ url }) => url);

  it('are kept where they can be shown', () => {
    const good = [
      { title: ' A\n title \u0000', url: 'https://blog.example/a#part', score: 0.9 },
      { title: 'B', url: '/b?x=1' },
      { title: 'C', url: 'c/d' },
    ];
    expect(cleanCitations(good)).toEqual([
      { title: 'A title', url: 'https://blog.example/a#part' },
      { title: 'B', url: '/b?x=1' },
      { title: 'C', url: 'c/d' },
    ]);
  });

  it.each<[unknown]>([
    ['javascript:alert(1)'],
    ['JAVASCRIPT:alert(1)'],
    ['java\nscript:alert(1)'],
    ['data:text/html,x'],
    ['mailto:a@example.com'],
    ['//evil.example/a'],
    ['\\\\evil.example\\a'],
    ['https://'],
    ['https://a b/'],
    [''],
    [`/${'x'.repeat(2_000)}`],
    ['/\ud800'],
    [5],
    [null],
  ])('are left out where the address is %j', (url) => {
    expect(
      urls([
        { title: 'X', url },
        { title: 'A', url: '/a' },
      ]),
    ).toEqual(['/a']);
  });

  it.each<[unknown]>([[undefined], [null], ['/a'], [{ title: 'A', url: '/a' }], [['/a', null, 3]]])(
    'are none in %j',
    (value) => {
      expect(cleanCitations(value)).toEqual([]);
    },
  );

  it('are one a post, and three at most', () => {
    const many = ['/a', '/a#b', '/b', '/c', '/d'].map((url) => ({ title: url, url }));
    expect(urls(many)).toEqual(['/a', '/b', '/c']);
  });

  it('have a title of some length, or their address for one', () => {
    const [long, none] = cleanCitations([
      { title: `${'x'.repeat(199)}👋`, url: '/a' },
      { title: ' ', url: '/b' },
    ]);
    expect(long?.title).toBe('x'.repeat(199));
    expect(none?.title).toBe('/b');
  });
});
