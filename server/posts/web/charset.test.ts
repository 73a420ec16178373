import { describe, expect, it } from 'vitest';
import { decodeDocument } from './charset.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));
// 部署教程，怎么部署。 in each table
const gbk = [0xb2, 0xbf, 0xca, 0xf0, 0xbd, 0xcc, 0xb3, 0xcc, 0xa3, 0xac, 0xd4, 0xf5, 0xc3, 0xb4];
const big5 = [0xb3, 0xa1, 0xb8, 0x70, 0xb1, 0xd0, 0xb5, 0x7b];
// デプロイ
const shiftJis = [0x83, 0x66, 0x83, 0x76, 0x83, 0x8d, 0x83, 0x43];

describe('bytes of the web', () => {
  it.each([
    ['the header', 'text/html; charset=gbk', ''],
    ['an attribute', 'text/html', '<meta charset="gb2312">'],
    ['http-equiv', '', '<meta http-equiv=Content-Type content="text/html; charset=GBK">'],
    ['the declaration', 'text/xml', '<?xml version="1.0" encoding="gb18030"?>'],
    ['nothing at all', '', ''],
    ['a label that nobody knows', 'text/html; charset=klingon', ''],
    ['a wrong label', 'text/html; charset=utf-8', ''],
  ])('are GBK by %s', (_, contentType, head) => {
    expect(decodeDocument(bytes(...ascii(head), ...gbk), contentType)).toBe(
      `${head}部署教程，怎么`,
    );
  });

  it.each([
    ['big5', big5, '部署教程'],
    ['shift_jis', shiftJis, 'デプロイ'],
    ['windows-1251', [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2], 'Привет'],
    ['iso-8859-1', [0x63, 0x61, 0x66, 0xe9], 'café'],
    ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x25, 0x47, 0x1b, 0x28, 0x42], 'デ'],
  ])('are %s where they say so', (label, values, text) => {
    expect(decodeDocument(bytes(...values), `text/html; charset="${label}"`)).toBe(text);
  });

  it('are UTF-8 where they can be, whatever the label says', () => {
    for (const label of ['iso-8859-1', 'gbk', 'windows-1252', 'us-ascii']) {
      expect(decodeDocument(utf8('café 部署'), `text/html; charset=${label}`)).toBe('café 部署');
    }
  });

  it('heed a byte order mark and lose it', () => {
    expect(decodeDocument(utf8('\ufeffa\r\nb\rc'), '')).toBe('a\nb\nc');
    expect(decodeDocument(bytes(0xff, 0xfe, 0x41, 0, 0x2d, 0x4e), 'text/html; charset=gbk')).toBe(
      'A中',
    );
    expect(decodeDocument(bytes(0xfe, 0xff, 0, 0x41), '')).toBe('A');
  });

  it('stay UTF-8 where a character is torn', () => {
    const text = 'Grüße aus Köln, schöne Größe und übrigens ähnliche Wörter. '.repeat(5);
    const torn = [...utf8(text), 0xe4, 0xb8];
    expect(decodeDocument(bytes(...torn), 'text/html; charset=utf-8')).toBe(`${text}\ufffd`);
  });

  it('without a label are Western where they are nothing else', () => {
    expect(decodeDocument(bytes(0x63, 0x61, 0x66, 0xe9), '')).toBe('café');
    expect(decodeDocument(bytes(...shiftJis, ...shiftJis), '')).toBe('デプロイデプロイ');
  });
});
