import { describe, expect, it } from 'vitest';
import { headText, headTexts, splitFrontMatter } from './front-matter.ts';

describe('the head of a post', () => {
  it('is read from YAML', () => {
    const { head, body, problem } = splitFrontMatter(
      '---\nTitle: "A: b"\ntags: [one, two]\ndraft: true\ndate: 2024-02-03\n---\n# Text\n',
    );
    expect(problem).toBeUndefined();
    expect(headText(head, 'title')).toBe('A: b');
    expect(headTexts(head, 'tags')).toEqual(['one', 'two']);
    expect(head.get('draft')).toBe(true);
    expect(headText(head, 'date')).toBe('2024-02-03');
    expect(body).toBe('# Text\n');
  });

  it('is read from TOML, the first table only', () => {
    const { head, body } = splitFrontMatter(
      '+++\n# comment\ntitle = "Say \\"hi\\""\nslug=\'x y\'\ndraft = false # not yet\ntags = [\'a\', "b"]\ndate = 2024-02-03T10:00:00Z\n[params]\ntitle = \'other\'\n+++\nText',
    );
    expect(headText(head, 'title')).toBe('Say "hi"');
    expect(headText(head, 'slug')).toBe('x y');
    expect(head.get('draft')).toBe(false);
    expect(headTexts(head, 'tags')).toEqual(['a', 'b']);
    expect(headText(head, 'date')).toBe('2024-02-03T10:00:00Z');
    expect(body).toBe('Text');
  });

  it('is read from JSON', () => {
    const { head, body } = splitFrontMatter(
      '{\n "title": "With } brace",\n "draft": true\n}\n\nText',
    );
    expect(headText(head, 'title')).toBe('With } brace');
    expect(head.get('draft')).toBe(true);
    expect(body).toBe('Text');
  });

  it.each([
    ['YAML', '---\ntitle: "never closed\nfoo: [1\n---\nText'],
    ['YAML that is a list', '---\n- a\n- b\n---\nText'],
    ['TOML', '+++\nthis is no toml\n+++\nText'],
    ['JSON', '{"title": nope}\nText'],
  ])('is left out and reported where it is broken: %s', (_, text) => {
    const { head, body, problem } = splitFrontMatter(text);
    expect(head.size).toBe(0);
    expect(body).toBe('Text');
    expect(problem).toMatch(/\w/);
  });

  it.each([
    'No head at all\n---\nText',
    '---\nA rule that nothing closes\n',
    '{% include header.html %}\nText',
    '{not json',
    '',
  ])('is empty where there is none: %j', (text) => {
    expect(splitFrontMatter(text)).toEqual({ head: new Map(), body: text });
  });

  it('may be empty', () => {
    expect(splitFrontMatter('---\n---\nText')).toEqual({ head: new Map(), body: 'Text' });
  });

  it('keeps names of object properties as names', () => {
    const { head } = splitFrontMatter('---\n__proto__: {polluted: yes}\nconstructor: x\n---\n');
    expect(headText(head, 'constructor')).toBe('x');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('does not unfold a bomb of aliases', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 0; level < 12; level += 1) {
      const [from, to] = [String.fromCharCode(97 + level), String.fromCharCode(98 + level)];
      lines.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`);
    }
    const { body, problem } = splitFrontMatter(`---\n${lines.join('\n')}\n---\nText`);
    expect(problem).toMatch(/alias/i);
    expect(body).toBe('Text');
  });
});
