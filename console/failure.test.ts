import { expect, it } from 'vitest';
import { Failure, failureText, isAbort } from './failure.ts';
import { frameEn } from './lang/en-frame.ts';
import { frameZh } from './lang/zh-frame.ts';

it.each([
  [new Failure('logged-out'), 'You are no longer logged in.'],
  [new Failure('offline'), /cannot be reached/],
  [new Failure('throttled', { retryAfterS: 1 }), /in 1 second\./],
  [new Failure('throttled', { retryAfterS: 27 }), /in 27 seconds\./],
  [new Failure('throttled'), /wait a moment/],
  [new Failure('refused', { detail: 'limit: too high' }), /limit: too high$/],
  [new Failure('refused'), /went wrong/],
  [new Failure('server'), /went wrong/],
  [new TypeError('x is not a function'), /^Something went wrong on the server/],
])('a failure is a sentence', (error, sentence) => {
  expect(failureText(frameEn, error)).toMatch(sentence);
  expect(failureText(frameZh, error)).toMatch(/[\u4e00-\u9fff]/);
});

it('giving a request up is no failure', () => {
  expect(isAbort(new DOMException('', 'AbortError'))).toBe(true);
  expect(isAbort(new Failure('offline'))).toBe(false);
});
