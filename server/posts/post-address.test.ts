import { describe, expect, it } from 'vitest';
import { postAddress } from './post-address.ts';

const head = (entries: Record<string, unknown> = {}): Map<string, unknown> =>
  new Map(Object.entries(entries));

describe('the address of a post', () => {
  it.each([
    ['a/b.md', '/', '/a/b'],
    ['a/b/index.md', '/', '/a/b'],
    ['index.md', '/', '/'],
    ['a.markdown', '/blog', '/blog/a'],
    ['a.md', '/blog/', '/blog/a'],
    ['a.md', 'https://blog.example', 'https://blog.example/a'],
    ['index.md', 'https://blog.example/posts', 'https://blog.example/posts/'],
    ['2024/v1.2.md', 'https://blog.example/', 'https://blog.example/2024/v1.2'],
    ['notes/a b#c?.md', '/', '/notes/a%20b%23c%3F'],
    ['文章/部署.md', '/', '/%E6%96%87%E7%AB%A0/%E9%83%A8%E7%BD%B2'],
    ['cafe\u0301.md', '/', '/caf%C3%A9'],
    ['100%.md', '/', '/100%25'],
  ])('%s below %s is %s', (path, base, url) => {
    expect(postAddress(path, head(), base)).toBe(url);
  });

  it.each([
    [{ url: 'https://elsewhere.example/x' }, 'https://elsewhere.example/x'],
    [{ permalink: '/x/y/' }, 'https://blog.example/x/y/'],
    [{ url: 'x/y' }, 'https://blog.example/posts/x/y'],
    [{ slug: 'c' }, 'https://blog.example/posts/a/c'],
    [{ slug: '/top/level' }, 'https://blog.example/posts/top/level'],
    [{ slug: '新 文章' }, 'https://blog.example/posts/a/%E6%96%B0%20%E6%96%87%E7%AB%A0'],
    [{ url: '/first', slug: 'second' }, 'https://blog.example/first'],
    [{ slug: 2024 }, 'https://blog.example/posts/a/2024'],
  ])('%j of the head wins', (entries, url) => {
    expect(postAddress('a/b.md', head(entries), 'https://blog.example/posts')).toBe(url);
  });

  it('keeps relative addresses relative', () => {
    expect(postAddress('a.md', head({ url: '/x' }), '/blog')).toBe('/x');
    expect(postAddress('a.md', head({ url: 'x' }), '/blog')).toBe('/blog/x');
  });

  it.each([
    { url: 'javascript:alert(1)' },
    { url: 'java\tscript:alert(1)' },
    { permalink: 'data:text/html,x' },
    { url: '//elsewhere.example/x' },
    { url: '/\\elsewhere.example/x' },
    { permalink: '/:year/:title/' },
    { slug: 'javascript:alert(1)' },
    { url: ['/x'] },
    { url: '   ' },
    { url: 'http://' },
  ])('%j is not used', (entries) => {
    expect(postAddress('a/b.md', head(entries), '/')).toBe('/a/b');
  });

  it('cannot be led out of the base by a slug', () => {
    expect(postAddress('a/b.md', head({ slug: '../../x' }), '/blog')).toBe('/blog/a/x');
    expect(postAddress('index.md', head({ slug: '//evil.example' }), '/')).toBe('/evil.example');
  });
});
