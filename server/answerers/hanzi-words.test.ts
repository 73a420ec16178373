import { describe, expect, it } from 'vitest';
import { smallDictionary } from './cross-dictionary.fixture.ts';
import { arabicNumbers, traditionalForms } from './hanzi-forms.ts';
import { respell } from './hanzi-spelling.ts';
import { cutHanzi, hanziWords } from './hanzi-words.ts';

const words = [
  '装好',
  '软件',
  '表格',
  '格子',
  '牛蛙',
  '状态',
  '服务器',
  '服务',
  '正则',
  '表达式',
  '正则表达式',
];
const sounds: Readonly<Record<string, readonly string[]>> = {
  哇: ['蛙', '娃'],
  太: ['态', '泰'],
  气: ['器'],
};
const lexiconOf = (used: readonly string[]) => ({
  has: (word: string) => words.includes(word),
  uses: (word: string) => (used.includes(word) ? 3 : 0),
  homophones: (character: string) => sounds[character] ?? [],
});
const asked = (run: string, used: readonly string[] = []): string[] =>
  hanziWords(run, lexiconOf(used)).flatMap((stretch) => stretch.words.map(({ text }) => text));

describe('Chinese', () => {
  it('is cut into as few words of the language as possible', () => {
    expect(cutHanzi('装好的软件', lexiconOf([]))).toEqual(['装好', '的', '软件']);
    expect(cutHanzi('正则表达式', lexiconOf([]))).toEqual(['正则表达式']);
    expect(cutHanzi('', lexiconOf([]))).toEqual([]);
    expect(cutHanzi('𠮷野家', lexiconOf([])).join('')).toBe('𠮷野家');
  });

  it('is asked without its frames', () => {
    expect(asked('有没有什么软件')).toEqual(['软件']);
    expect(asked('怎么才能改表格里的格子')).toEqual(['改', '表格', '格子']);
    expect(asked('表格是什么意思')).toEqual(['表格']);
    expect(asked('为啥')).toEqual([]);
  });

  it('keeps two characters together that the blog has so', () => {
    expect(asked('爽文', ['爽文'])).toEqual(['爽文']);
    expect(asked('爽文')).toEqual(['爽', '文']);
  });
});

describe('typed by sound', () => {
  it('is what the blog has', () => {
    expect(respell('牛哇', lexiconOf(['牛蛙']))).toBe('牛蛙');
    expect(respell('牛哇', lexiconOf([]))).toBeUndefined();
    expect(asked('牛哇怎么做', ['牛蛙'])).toEqual(['牛蛙']);
    expect(asked('状太', ['状态'])).toEqual(['状态']);
    expect(asked('服务气坏了', ['服务器', '服务'])).toContain('服务器');
    expect(asked('服务气坏了', ['服务器', '服务', '气'])).not.toContain('服务器');
  });

  it('stays where the characters may be meant, and says less', () => {
    const [stretch] = hanziWords('牛哇', lexiconOf(['牛蛙', '牛', '哇']));
    expect(stretch?.words.map(({ text }) => text)).toEqual(['牛蛙', '牛', '哇']);
    expect(stretch?.words[0]?.weight).toBeLessThan(0.5);
  });
});

describe('other forms', () => {
  it('are traditional characters', () => {
    expect(traditionalForms('数据库', smallDictionary())).toContain('數據庫');
    expect(traditionalForms('行', smallDictionary())).toEqual([]);
  });

  it('are numbers in digits', () => {
    expect(arabicNumbers('二零二四年的总结')).toEqual(['2024']);
    expect(arabicNumbers('第三期和第十二章')).toEqual(['3', '12']);
    expect(arabicNumbers('第二十章')).toEqual(['20']);
    expect(arabicNumbers('第一')).toEqual(['1']);
    expect(arabicNumbers('三个')).toEqual([]);
  });
});
