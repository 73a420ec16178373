import { describe, expect, it } from 'vitest';
import { answerIdOf, isClientMessageId } from './ids.ts';

describe('ids of messages', () => {
  it.each(['a', 'A-b_9', '_', '-', 'x'.repeat(64), 'f47ac10b-58cc-4372-a567-0e02b2c3d479'])(
    'a client may use %s',
    (id) => {
      expect(isClientMessageId(id)).toBe(true);
    },
  );

  it.each(['', 'x'.repeat(65), 'ai:x', 'a b', 'a\n', 'ä', '消息', 'a.b', '../a', 'a\u0000'])(
    'a client may not use %j',
    (id) => {
      expect(isClientMessageId(id)).toBe(false);
    },
  );

  it('an answer is named after its question, in a way that no client can', () => {
    expect(answerIdOf('q1')).toBe('ai:q1');
    expect(isClientMessageId(answerIdOf('q1'))).toBe(false);
  });
});
