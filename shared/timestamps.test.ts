import { describe, expect, it } from 'vitest';
import { isIsoTimestamp } from './timestamps.ts';

describe('ISO 8601 timestamps', () => {
  it.each([
    // What Python's `datetime.isoformat()` makes, with and without a fraction and a zone.
    '2025-01-01T12:00:00',
    '2025-01-01T12:00:00.123456',
    '2025-01-01T12:00:00.123456+08:00',
    '2025-01-01T12:00:00+00:00',
    '2025-01-01T12:00:00-03:30',
    // What browsers make.
    '2025-01-01T12:00:00.000Z',
    // Other forms that the standard allows.
    '2025-01-01T12:00Z',
    '2025-01-01T12:00',
    '2025-01-01T12:00:00,5Z',
    '2025-01-01T12:00:00+08',
    '2025-01-01T12:00:00+0800',
    '20250101T120000Z',
    '20250101T120000.25+0800',
    '2025-01-01T00:00:00Z',
    '2025-01-01T23:59:59.999999999Z',
    '2016-12-31T23:59:60Z',
    '2024-02-29T12:00:00Z',
    '2000-02-29T12:00:00Z',
    '2025-12-31T12:00:00Z',
  ])('%s is one', (text) => {
    expect(isIsoTimestamp(text)).toBe(true);
  });

  it.each([
    ['a date without a time', '2025-01-01'],
    ['a space for the T', '2025-01-01 12:00:00'],
    ['30 February', '2025-02-30T12:00:00Z'],
    ['29 February of a common year', '2025-02-29T12:00:00Z'],
    ['29 February of 1900', '1900-02-29T12:00:00Z'],
    ['31 April', '2025-04-31T12:00:00Z'],
    ['month 13', '2025-13-01T12:00:00Z'],
    ['month 0', '2025-00-01T12:00:00Z'],
    ['day 0', '2025-01-00T12:00:00Z'],
    ['hour 24', '2025-01-01T24:00:00Z'],
    ['minute 60', '2025-01-01T12:60:00Z'],
    ['second 61', '2025-01-01T12:00:61Z'],
    ['a zone of 24 hours', '2025-01-01T12:00:00+24:00'],
    ['a zone of 60 minutes', '2025-01-01T12:00:00+08:60'],
    ['ten fraction digits', '2025-01-01T12:00:00.1234567890Z'],
    ['a fraction without digits', '2025-01-01T12:00:00.Z'],
    ['a year of two digits', '25-01-01T12:00:00Z'],
    ['seconds since 1970', '1735732800'],
    ['an HTTP date', 'Wed, 01 Jan 2025 12:00:00 GMT'],
    ['a line break after it', '2025-01-01T12:00:00Z\n'],
    ['a space before it', ' 2025-01-01T12:00:00Z'],
    ['digits of another script', '２０２５-01-01T12:00:00Z'],
    ['nothing', ''],
    ['a word', 'now'],
  ])('%s is none', (_what, text) => {
    expect(isIsoTimestamp(text)).toBe(false);
  });
});
