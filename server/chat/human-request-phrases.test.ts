import { describe, expect, it } from 'vitest';
import { others, wishes } from './human-request-phrases.ts';
import { isHumanRequest } from './human-request.ts';

const chinese = /\p{Script=Han}/u;

describe('the wish for a person, measured', () => {
  const missed = wishes.filter((text) => !isHumanRequest(text));
  const mistaken = others.filter((text) => isHumanRequest(text));

  it('is recognised in every phrase that says it', () => {
    expect(missed).toEqual([]);
  });

  it('is recognised in no other phrase', () => {
    expect(mistaken).toEqual([]);
  });

  it('is measured on enough of both languages, each phrase once', () => {
    expect(new Set([...wishes, ...others]).size).toBe(wishes.length + others.length);
    for (const list of [wishes, others]) {
      expect(list.length).toBeGreaterThanOrEqual(100);
      expect(list.filter((text) => chinese.test(text)).length).toBeGreaterThanOrEqual(50);
      expect(list.filter((text) => !chinese.test(text)).length).toBeGreaterThanOrEqual(50);
    }
  });

  it('has a precision and a recall of 1 on them', () => {
    const found = wishes.length - missed.length;
    const precision = found / (found + mistaken.length);
    const recall = found / wishes.length;
    console.info(
      `wish for a person: precision ${precision}, recall ${recall} (${wishes.length} wishes, ${others.length} others)`,
    );
    expect({ precision, recall }).toEqual({ precision: 1, recall: 1 });
  });

  it('does not depend on case, width, blanks at the ends or a polite mark', () => {
    for (const text of wishes) {
      for (const said of [text.toUpperCase(), `  ${text}\n`, `${text} 🙏`, `${text}。`]) {
        expect(isHumanRequest(said), said).toBe(true);
      }
    }
    for (const text of others) {
      for (const said of [text.toUpperCase(), `  ${text}\n`, `${text} 🙏`]) {
        expect(isHumanRequest(said), said).toBe(false);
      }
    }
  });

  it('takes no time for texts that were made to cost it', () => {
    for (const unit of [
      'i want to ',
      'please ',
      'the real live human ',
      '联系',
      '转',
      'a ',
      '找个',
    ]) {
      expect(isHumanRequest(unit.repeat(160 / unit.length))).toBe(false);
    }
  });
});
