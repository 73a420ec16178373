import { describe, expect, it } from 'vitest';
import { NoticeFailed } from '../notifier-ports.ts';
import { maskFailure, maskWords } from './mask-words.ts';

describe('words of a failure', () => {
  it.each([
    ['550 5.1.1 <owner.to@example.com> unknown', '550 5.1.1 <o…@example.com> unknown'],
    ['visitor.addr+tag@example.org, o@b.c', 'v…@example.org, o…@b.c'],
    ['to:博主@例子.中国 no', 'to:博…@例子.中国 no'],
    ['"an owner"@example.com refused', '"…@example.com refused'],
    ['http://mail/?to=owner%40example.com', 'http:/…@example.com'],
    ['<@relay.example:owner@example.com>', '<@relay.example:o…@example.com>'],
    ['bounce=owner@example.com@relay.example', 'b…@relay.example'],
    ['a\r\nb @ c, 2 @ 3', 'a b @ c, 2 @ 3'],
  ])('%j becomes %j', (words, masked) => {
    expect(maskWords(words, [])).toBe(masked);
  });

  const said = 'Hello there,\nplease call me back about the garden. 我想了解这个项目的情况';

  it.each([
    ['spam: "please call me back about the garden." found', 'spam: "***" found'],
    ['begins with Hello there, please ca', 'begins with ***'],
    ['拒绝：了解这个项目', '拒绝：***'],
    ['mailbox full, call later', 'mailbox full, call later'],
  ])('%j without what they quote is %j', (words, masked) => {
    expect(maskWords(words, [said])).toBe(masked);
  });

  it('do not hold a short text either, and keep words that only contain one', () => {
    expect(maskWords('no such user: Ann (Annex) said hi', ['hi', 'Ann', 'e', ''])).toBe(
      'no such user: *** (Annex) said ***',
    );
    expect(maskWords('a.b* or axb', ['a.b*'])).toBe('*** or axb');
    expect(maskWords('拒绝你好', ['你好'])).toBe('拒绝***');
  });

  it('take no time however long they are, and however they repeat', () => {
    for (const unit of ['220-', '"', 'a@', '@', 'a', '"@', '你']) {
      const long = unit.repeat(500_000);
      expect(maskWords(long, [long.slice(0, 4_000)]).length).toBeLessThanOrEqual(8_000);
    }
  });
});

describe('a failure', () => {
  it('is masked with its stack and its causes, and keeps what it asks for', () => {
    const cause = new Error('no\n    at visitor@example.org');
    Object.assign(cause, { response: 'visitor@example.org' });
    const error = new NoticeFailed('not for owner@example.com: my words and wishes', {
      retryable: false,
      retryAfterMs: 5,
      cause,
    });
    const masked = maskFailure(error, ['my words and wishes']);
    expect(masked).toBeInstanceOf(NoticeFailed);
    expect(masked).toMatchObject({
      message: 'not for o…@example.com: ***',
      retryable: false,
      retryAfterMs: 5,
      cause: { message: 'no at v…@example.org' },
    });
    const inner = masked.cause as Error;
    expect(inner).not.toHaveProperty('response');
    for (const { stack } of [masked, inner]) {
      expect(stack).toContain('mask-words.test.ts');
      expect(stack).not.toMatch(/owner@|visitor@|wishes/);
    }
  });

  it('may be anything that was thrown', () => {
    expect(maskFailure('owner@example.com', []).message).toBe('o…@example.com');
    expect(maskFailure(undefined, []).message).toBe('undefined');
    const circle = new Error('a@b.c');
    circle.cause = circle;
    expect(maskFailure(circle, []).message).toBe('a…@b.c');
    const renamed = new Error('owner@example.com');
    expect(renamed.stack).toContain('owner@example.com');
    renamed.message = 'other words';
    expect(maskFailure(renamed, []).stack).toBe('Error: other words');
  });
});
