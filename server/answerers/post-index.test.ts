import { describe, expect, it } from 'vitest';
import { readPost, type Post } from '../posts/read-post.ts';
import { createIndexer, type PostIndex } from './post-index.ts';
import { wordVectors } from './word-vectors.ts';

function post(path: string, text: string): Post {
  const read = readPost(path, text, { baseUrl: '/', nowMs: Date.now() });
  if (read.status !== 'post') throw new Error('no post');
  return read.post;
}
const turn = (): Promise<void> => Promise.resolve();

const posts = [
  post(
    'fonts.md',
    '# Fonts for Chinese\n\nThe word 电池 is shown as two boxes until you install the fonts for it.',
  ),
  post('close.md', '# Closing a file\n\nClose every file that you opened, and close it once.'),
  post('clone.md', '# Cloning\n\nClone the repository, then clone its submodules.'),
  post('mark.md', '# Marking\n\nMark the line, or make a note of what you mark.'),
  post('zh.md', '# 电池\n\n电池充到八成，不要放在阳光下。'),
];

/** All that an index of these posts says, whatever was indexed before. */
const said = (index: PostIndex): unknown => ({
  repairs: ['cloe', 'makr', 'flie', 'opend', 'mach'].map((word) => index.spelling.repair(word)),
  directions: [...index.directions],
  rows: index.passages.map(({ rows }) => [...rows]),
  titles: index.titles,
  headings: index.passages.map(({ heading }) => heading),
  found: ['file', 'clone', 'mark', '电池', 'submodul'].map((term) => [
    [...(index.byPost.term(term)?.scores ?? [])],
    [...(index.byPassage.term(term)?.documents ?? [])],
  ]),
});

describe('an index', () => {
  it('is the same whatever was in it before', async () => {
    const fresh = await createIndexer().build(posts, turn);
    const indexer = createIndexer();
    const others = [
      post(
        'first.md',
        '# Making clones\n\nMake a mark, make a clone, close the lid of the machine.',
      ),
      post('gone.md', '# Files of machines\n\nFlies, files, clothes and marks; 阳光下的电池。'),
    ];
    await indexer.build([...others, ...posts.toReversed()], turn);
    await indexer.build([others[1] as Post, posts[3] as Post], turn);
    expect(said(await indexer.build(posts, turn))).toEqual(said(fresh));
  });

  it('knows what Chinese words mean in posts in Chinese, whenever they were met first', async () => {
    const [fonts, zh] = [posts[0] as Post, posts.at(-1) as Post];
    const alone = await createIndexer().build([fonts], turn);
    const both = await createIndexer().build([fonts, zh], turn);
    const turned = await createIndexer().build([zh, fonts], turn);
    const rowsOf = (index: PostIndex, one: Post): readonly number[] => [
      ...(index.passages.find((passage) => index.posts[passage.post] === one)?.rows ?? []),
    ];
    expect(rowsOf(both, fonts)).toEqual(rowsOf(alone, fonts));
    expect(rowsOf(turned, fonts)).toEqual(rowsOf(alone, fonts));
    const battery = wordVectors().row('电池') ?? -1;
    expect(rowsOf(both, zh)).toContain(battery);
    expect(rowsOf(turned, zh)).toEqual(rowsOf(both, zh));
    expect(rowsOf(both, fonts)).not.toContain(battery);
  });

  it('repairs to the word that more posts have, and to none that is gone', async () => {
    const indexer = createIndexer();
    const often = ['a', 'b', 'c'].map((name) =>
      post(`${name}.md`, `# ${name}\n\nHere is a clone.`),
    );
    const once = post('d.md', '# d\n\nClose close close close close close.');
    expect((await indexer.build([once, ...often], turn)).spelling.repair('cloe')).toEqual([
      'clone',
      'close',
    ]);
    expect((await indexer.build(often, turn)).spelling.repair('cloe')).toEqual(['clone']);
  });

  it('is not changed by what it is asked', async () => {
    const index = await createIndexer().build(posts, turn);
    const before = JSON.stringify(said(index));
    for (let at = 0; at < 100; at += 1) index.termsOf(`word${at} 新词${at} close`);
    expect(index.termsOf('Closing files')).toEqual(['close', 'file']);
    expect(JSON.stringify(said(index))).toBe(before);
  });
});
