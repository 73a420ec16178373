import { describe, expect, it } from 'vitest';
import type { Notice } from '../notifier-ports.ts';
import { createVoice, describeNotice, timeOf } from './describe-notice.ts';
import { fitNotice, renderPlain } from './fit-notice.ts';
import { sampleNotice } from './notifier.contract.ts';

describe('a notice in words', () => {
  it('shows times in the owner’s time zone, and says which', () => {
    const summerMs = Date.UTC(2025, 6, 1, 22, 5, 9);
    expect(timeOf(summerMs, 'UTC')).toBe('2025-07-01 22:05:09 UTC');
    expect(timeOf(summerMs, 'Asia/Shanghai')).toBe('2025-07-02 06:05:09 GMT+8');
    expect(timeOf(Date.UTC(2025, 0, 1), 'UTC')).toBe('2025-01-01 00:00:00 UTC');
  });

  it('names the day of what waits since another day', () => {
    const since = (sinceMs: number, timeZone = 'UTC') =>
      describeNotice(
        { ...sampleNotice, heldBack: { messages: 1, sinceMs } },
        createVoice('en', timeZone),
      ).heldBack;
    expect(since(Date.UTC(2025, 0, 2, 1, 2))).toContain('since 01:02 and follows');
    expect(since(Date.UTC(2025, 0, 1, 23, 59))).toContain('since 2025-01-01 23:59 and');
    // The same day where the owner is.
    expect(since(Date.UTC(2025, 0, 1, 23, 59), 'Asia/Shanghai')).toContain('since 07:59 and');
  });

  it('names nothing that is not known, and survives a language that is none', () => {
    const notice: Notice = {
      ...sampleNotice,
      lang: '-x-',
      messages: [{ id: 'm', seq: 1, text: 'hi', atMs: 0, contact: { name: ' \u202e ' } }],
    };
    const { title, facts } = describeNotice(notice, createVoice('en', 'UTC'));
    expect(title).toBe('New contact request from a visitor');
    expect(facts).toEqual([
      ['From', 'a visitor'],
      ['Language', '-x-'],
    ]);
  });

  it('speaks English to owners of other languages', () => {
    expect(describeNotice(sampleNotice, createVoice('tlh', 'UTC')).answer).toBe('Read and answer');
    expect(describeNotice(sampleNotice, createVoice('zh-Hans', 'UTC')).answer).toBe('查看并回复');
  });

  it('is cut to any length that holds at least its frame', () => {
    const voice = createVoice('en', 'UTC');
    const render = (one: Parameters<typeof renderPlain>[0]) => renderPlain(one, {}, voice);
    const whole = fitNotice(sampleNotice, voice, render, () => true);
    for (let limit = whole.length; limit >= 200; limit -= 1) {
      const text = fitNotice(sampleNotice, voice, render, (each) => each.length <= limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text).toContain(sampleNotice.url);
    }
  });
});
