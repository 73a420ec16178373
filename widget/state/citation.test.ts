import { describe, expect, it } from 'vitest';
import { readSources } from './citation.ts';

describe('sources of an answer', () => {
  it('tell the post from its headings, and find relative addresses', () => {
    expect(
      readSources(
        [{ title: 'Going live › Deploy › nginx', url: '/posts/live#nginx' }],
        'https://b.example/x',
      ),
    ).toEqual([
      { post: 'Going live', heading: 'Deploy › nginx', href: 'https://b.example/posts/live#nginx' },
    ]);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'JAVA\nscript:alert(1)', 'http://'])(
    'never lead to %s',
    (url) => {
      expect(readSources([{ title: 't', url }], 'https://b.example/')).toEqual([]);
    },
  );
});
