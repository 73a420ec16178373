import { describe, expect, it } from 'vitest';
import { askedElsewhere } from './asked.ts';
import type { Message } from './conversation.ts';

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  seq,
  sender: 'visitor',
  message: `question ${seq}`,
  timestamp: '2026-01-01T00:00:00.000Z',
  ...more,
});
const answer = (seq: number, more: Partial<Message>): Message =>
  message(seq, { sender: 'assistant', message: 'an answer', ...more });

describe('the questions of an answer', () => {
  it('are not told again where they stand right above it', () => {
    const one = answer(2, { in_reply_to: 'm1' });
    expect(askedElsewhere(one, [message(1), one])).toEqual([]);
    const both = answer(3, { in_reply_to: 'm2', answers: ['m1', 'm2'] });
    expect(askedElsewhere(both, [message(1), message(2), both])).toEqual([]);
  });

  it('are told where something stands between', () => {
    const first = answer(3, { in_reply_to: 'm1' });
    const second = answer(4, { in_reply_to: 'm2' });
    const talk = [message(1), message(2), first, second];
    expect(askedElsewhere(first, talk)).toEqual(['question 1']);
    expect(askedElsewhere(second, talk)).toEqual(['question 2']);
    const both = answer(5, { answers: ['m1', 'm2'] });
    expect(askedElsewhere(both, [...talk, both])).toEqual(['question 1', 'question 2']);
  });

  it('are left out where they are not here', () => {
    expect(askedElsewhere(answer(9, { in_reply_to: 'm1' }), [message(7)])).toEqual([]);
    expect(askedElsewhere(answer(9, {}), [message(7)])).toEqual([]);
  });
});
