import { describe, expect, it } from 'vitest';
import { parseRobots } from './robots.ts';

const allows = (text: string, path: string): boolean => parseRobots(text).allows(path);

describe('robots.txt', () => {
  it.each([
    ['', '/a', true],
    ['User-agent: *\nDisallow:', '/a', true],
    ['User-agent: *\nDisallow: /', '/a', false],
    ['User-agent: *\nDisallow: /a', '/about', false],
    ['User-agent: *\nDisallow: /a/', '/a', true],
    ['user-AGENT : *\r\ndisallow : /a # a comment\r\n', '/a', false],
    ['User-agent: *\nDisallow: /\nAllow: /posts/', '/posts/x', true],
    ['User-agent: *\nAllow: /posts\nDisallow: /posts', '/posts', true],
    ['User-agent: *\nDisallow: /posts/draft\nAllow: /posts/', '/posts/draft-1', false],
    ['User-agent: *\nDisallow: /*.php', '/x/y.php?z', false],
    ['User-agent: *\nDisallow: /*.php$', '/y.php?z', true],
    ['User-agent: *\nDisallow: /*.php$', '/y.php', false],
    ['User-agent: *\nDisallow: /exact$', '/exact', false],
    ['User-agent: *\nDisallow: /exact$', '/exactly', true],
    ['User-agent: *\nDisallow: /a*b*c$', '/a-b-b-c', false],
    ['User-agent: *\nDisallow: /a*b$', '/ab-c', true],
    ['User-agent: *\nDisallow: /*?', '/a', true],
    ['User-agent: *\nDisallow: /*?', '/a?b', false],
    ['User-agent: *\nDisallow: /caf%c3%a9', '/caf%C3%A9/x', false],
    ['User-agent: *\nDisallow: /café', '/caf%C3%A9/x', false],
    ['User-agent: *\nDisallow: /%7Eme', '/~me', false],
    ['Disallow: /', '/a', true],
    ['<html>not found</html>', '/a', true],
    ['\ufeffUser-agent: *\nDisallow: /', '/a', false],
  ])('%j on %s: %s', (text, path, allowed) => {
    expect(allows(text, path)).toBe(allowed);
  });

  it('has a group of our own that stands in for the one of all', () => {
    const text =
      'User-agent: *\nDisallow: /\n\nUser-agent: otherbot\nUser-agent: Contact-Chat/2\nDisallow: /private';
    expect(allows(text, '/a')).toBe(true);
    expect(allows(text, '/private')).toBe(false);
    expect(allows('User-agent: contact-chat-pro\nDisallow: /', '/a')).toBe(true);
  });

  it('joins groups of one name, and a group goes on after other lines', () => {
    const text =
      'User-agent: *\nDisallow: /a\nSitemap: https://x.example/s.xml\nHost: x\nDisallow: /b\nUser-agent: *\nCrawl-delay: 2.5\nDisallow: /c';
    for (const path of ['/a', '/b', '/c']) expect(allows(text, path)).toBe(false);
    const robots = parseRobots(text);
    expect(robots.crawlDelay).toBe(2.5);
    expect(robots.sitemaps).toEqual(['https://x.example/s.xml']);
  });

  it('is no way to keep the server busy', () => {
    const text = `User-agent: *\nDisallow: /${'*a'.repeat(5_000)}$\n${'Disallow: /x\n'.repeat(100_000)}`;
    expect(allows(text, `/${'a'.repeat(4_000)}`)).toBe(true);
  });
});
