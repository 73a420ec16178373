import { describe, expect, it } from 'vitest';
import {
  decodeErrorSentence,
  fromAcceptLanguage,
  sentencesFor,
  spokenLanguages,
  type Sentences,
} from './sentences.ts';

const zh = sentencesFor('zh-CN') as Sentences;

describe('sentences', () => {
  it('in Chinese are those of the original guide', () => {
    expect(zh).toMatchObject({
      connected: 'WebSocket连接已建立',
      chatMessageReceived: '消息已收到',
      contactRequestReceived: '联系请求已收到，博主将尽快回复您',
      answerFailed: '抱歉，我暂时无法处理您的请求，请稍后再试。',
    });
    expect(zh.errors.invalidJson).toBe('消息格式错误，必须是有效的JSON');
    expect(zh.errors.unknownType('dance')).toBe('未知的消息类型: dance');
  });

  it('are there in every language, each its own', () => {
    const texts = spokenLanguages.map((tag) => {
      const { lang, errors, ...rest } = sentencesFor(tag) as Sentences;
      expect(lang).toBe(tag);
      const said = Object.values(errors).map((error) =>
        typeof error === 'function' ? error(7 as never) : error,
      );
      return [...Object.values(rest), ...said];
    });
    expect(new Set(texts.map(({ length }) => length)).size).toBe(1);
    for (const text of texts.flat()) expect(text).toMatch(/\S/);
    expect(new Set(texts.flat()).size).toBe(texts.flat().length);
  });

  it.each([
    ['zh', 'zh-CN'],
    ['zh-Hans-TW', 'zh-CN'],
    ['ZH-cn', 'zh-CN'],
    ['en-GB', 'en'],
    [' en ', 'en'],
    ['de', undefined],
    ['', undefined],
    ['e', undefined],
  ])('for %j are those of %j', (tag, lang) => {
    expect(sentencesFor(tag)?.lang).toBe(lang);
  });

  it.each([
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['en;q=0.8, zh;q=0.9', 'zh-CN'],
    ['de-DE, en-US;q=0.5', 'en'],
    ['fr, de', undefined],
    ['zh;q=0, en;q=0.1', 'en'],
    ['en; q=0.2, zh; q=0.9', 'zh-CN'],
    ['en;q=nonsense', undefined],
    ['*', undefined],
    ['', undefined],
    [`${'x,'.repeat(100_000)}en`, undefined],
  ])('for Accept-Language %j are those of %j', (header, lang) => {
    expect(fromAcceptLanguage(header)?.lang).toBe(lang);
  });

  it('say why a frame is no message', () => {
    expect(decodeErrorSentence(zh, { code: 'invalid_json' }, 9)).toBe(zh.errors.invalidJson);
    expect(decodeErrorSentence(zh, { code: 'invalid_message' }, 9)).toBe(zh.errors.notAnObject);
    expect(decodeErrorSentence(zh, { code: 'invalid_message', field: 'page.url' }, 9)).toContain(
      'page.url',
    );
    expect(decodeErrorSentence(zh, { code: 'message_too_long', field: 'message' }, 9)).toContain(
      '9',
    );
  });
});
