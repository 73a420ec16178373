import { beforeAll, describe, expect, it } from 'vitest';
import type { BlogIndex } from './blog-index.ts';
import { sharedDictionary } from './cross-dictionary.ts';
import { isJudgedByMeaning, openFor, scriptToAnswerIn } from './cross-question.ts';
import type { OpenDictionary } from './cross-words.ts';
import { findPassages } from './find-passages.ts';
import type { PostIndex } from './post-index.ts';
import type { Concept } from './question-concepts.ts';
import { answerFrom, retrievalOver } from './retrieval.ts';
import { indexOf } from './small-blog.fixture.ts';

const english = await indexOf({
  'garden.md':
    '# Growing tomatoes\n\nWater the seedlings in the morning and prune the lower leaves.',
  'resize.md':
    '# Resizing a virtual machine disk\n\nStop the virtual machine, then enlarge the disk image and grow the partition.',
  'keys.md':
    '# Rotating API keys\n\nRevoke the old key only after every server has received the new one. Docker secrets hold it.',
  'sleep.md': '# Sleeping badly\n\nCoffee after noon keeps many people awake. Walk before dinner.',
  'battery.md': '# Laptop batteries\n\nCharge the battery to eighty percent and keep it cool.',
  'bread.md': '# Sourdough\n\nFeed the starter twice a day. Let the dough rest overnight.',
});
const chinese = await indexOf({
  'tomato.md': '# 种番茄\n\n早上给幼苗浇水，剪掉下部的叶子。',
  'disk.md': '# 扩大虚拟机磁盘\n\n先关闭虚拟机，再扩大磁盘镜像，然后调整分区。',
  'keys.md': '# 轮换密钥\n\n等所有服务器都拿到新密钥以后，再吊销旧的。用 Docker 保存。',
  'frog.md': '# 红烧牛蛙\n\n牛蛙切块，加生姜和料酒腌制，大火翻炒。',
  'battery.md': '# 笔记本电池\n\n电池充电到百分之八十，注意散热。',
  'printer.md': '# 打印机\n\n打印机连线以后要装驱动。',
  'usb.md': '# 闪存盘的名字\n\n给闪存盘写一条规则，插上后设备名称就固定了。',
});
const traditional = await indexOf({
  'disk.md': '# 擴大虛擬機磁碟\n\n先關閉虛擬機，再擴大磁碟映像，這樣就可以了。我們沒有別的辦法。',
  'cat.md': '# 養貓筆記\n\n貓咪喜歡曬太陽，這個時候不要打擾牠。',
});

let open: OpenDictionary;
beforeAll(async () => {
  const dictionary = await sharedDictionary();
  open = { dictionary, words: await dictionary.words() };
}, 60_000);
const ask = (index: PostIndex, text: string): string | undefined =>
  answerFrom(index, { text, lang: 'en' }, { open }).citations[0]?.url;

describe('posts in English', () => {
  it.each([
    ['怎么给虚拟机的硬盘扩容？', '/blog/resize'],
    ['番茄的幼苗什么时候浇水', '/blog/garden'],
    ['如何更換密鑰，舊的什麼時候撤銷', '/blog/keys'],
    ['老的密钥什么时候可以作废', '/blog/keys'],
    ['散步', '/blog/sleep'],
    ['虚拟机', '/blog/resize'],
    ['docker 里的密钥怎么轮换', '/blog/keys'],
    ['笔记本电脑的电池充到多少合适', '/blog/battery'],
    ['laptop 的电池怎么 charge 比较好', '/blog/battery'],
  ])('answer %s', (question, url) => {
    expect(ask(english, question)).toBe(url);
  });

  it.each([
    '上海到成都的高铁票多少钱',
    '世界杯决赛是哪天',
    '电池污染怎么处理',
    '面试时怎么谈薪水',
    '感冒发烧能不能喝酒',
    '公积金贷款利率',
  ])('do not answer %s', (question) => {
    expect(ask(english, question)).toBeUndefined();
  });

  it('are answered from in their own words, and refused in those of the visitor', () => {
    const found = answerFrom(english, { text: '番茄什么时候浇水', lang: 'zh' }, { open });
    expect(found.text).toContain('Water the seedlings');
    const refused = answerFrom(english, { text: '世界杯决赛是哪天', lang: 'zh' }, { open });
    expect(refused).toMatchObject({ outcome: 'not_covered' });
    expect(refused.text).toMatch(/\p{sc=Han}/u);
  });
});

describe('posts in Chinese', () => {
  it.each([
    ['how do I enlarge the disk of a virtual machine?', '/blog/disk'],
    ['when should I water tomato seedlings', '/blog/tomato'],
    ['rotate API keys, when to revoke the old ones', '/blog/keys'],
    ['how far to charge a laptop battery', '/blog/battery'],
    ['my notebook gets hot while charging', '/blog/battery'],
    ['name of a thumb drive changes each time I plug it in', '/blog/usb'],
    ['frog', '/blog/frog'],
    ['server', '/blog/keys'],
    ['设备插上没有反应', '/blog/usb'],
    ['laptop batery charging, how far', '/blog/battery'],
    ['牛哇怎么做', '/blog/frog'],
    ['印表機怎麼連線', '/blog/printer'],
    ['U盘插上以后名字怎么固定', '/blog/usb'],
  ])('answer %s', (question, url) => {
    expect(ask(chinese, question)).toBe(url);
  });

  it.each([
    'best mortgage rates this month',
    'who won the world cup final',
    'is ginger good for a cold',
    'best laptop under 500 dollars',
    'move files to a new printer server',
    'react useEffect runs twice in strict mode',
  ])('do not answer %s', (question) => {
    expect(ask(chinese, question)).toBeUndefined();
  });

  it('are found from the other script, both ways', () => {
    expect(ask(chinese, '怎麼擴大虛擬機的磁碟')).toBe('/blog/disk');
    expect(ask(traditional, '怎么扩大虚拟机')).toBe('/blog/disk');
    expect(ask(traditional, 'how to enlarge a virtual machine')).toBe('/blog/disk');
  });
});

describe('what tells whether a question is answered', () => {
  const word = (term: string, crossed: boolean): Concept => ({
    word: { surface: term, term, weight: 1, counted: true, parts: [], position: 0 },
    ...{ alternatives: [], idf: 1 },
    ...(crossed && { crossed }),
  });

  it('is meaning in English and across languages, words in Chinese', () => {
    const english = [word('tea', false), word('pot', false)];
    expect(isJudgedByMeaning('tea in a pot', english, 'other')).toBe(true);
    const across = [word('茶', true), word('壶', false)];
    expect(isJudgedByMeaning('壶里的茶', across, 'other')).toBe(true);
    expect(isJudgedByMeaning('tea in a pot', [word('tea', true)], 'cjk')).toBe(true);
    expect(isJudgedByMeaning('壶里的茶', [word('茶', false)], 'cjk')).toBe(false);
  });

  it('is words where one of them is of the other language, and the question is not', () => {
    expect(isJudgedByMeaning('怎么用文章', [word('怎么用', true)], 'cjk')).toBe(false);
    expect(isJudgedByMeaning('what does zxqvy do', [word('zxqvy', true)], 'other')).toBe(false);
  });

  it('decides whether a language model is asked, too', () => {
    const covered = (index: PostIndex, text: string): boolean =>
      findPassages(index, { text, history: [] }, open).covered;
    expect(covered(english, '电池回收')).toBe(true);
    expect(covered(chinese, 'battery price')).toBe(true);
    expect(covered(english, '服务器租用价格')).toBe(false);
    expect(covered(chinese, 'frog species of europe')).toBe(false);
  });
});

describe('the dictionary', () => {
  it('is opened as far as a question needs it', async () => {
    const opened = async (question: string, index: PostIndex): Promise<readonly string[]> =>
      Object.keys((await openFor(question, index, sharedDictionary)) ?? {});
    expect(await opened('how do I enlarge the disk?', english)).toEqual([]);
    expect(await opened('', chinese)).toEqual([]);
    expect(await opened('怎么扩容', english)).toEqual(['dictionary']);
    expect(await opened('怎么扩容', chinese)).toEqual(['dictionary']);
    expect(await opened('enlarge the disk', chinese)).toEqual(['dictionary', 'words']);
  });

  it('decides nothing where a blog has both languages: own posts come first', () => {
    expect(scriptToAnswerIn('怎么扩容', english)).toBe('other');
    expect(scriptToAnswerIn('怎么扩容', chinese)).toBe('cjk');
    expect(scriptToAnswerIn('enlarge the disk', chinese)).toBe('cjk');
  });
});

it('is gone without where it cannot be read, which is told once', async () => {
  const told: unknown[] = [];
  const blog: BlogIndex = {
    current: () => Promise.resolve(chinese),
    ready: () => Promise.resolve(),
    describe: () => '',
    close: () => Promise.resolve(),
  };
  const answerer = retrievalOver(blog, {
    readDictionary: () => Promise.reject(new Error('no such file')),
    onError: (error) => void told.push(error),
  });
  const { signal } = new AbortController();
  for (const text of ['牛蛙怎么做', '红烧牛蛙']) {
    const answer = await answerer.answer({ text, lang: 'zh', history: [] }, { signal });
    expect(answer.citations[0]?.url).toBe('/blog/frog');
  }
  expect(told).toEqual([new Error('no such file')]);
});
