import { describe, expect, it } from 'vitest';
import { byMeaning } from './by-meaning.ts';
import { sharedDictionary } from './cross-dictionary.ts';
import { findPosts } from './find-posts.ts';
import { findPassages } from './find-passages.ts';
import { questionConcepts } from './question-concepts.ts';
import { rank } from './rank.ts';
import { answerFrom } from './retrieval.ts';
import { indexOf, smallBlog } from './small-blog.fixture.ts';

const blog = await indexOf({
  'clip.md':
    '# Trimming a clip with ffmpeg\n\nCut the first ten seconds: `ffmpeg -ss 10 -i in.mp4`.',
  'gif.md': '# Smaller animated GIFs\n\n`gifsicle -O3 --lossy=80` compresses a screen recording.',
  'lock.md':
    '# SQLite: database is locked\n\nEnable WAL mode so that readers do not block a writer.',
  'tls.md':
    '# Renewing a certificate\n\nCertbot asks Let’s Encrypt before TLS expires, by a timer.',
  'tea.md': '# Green tea\n\nWater of 70 degrees, two minutes in the pot, no more.',
  'zh.md': '# 用 ffmpeg 剪辑视频\n\n剪掉前十秒：`ffmpeg -ss 10 -i in.mp4`。',
});
const pathOf = (post: number): string | undefined => blog.posts[post]?.path;

/** What meaning makes of a question, together with what words have found. */
function meant(question: string) {
  const concepts = questionConcepts(question, blog, { widened: true });
  const found = rank(concepts, blog, 'other')?.posts ?? [];
  return { found, meant: byMeaning(found, concepts, blog, 'other') };
}

describe('posts by meaning', () => {
  it.each([
    ['the looping picture weighs too much for my web page', 'gif.md'],
    ['how do I shorten a film at its beginning', 'clip.md'],
    ['my queries fail while another program is writing', 'lock.md'],
    ['browsers warn that my site is not secure any more since yesterday', 'tls.md'],
    ['how hot should my drink be brewed', 'tea.md'],
  ])('%s', (question, path) => {
    const posts = meant(question).meant?.posts ?? [];
    expect(pathOf(posts[0]?.passage.post ?? -1)).toBe(path);
  });

  it('come in one order, each once, with scores on the scale of the words', () => {
    const { found, meant: both } = meant('trim a video clip with ffmpeg');
    const scores = both?.posts.map(({ score }) => score) ?? [];
    expect(scores).toEqual(scores.toSorted((left, right) => right - left));
    expect(scores[0]).toBeCloseTo(found[0]?.score ?? 0, 5);
    const posts = both?.posts.map(({ passage }) => passage.post) ?? [];
    expect(new Set(posts).size).toBe(posts.length);
    expect(both?.like).toBeGreaterThan(0.2);
    expect(both?.words).toBeLessThanOrEqual(1.001);
  });

  it('are added where no word has found them', () => {
    const { found, meant: both } = meant('warn that my site is not secure');
    const paths = (posts: typeof found | undefined) =>
      (posts ?? []).map(({ passage }) => pathOf(passage.post));
    expect(paths(both?.posts).length).toBeGreaterThan(paths(found).length);
  });

  it('are none for a question of words that nobody knows, or none at all', () => {
    for (const question of ['', '???', 'zxqvy wbblt krrfn', 'zxqvy wbblt krrfn tea', '魑魅魍魉']) {
      expect(meant(question).meant).toBeUndefined();
    }
  });

  it('are none of posts in Japanese, or of words that no table has', async () => {
    const japanese = await indexOf({
      'ja.md':
        '# 動画の切り出し\n\nこのコマンドで最初の十秒を切り取ります。音声もそのまま残ります。',
    });
    const concepts = questionConcepts('動画', japanese);
    const found = rank(concepts, japanese, 'cjk')?.posts ?? [];
    expect(found).toHaveLength(1);
    expect(byMeaning(found, concepts, japanese, 'cjk')).toBeUndefined();
    expect(findPosts('動画', japanese)?.posts).toHaveLength(1);
  });

  it('do not come before one in Japanese that has the words, of which nothing more is known', async () => {
    const mixed = await indexOf({
      'ja-photo.md':
        '# 写真の保存と整理\n\n写真は毎月一度、外付けのディスクに保存して、年ごとに整理しています。',
      'ja-kyoto.md': '# 京都旅行の記録\n\n春の京都は人が多いので、朝早く出かけるのがおすすめです。',
      'ja-bike.md': '# 自転車の修理\n\nブレーキの交換は三十分で終わります。',
      'zh-photo.md': '# 整理照片\n\n照片太多，我把照片存到硬盘，按年份整理，写真集也放在一起保存。',
      'zh-kyoto.md': '# 春天去京都\n\n旅行的时候人很多，京都的旅行记录写了三天，早上出门最好。',
    });
    for (const [question, path] of [
      ['写真の保存', 'ja-photo.md'],
      ['京都旅行の記録', 'ja-kyoto.md'],
      ['照片怎么整理', 'zh-photo.md'],
    ] as const) {
      const [first] = findPosts(question, mixed, { open: { dictionary: await sharedDictionary() } })
        ?.posts ?? [undefined];
      expect(mixed.posts[first?.passage.post ?? -1]?.path, question).toBe(path);
    }
  });

  it('are none in an empty blog', async () => {
    const empty = await indexOf({});
    expect(byMeaning([], questionConcepts('tea', empty), empty, 'other')).toBeUndefined();
    expect(findPosts('how hot should the water be for green tea', empty)).toBeUndefined();
  });

  it('are cited where they come near the first, not because any post is a little like any', () => {
    const cited = (text: string): string[] =>
      answerFrom(blog, { text, lang: 'en' }).citations.map(({ url }) => url);
    expect(cited('how hot should the water be for green tea')).toEqual(['/blog/tea']);
    expect(cited('sqlite says that the database is locked')).toEqual(['/blog/lock']);
  });

  it('lead a language model to the passage, too', () => {
    const { ranked, covered } = findPassages(blog, {
      text: 'how do I make a looping screen recording smaller for my page',
      history: [],
    });
    expect(pathOf(blog.passages[ranked[0] ?? -1]?.post ?? -1)).toBe('gif.md');
    expect(covered).toBe(true);
  });
});

describe('posts in Chinese by meaning', () => {
  const titles: readonly (readonly [string, string, string])[] = [
    ['pay.md', '手机支付', '老人在商店里不会用手机支付，店员帮他们扫码。'],
    ['sleep.md', '睡眠与记忆', '实验发现，睡眠不足的学生第二天记住的单词更少。'],
    ['battery.md', '电池回收', '退役的汽车电池被拆开，锂和镍可以再次使用。'],
    ['map.md', '古代地图', '图书馆把几百年前的地图扫描后放到网上，任何人都能下载。'],
    ['tea.md', '绿茶', '水温七十度，在壶里泡两分钟，不要更久。'],
  ];
  const chinese = indexOf(
    Object.fromEntries(titles.map(([path, title, text]) => [path, `# ${title}\n\n${text}`])),
  );

  it.each([
    ['付款的时候老人不知道怎么操作', 'pay.md'],
    ['晚上没休息好会不会影响背诵', 'sleep.md'],
    ['蓄电池用旧了怎么处理', 'battery.md'],
  ])('%s', async (question, path) => {
    const [index, dictionary] = await Promise.all([chinese, sharedDictionary()]);
    const concepts = questionConcepts(question, index, { open: { dictionary }, widened: true });
    const found = rank(concepts, index, 'cjk')?.posts ?? [];
    const [first] = byMeaning(found, concepts, index, 'cjk')?.posts ?? [];
    expect(index.posts[first?.passage.post ?? -1]?.path).toBe(path);
  });
});

describe('where meaning says nothing', () => {
  it('a post in Chinese that has the word does not come before an English one on it', async () => {
    const mixed = await indexOf({
      'docker.md':
        '# Running containers\n\nInstall Docker, then start a container from an image and give it ' +
        'a volume, so that the data are still there when you throw it away and start another one.',
      'zh.md': '# Docker 入门\n\n先安装，再运行镜像。',
      'tea.md': '# Green tea\n\nWater of 70 degrees, two minutes in the pot, no more.',
    });
    for (const question of ['docker', 'what is docker', 'how do I install docker']) {
      const [first] = findPosts(question, mixed)?.posts ?? [];
      expect(mixed.posts[first?.passage.post ?? -1]?.path, question).toBe('docker.md');
    }
  });

  it('a blog in German is answered from by its words', async () => {
    const german = await indexOf({
      'sichern.md':
        '# Wie ich meine Datenbank sichere\n\nJede Nacht kopiert ein kleines Skript die Datei auf ' +
        'einen anderen Rechner. Wichtig ist, dass während der Sicherung niemand schreibt.',
      'brot.md':
        '# Brot aus Sauerteig\n\nDer Teig ruht über Nacht und wird am Morgen noch einmal gefaltet, ' +
        'bevor er in den heißen Topf kommt. Nach einer Stunde ist das Brot fertig.',
    });
    const [first] = findPosts('Wie sichere ich meine Datenbank?', german)?.posts ?? [];
    expect(german.posts[first?.passage.post ?? -1]?.path).toBe('sichern.md');
    const asked = { text: 'Wie sichere ich meine Datenbank?', history: [] };
    expect(findPassages(german, asked).covered).toBe(true);
  });
});

it('what the blog does not cover is refused, however many of its words are said', async () => {
  const small = await indexOf(smallBlog);
  for (const question of [
    'which countries are members of the European Union',
    'how many goals were scored in the final of the world cup',
    'does my cat need a passport for the ferry',
  ]) {
    expect(findPosts(question, small), question).toBeUndefined();
  }
});
