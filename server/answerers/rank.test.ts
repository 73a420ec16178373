import { describe, expect, it } from 'vitest';
import type { Script } from '../posts/read-post.ts';
import { isCovered } from './abstain.ts';
import { questionConcepts } from './question-concepts.ts';
import { rank, type Ranking } from './rank.ts';
import { indexOf, smallBlog } from './small-blog.fixture.ts';

const index = await indexOf(smallBlog);
const ranked = (question: string, script: Script = 'other'): Ranking | undefined =>
  rank(questionConcepts(question, index), index, script);
const best = (question: string, script?: Script): string | undefined => {
  const found = ranked(question, script)?.posts[0];
  return found && index.posts[found.passage.post]?.path;
};
const heading = (question: string): string | undefined =>
  ranked(question)?.posts[0]?.passage.passage.headings.at(-1);

describe('ranking', () => {
  it.each([
    ['how do I deploy?', 'en/deploying.md'],
    ['make a backup of a live sqlite database', 'en/backups.md'],
    ['which font is best for reading?', 'en/typography.md'],
    ['how is an iso date parsed', 'en/parsing-dates.md'],
    ['parse_http_date', 'en/parsing-dates.md'],
    ['http date header', 'en/parsing-dates.md'],
    ['limit untrusted web assembly', 'en/webassembly.md'],
    ['web assembly', 'en/webassembly.md'],
    ['line hieght for long text', 'en/typography.md'],
    ['colors with contrast', 'en/typography.md'],
  ])('%s → %s', (question, path) => {
    expect(best(question)).toBe(path);
  });

  it.each([
    ['如何部署？', 'zh/deploying.md'],
    ['怎么上线到生产环境', 'zh/deploying.md'],
    ['怎么上线', 'zh/deploying.md'],
    ['排版行高设多少', 'zh/typography.md'],
    ['CSS 全角', 'zh/typography.md'],
    ['标点避头尾', 'zh/typography.md'],
  ])('%s → %s', (question, path) => {
    expect(best(question, 'cjk')).toBe(path);
  });

  it('finds the passage inside the post', () => {
    expect(heading('run it with systemd and restart')).toBe('With systemd');
    expect(heading('containers with a volume')).toBe('With containers');
    expect(heading('how to restore the copy')).toBe('Restoring');
  });

  it('prefers the question’s own script where both say the same', async () => {
    const both = await indexOf({
      'a.md': '# Redis 缓存\n\n安装之后启动它，然后测试连接。',
      'b.md': '# Redis cache\n\nInstall, start it and test that it works.',
    });
    const first = (question: string, script: Script): string | undefined => {
      const found = rank(questionConcepts(question, both), both, script)?.posts[0];
      return found && both.posts[found.passage.post]?.path;
    };
    expect(first('redis', 'cjk')).toBe('a.md');
    expect(first('redis', 'other')).toBe('b.md');
  });

  it('names each post once, best first', () => {
    const posts = ranked('run the service blog server')?.posts ?? [];
    expect(new Set(posts.map((found) => found.passage.post)).size).toBe(posts.length);
    const scores = posts.map((found) => found.score);
    expect(scores).toEqual([...scores].sort((left, right) => right - left));
  });

  it('finds nothing where no word of the question is in the blog', () => {
    expect(ranked('kubernetes helm')).toBeUndefined();
    expect(ranked('')).toBeUndefined();
    expect(ranked('constructor __proto__ hasOwnProperty')).toBeUndefined();
  });
});

describe('what is covered', () => {
  const covered = (question: string, script: Script = 'other'): boolean => {
    const ranking = ranked(question, script);
    return ranking !== undefined && isCovered(ranking, index);
  };
  it.each([
    'how do I deploy?',
    'systemd',
    'how can I restore a copy of the database',
    'what line height keeps the eye on its line?',
    'running webassembly',
  ])('takes up: %s', (question) => {
    expect(covered(question)).toBe(true);
  });
  it.each(['如何部署到生产环境？', '用容器怎么运行', '行高'])('takes up: %s', (question) => {
    expect(covered(question, 'cjk')).toBe(true);
  });
  it.each([
    'what is the weather in Madrid tomorrow?',
    'recommend a restaurant near the station',
    'how do I set up kafka consumer groups',
    'who won the world cup final in 1990',
    'how to train my dog to sit',
    'what colour should I paint my kitchen walls',
    'where do I get a certified copy of my birth certificate',
    'which reading glasses suit a round face',
    'how much memory does a goldfish have',
  ])('refuses: %s', (question) => {
    expect(covered(question)).toBe(false);
  });
  it.each(['今天上海天气怎么样', '推荐一部好看的电影', '红烧肉怎么做才好吃'])(
    'refuses: %s',
    (question) => {
      expect(covered(question, 'cjk')).toBe(false);
    },
  );
});
