import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallDictionary } from './cross-dictionary.fixture.ts';
import { readDictionary, sharedDictionary } from './cross-dictionary.ts';
import { meaningTerms } from './cross-meanings.ts';

describe('a gloss', () => {
  it('gives terms as posts have them, without notes and fillers', () => {
    expect(meaningTerms('(computing) to restart a server')).toEqual(['restart server']);
    expect(meaningTerms('backups, copies; to save sth')).toEqual(['backup', 'copi', 'save']);
    expect(meaningTerms('CL:臺|台[tai2]')).toEqual([]);
    expect(meaningTerms('surname Wang')).toEqual([]);
    expect(meaningTerms('a long explanation that nobody looks up as one word')).toEqual([]);
  });
});

describe('a dictionary', () => {
  const dictionary = smallDictionary();

  it('knows words both ways', async () => {
    const { wordsFor } = await dictionary.words();
    expect(dictionary.has('数据库')).toBe(true);
    expect(dictionary.has('不存在')).toBe(false);
    expect(dictionary.meanings('虚拟机')).toEqual(['virtual machin']);
    expect(dictionary.meanings('行')).toEqual(['row', 'line', 'walk']);
    expect(dictionary.meanings('不存在')).toEqual([]);
    expect(wordsFor('printer')).toEqual(['印表机', '打印机']);
    expect(wordsFor('constructor')).toEqual([]);
  });

  it('offers no names for meanings', async () => {
    const { wordsFor } = await dictionary.words();
    expect(wordsFor('beij')).toEqual([]);
    expect(dictionary.meanings('北京')).toContain('beij');
  });

  it('turns traditional characters into simplified ones, but none that both have', () => {
    expect(dictionary.simplified('數據庫的狀態')).toBe('数据库的状态');
    expect(dictionary.simplified('什么')).toBe('什么');
    expect(dictionary.traditional('据')).toEqual(['據']);
  });

  it('knows meanings one letter away', async () => {
    const { misspelt } = await dictionary.words();
    expect(misspelt('wxyz')).toEqual([]);
    expect(misspelt('servre')).toEqual(['server']);
  });
});

describe('the file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dictionary-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const fileOf = async (text: string): Promise<string> => {
    const file = join(folder, `${text.length}.json`);
    await writeFile(file, text);
    return file;
  };

  it('is read whole, wherever its pieces end', async () => {
    const entries = Array.from({ length: 5_000 }, (_, at) => ({
      traditional: `詞${at}`,
      simplified: `词${at}`,
      pinyin: 'ci2',
      english: [`word ${at}`, 'with "quotes", },{ and \\ inside'],
    }));
    const dictionary = await readDictionary(await fileOf(JSON.stringify(entries)));
    for (let at = 0; at < entries.length; at += 1) expect(dictionary.has(`词${at}`)).toBe(true);
  });

  it('is refused where it is cut, is something else or is not there', async () => {
    const cut = '[{"traditional":"詞","simplified":"词","pinyin":"ci2","english":["wo';
    await expect(readDictionary(await fileOf(cut))).rejects.toThrow(SyntaxError);
    await expect(readDictionary(await fileOf('{}'))).rejects.toThrow(TypeError);
    await expect(readDictionary(join(folder, 'none.json'))).rejects.toThrow(/ENOENT/);
  });
});

it('is installed, and read once however many ask', async () => {
  const [dictionary, again] = await Promise.all([sharedDictionary(), sharedDictionary()]);
  expect(again).toBe(dictionary);
  expect(dictionary.meanings('部署')).toContain('deploi');
  expect((await dictionary.words()).wordsFor('batteri')).toContain('电池');
  expect(dictionary.homophones('哇')).toContain('蛙');
  expect(dictionary.simplified('資料庫與緩存')).toBe('资料库与缓存');
}, 60_000);
