import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createShownText } from './shown-text.ts';

const given = new Set(['https://blog.example/a', '/posts/b', 'https://docs.example/x_(y)']);

function show(pieces: readonly string[]) {
  const shown = createShownText({ passages: 3, allowsUrl: (url) => given.has(url) });
  const outs = pieces.map((piece) => shown.push(piece));
  outs.push(shown.end());
  return { text: outs.join(''), outs, cited: [...shown.cited], declined: shown.declined };
}
const textOf = (whole: string): string => show([whole]).text;

describe('what is shown of what a model writes', () => {
  it.each<[string, string, readonly number[]]>([
    ['Use systemd [1].', 'Use systemd.', [1]],
    [
      'Use systemd.[1] It restarts [2][1] by itself.',
      'Use systemd. It restarts by itself.',
      [1, 2],
    ],
    ['Both [1, 3] work, also [1-2].', 'Both work, also.', [1, 3, 2]],
    ['用 systemd 运行【2】。', '用 systemd 运行。', [2]],
    ['See it there ([1]) and (see [2], [3]).', 'See it there and.', [1, 2, 3]],
    ['A [^1] and [Source 2] and 【3†notes】', 'A and and', [1, 2, 3]],
    ['Nobody gave [4], [17] or [99].', 'Nobody gave, or.', []],
    ['[1] The beginning.\n[2] A line.', 'The beginning.\nA line.', [1, 2]],
    ['Done.\n\n[1]: https://evil.example/x', 'Done.', [1]],
    ['[1](https://evil.example) is a mark', 'is a mark', [1]],
  ])('%j loses its marks', (whole, text, numbers) => {
    const shown = show([whole]);
    expect(shown.text).toBe(text);
    expect(shown.cited.map(([number]) => number)).toEqual(numbers);
  });

  it('counts how often a passage is cited', () => {
    expect(show(['a [2] b [1] c [2]']).cited).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });

  it('hears that no passage answers', () => {
    expect(show(['[0]'])).toMatchObject({ text: '', declined: true, cited: [] });
    expect(show(['Sorry, nothing [0].'])).toMatchObject({
      text: 'Sorry, nothing.',
      declined: true,
    });
    expect(show(['a[1]']).declined).toBe(false);
  });

  it.each([
    'An array `a[1]` and ``b[`2`]`` stay',
    '- [ ] to do\n- [x] done',
    'An [aside] and a [ bracket',
    'Escaped \\[1\\] stays',
    'Text:\n\n```js\nconst x = a[1]; // https://evil.example ![i](x)\n```\n\nand on.',
    '~~~\n[1]\n~~~',
    'A [link](https://blog.example/a) and [another](/posts/b "title")',
    'https://blog.example/a, and <https://blog.example/a>.',
    'See [wiki](https://docs.example/x_(y)) (https://docs.example/x_(y)).',
    '5 < 6 & 7 > 3, <b>bold</b> and <script>alert(1)</script>',
    'which what hhttps who ww w. http:/x of',
    'An exclamation! And (a parenthesis) too （括号）',
  ])('%j stays as it is', (whole) => {
    expect(textOf(whole)).toBe(whole);
  });

  it.each([
    ['Go [there](https://evil.example/a) now', 'Go there now'],
    ['Go [**there**](javascript:alert(1)) now', 'Go **there** now'],
    ['Go [there][evil] now', 'Go there now'],
    ['Visit https://evil.example/a?b=c#d. Now', 'Visit. Now'],
    ['Visit (www.evil.example) now', 'Visit () now'],
    ['Awww.evil.example or xhttps://evil.example/', 'A or x'],
    ['请访问https://evil.example/a，谢谢', '请访问，谢谢'],
    ['Write <mailto:a@evil.example> or <https://evil.example>!', 'Write or!'],
    ['Look ![a cat](https://evil.example/pixel.gif) here', 'Look here'],
    ['Look ![a cat][ref] here', 'Look here'],
    ['[![a](https://evil.example/i.png)](https://evil.example)', ''],
    ['[a [1] b](https://evil.example)', 'a b'],
    ['<img src="https://evil.example/x.png">', '<img src="">'],
  ])('%j loses what nobody gave', (whole, text) => {
    expect(
      textOf(whole)
        .replaceAll(/ {2,}/g, ' ')
        .replaceAll(/ (?=[.!])/g, ''),
    ).toBe(text);
  });

  it('closes a block of code that was cut off', () => {
    expect(textOf('Run:\n```sh\nnpm ci')).toBe('Run:\n```sh\nnpm ci\n```');
  });

  it('shows nothing that it would have to take back', () => {
    const pieces = [
      'Use it ',
      '[',
      '1',
      ']',
      '. See [the',
      ' post](https://evil.',
      'example/) now',
    ];
    const { outs } = show(pieces);
    expect(outs).toEqual(['Use it', '', '', '', '. See', '', ' the post no', 'w']);
  });

  it('holds back only so much', () => {
    const shown = createShownText({ passages: 3, allowsUrl: () => false });
    const first = shown.push(`[${'x'.repeat(5_000)}`);
    expect(first).toHaveLength(5_001);
  });

  it.each([
    '[',
    '![',
    '(',
    '【',
    '`',
    '[1]',
    '([',
    '[a](',
    'https://',
    '<a:',
    '\\',
    ' [1]',
    '```\n ',
  ])('gets through a wall of %j', (part) => {
    const wall = part.repeat(2_000);
    const pieces = wall.match(/[^]{1,50}/g) ?? [];
    expect(show([...pieces, '\n', 'end']).text).toMatch(/end(\n```)?$/);
  });

  it('is the same however the text is cut into pieces', () => {
    const parts = [
      ...['word', ' ', '\n', '\n\n', '[1]', '[2, 3]', '【1】', '([1])', '[0]', '[', ']', '(', ')'],
      ...['`', '``', '```', '```js\n', '~~~', '![i](u)', '[t](/posts/b)', '[t](https://e.example)'],
      ...['https://e.example/x', 'https://blog.example/a', 'www.e.example', '<https://e.example>'],
      ...['\\', '!', '<', '>', '。', 'h', 'w', '- [ ] x', '[1]: ', '😀', '1', '.', ','],
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...parts), { maxLength: 14 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        (words, sizes) => {
          const whole = words.join('');
          const pieces: string[] = [];
          for (let at = 0; at < whole.length;) {
            const size = sizes.next().value ?? 1;
            pieces.push(whole.slice(at, at + size));
            at += size;
          }
          const once = show([whole]);
          const cut = show(pieces);
          expect({ ...cut, outs: [] }).toEqual({ ...once, outs: [] });
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
