import { describe, expect, it } from 'vitest';
import {
  browserName,
  compactCount,
  dateAndTime,
  durationSince,
  excerptOf,
  markOf,
  pageTitle,
  relativeTime,
  visitorName,
} from './format.ts';
import { loadWords } from './lang/choose.ts';

const en = await loadWords('en');
const zh = await loadWords('zh-CN');
const noon = new Date(2026, 4, 20, 12, 0, 0).getTime();
const before = (minutes: number): string => new Date(noon - minutes * 60_000).toISOString();

describe('times', () => {
  it('are short at the edge of a row, and longer ago they are dates', () => {
    expect(relativeTime(before(0.5), noon, en)).toBe('now');
    expect(relativeTime(before(-3), noon, en)).toBe('now');
    expect(relativeTime(before(4), noon, en)).toBe('4 min');
    expect(relativeTime(before(130), noon, en)).toBe('2 hr');
    expect(relativeTime(before(24 * 60), noon, en)).toBe('yesterday');
    expect(relativeTime(before(24 * 60 * 7), noon, en)).toBe('May 13');
    expect(relativeTime(before(24 * 60 * 365), noon, en)).toBe('May 20, 2025');
    expect(relativeTime(before(24 * 60), noon, zh)).toBe('昨天');
  });

  it('say how long somebody is on a page', () => {
    expect(durationSince(before(0), noon, en)).toBe('now');
    expect(durationSince(before(6), noon, en)).toBe('for 6 min');
    expect(durationSince(before(60 * 30), noon, en)).toBe('for 30 hr');
  });

  it('of a broken clock or server break nothing', () => {
    for (const one of [relativeTime, durationSince, dateAndTime]) {
      expect(one('not a time', noon, en)).toBe('');
    }
  });
});

describe('visitors', () => {
  it('without a name are told apart by their ids', () => {
    expect(markOf('01890a5d-ac96-774b-bcce-b302099a7f3a')).toBe('7F3A');
    expect(markOf('')).toBe('');
  });

  it('have browsers with names that people know', () => {
    const edge =
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0';
    expect(browserName(edge, en)).toBe('Edge on Windows');
    expect(browserName('Mozilla/5.0 (iPhone) Version/17.5 Mobile Safari/604.1', zh)).toBe(
      'iOS 上的 Safari',
    );
    expect(browserName('curl/8.0', en)).toBe('curl/8.0');
    expect(browserName('', en)).toBe('unknown');
  });

  it('have a browser cut short where nobody knows its name', () => {
    const name = browserName(`Unheard/1.0 (${'of; '.repeat(40)})`, en);
    expect(name).toMatch(/^Unheard\/1\.0 .*…$/);
    expect(name.length).toBeLessThan(40);
  });

  it('turn the direction of nothing but their own names', () => {
    expect(visitorName({ id: 'abcd', name: '\u202eevil\u2069' }, en)).toBe('evil');
    expect(visitorName({ id: 'abcd', name: '\u202e' }, en)).toBe('Visitor ABCD');
    expect(pageTitle({ url: 'https://example.com/a', title: '\u2066\u202a' }, en)).toBe('/a');
  });

  it('are counted in as little room as there is', () => {
    expect([7, 327, 2_504, 7_500, 12_000].map((count) => compactCount(count, en))).toEqual([
      '7',
      '327',
      '2.5k',
      '7.5k',
      '12k',
    ]);
    expect(compactCount(2_504, zh)).toBe('2504');
    expect(compactCount(25_000, zh)).toBe('2.5万');
  });

  it('are quoted on one line, without the signs of Markdown', () => {
    expect(excerptOf('## Hello\n\n**you** there\t`x`')).toBe('Hello you there x');
  });
});
