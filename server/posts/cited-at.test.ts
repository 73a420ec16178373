import { expect, it } from 'vitest';
import { citedAt } from './cited-at.ts';
import type { PostSource } from './post-source.ts';
import type { Post } from './read-post.ts';

const post = (url: string): Post => ({
  ...{ path: 'a', title: 'A', url, script: 'other', keywords: '', blocks: [], passages: [] },
});
const never = new AbortController().signal;

it('cites what was read inside a network at the address that visitors can open', async () => {
  const posts = [post('http://blog:4000/notes/a'), post('https://elsewhere.example/b')];
  const source: PostSource = {
    scan: () => Promise.resolve({ posts }),
    onChange: () => undefined,
    close: () => Promise.resolve(),
  };
  for (const base of ['https://blog.example.com/x/', 'https://blog.example.com/x']) {
    const moved = citedAt(source, 'http://blog:4000/feed.xml', base);
    const scan = await moved.scan(never);
    expect(scan.posts.map(({ url }) => url)).toEqual([
      'https://blog.example.com/x/notes/a',
      'https://elsewhere.example/b',
    ]);
    // Unchanged posts are the same objects, also here.
    const again = await moved.scan(never);
    expect(again.posts[0]).toBe(scan.posts[0]);
    expect(again.posts[1]).toBe(posts[1]);
  }
});
