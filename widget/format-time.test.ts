import { describe, expect, it } from 'vitest';
import { clockTime, dayName } from './format-time.ts';

const words = { tag: 'en', today: 'Today', yesterday: 'Yesterday' };
const local = (...parts: [number, number, number, number, number]): number =>
  new Date(...parts).getTime();

describe('times', () => {
  it('are short, in 24 hours, in the reader’s zone', () => {
    expect(clockTime(local(2026, 0, 5, 9, 4), 'en')).toBe('09:04');
    expect(clockTime(local(2026, 0, 5, 0, 4), 'zh-CN')).toBe('00:04');
  });
});

describe('days', () => {
  const now = local(2026, 2, 4, 0, 30);

  it('have the names people use', () => {
    expect(dayName(local(2026, 2, 4, 0, 1), now, words)).toBe('Today');
    expect(dayName(local(2026, 2, 3, 23, 59), now, words)).toBe('Yesterday');
    expect(dayName(local(2026, 2, 3, 0, 0), now, words)).toBe('Yesterday');
    expect(dayName(local(2026, 2, 1, 12, 0), now, words)).toBe('Sunday, March 1');
    expect(dayName(local(2025, 11, 31, 12, 0), now, words)).toBe('Wednesday, December 31, 2025');
    expect(dayName(local(2026, 2, 1, 12, 0), now, { ...words, tag: 'zh-CN' })).toBe('3月1日星期日');
  });
});
