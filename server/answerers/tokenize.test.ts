import { describe, expect, it } from 'vitest';
import { createTermReader, createTokenizer, queryWords } from './tokenize.ts';

const terms = (text: string, code = false): readonly string[] =>
  createTokenizer()(text, { code }).terms;
const asked = (text: string): string[] =>
  queryWords(text)
    .filter((word) => word.counted)
    .map((word) => word.term);

describe('terms of a text', () => {
  it('are lower-cased stems without stop words', () => {
    expect(terms("The server's backups are running, aren't they?")).toEqual([
      'server',
      'backup',
      'run',
    ]);
  });

  it('have identifiers whole and in parts', () => {
    expect(terms('GIT_AUTHOR_DATE')).toEqual(['git_author_date', 'git', 'author', 'date']);
    expect(terms('readFile node.js wasm32')).toEqual(
      expect.arrayContaining([
        'readfil',
        'read',
        'file',
        'node.js',
        'node',
        'js',
        'wasm32',
        'wasm',
      ]),
    );
  });

  it('take a name of two humps for one word in prose, for two in code', () => {
    expect(terms('GitHub')).toEqual(['github']);
    expect(terms('GitHub', true)).toEqual(['github', 'git', 'hub']);
    expect(terms('macOS')).toEqual(expect.arrayContaining(['maco', 'mac']));
  });

  it('tell C, C++ and C# apart', () => {
    expect(terms('C, C++ and C#.')).toEqual(['c', 'c++', 'c#']);
  });

  it('have Chinese in pairs and in words', () => {
    const found = terms('部署到生产环境');
    expect(found).toEqual(expect.arrayContaining(['部署', '生产', '环境']));
    expect(terms('数据库')).toEqual(expect.arrayContaining(['数据', '据库']));
    expect(terms('カタカナ 한국어')).toEqual(expect.arrayContaining(['カタ', '한국']));
  });

  it('take full-width, composed and invisible characters for what they look like', () => {
    expect(terms('ＣＳＳ cafe\u0301 de\u200bploy')).toEqual(terms('CSS café deploy'));
    expect(terms('café')).toEqual(terms('cafe'));
  });

  it('are the same in plain text as among other scripts', () => {
    const text =
      "C++ isn't C#; read_file(x.y-z) 3.14 a++b _x_ GET/path?q=1 don't-stop v2.0. #tag c#x";
    expect(terms(`${text} 部`)).toEqual([...terms(text), '部']);
  });

  it('are those of code in code, whatever stood in prose before, and the other way round', () => {
    for (const first of [false, true]) {
      const tokenize = createTokenizer();
      tokenize('GitHub Running', { code: first });
      expect(tokenize('GitHub Running', { code: !first }).terms).toEqual(
        terms('GitHub Running', !first),
      );
    }
  });

  it('are made once for each word, but not kept of what somebody says in passing', () => {
    const made: string[] = [];
    const read = createTermReader(({ terms }) => {
      made.push(...terms);
      return terms;
    });
    for (const isPassing of [true, true, false, false, true]) {
      read('tea 部 C++', { code: false, isPassing }, () => undefined);
    }
    expect(made.filter((term) => term === 'tea')).toHaveLength(3);
    expect(made).toHaveLength(9);
  });

  it('are the same the second time', () => {
    const tokenize = createTokenizer();
    expect(tokenize('Running readFile').terms).toEqual(tokenize('Running readFile').terms);
  });
});

describe('words of a question', () => {
  it('leave out what says nothing', () => {
    expect(asked('Hello, how do I deploy this to production?')).toEqual(['deploi', 'product']);
    expect(asked('你好，这个博客系统是怎么构建的？')).toEqual(
      expect.arrayContaining(['系统', '构建']),
    );
    expect(asked('请问如何部署？')).toEqual(['部署']);
    expect(asked('what is this?')).toEqual([]);
  });

  it('make no pairs across words that say nothing', () => {
    const terms = queryWords('部署的时候').map((word) => word.term);
    expect(terms.filter((term) => term.length > 1)).toEqual(['部署']);
  });

  it('are each there once, and not without end', () => {
    expect(asked('docker docker Docker')).toEqual(['docker']);
    expect(queryWords('a1 b2 c3 d4 '.repeat(500))).toHaveLength(4);
    const many = Array.from({ length: 2_000 }, (_, at) => `word${at}`).join(' ');
    expect(queryWords(many).length).toBeLessThanOrEqual(48);
    expect(queryWords('部署服务器数据库迁移'.repeat(400)).length).toBeLessThanOrEqual(48);
  });
});
