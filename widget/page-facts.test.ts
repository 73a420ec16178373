import { describe, expect, it } from 'vitest';
import { decodeClientMessage } from '../shared/codec.ts';
import { languageTag, pageFact } from './page-facts.ts';

const taken = (page: unknown): boolean =>
  decodeClientMessage(JSON.stringify({ type: 'hello', protocol: 1, page })).ok;

describe('what is told of the page', () => {
  it.each([
    ['a plain one', 'https://b.example/post?x=1#y', 'Post'],
    ['control characters in the title', 'https://b.example/', 'a\nb\u0000\u2028c'],
    ['half a character in the title', 'https://b.example/', 'a\ud800'],
    ['a title cut inside a character', 'https://b.example/', `${'a'.repeat(299)}\u{1f600}`],
    ['an endless query', `https://b.example/?${'x'.repeat(5_000)}`, ''],
  ])('is taken by the server: %s', (_, url, title) => {
    const page = pageFact({ url, title });
    expect(page).toBeDefined();
    expect(taken(page)).toBe(true);
  });

  it('is nothing where the page has no address to tell', () => {
    expect(pageFact({ url: 'file:///home/a.html', title: 'a' })).toBeUndefined();
    expect(pageFact({ url: `https://b.example/${'x'.repeat(5_000)}`, title: '' })).toBeUndefined();
  });

  it('names a language only as the server reads it', () => {
    expect(languageTag('zh-Hans-CN')).toBe('zh-Hans-CN');
    expect(languageTag('en_US.UTF-8')).toBeUndefined();
  });
});
