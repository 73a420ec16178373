import fc from 'fast-check';
import { describe, it } from 'vitest';
import { answerIdOf, isClientMessageId } from './ids.ts';
import { casesOf } from './property-cases.ts';
import { isIsoTimestamp } from './timestamps.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** Whether the calendar of the language has this day. */
function exists(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

describe('timestamps', () => {
  it('are taken where the day exists and the clock shows it, in either form', () => {
    const number = (max: number): fc.Arbitrary<number> => fc.nat(max);
    const parts = fc.record({
      year: fc.oneof(fc.constantFrom(1900, 2000, 2023, 2024, 2100), number(9999)),
      month: number(13),
      day: fc.oneof(fc.integer({ min: 27, max: 32 }), number(32)),
      hour: number(25),
      minute: number(61),
      second: fc.oneof(fc.constantFrom(0, 59, 60), number(62)),
      fraction: fc.constantFrom('', '.1', ',25', '.123456', '.123456789'),
      zone: fc.constantFrom('', 'Z', '+08', '-0330', '+23', '+24'),
      basic: fc.boolean(),
    });
    fc.assert(
      fc.property(parts, ({ year, month, day, hour, minute, second, fraction, zone, basic }) => {
        const date = [String(year).padStart(4, '0'), two(month), two(day)];
        const time = [two(hour), two(minute), two(second)];
        const text = basic
          ? `${date.join('')}T${time.join('')}${fraction}${zone}`
          : `${date.join('-')}T${time.join(':')}${fraction}${zone}`;
        const expected =
          exists(year, month, day) && hour < 24 && minute < 60 && second <= 60 && zone !== '+24';
        return isIsoTimestamp(text) === expected;
      }),
      casesOf('timestamps against the calendar'),
    );
  });
});

describe('ids', () => {
  it('are 1 to 64 letters, digits, _ and -, and never those of an answer', () => {
    const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-';
    const unit = fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(...plain) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.constantFrom(':', '\n', ' ', 'ａ', 'é', '\u0000', '.') },
    );
    const nearTheLimit = fc.string({
      unit: fc.constantFrom(...plain),
      minLength: 62,
      maxLength: 66,
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit, maxLength: 70 }), nearTheLimit), (id) => {
        const expected =
          id.length >= 1 && id.length <= 64 && [...id].every((letter) => plain.includes(letter));
        return isClientMessageId(id) === expected && !isClientMessageId(answerIdOf(id));
      }),
      casesOf('ids against their alphabet'),
    );
  });
});
