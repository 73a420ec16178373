import type { Context } from 'hono';
import { failure, success, type Result } from '../../shared/result.ts';
import { httpError } from './errors.ts';

/** A whole number of the query; `undefined` where it is absent, a response where it is none. */
export function numberOf(
  context: Context,
  name: string,
  least: number,
  most: number,
): Result<number | undefined, Response> {
  const text = context.req.query(name);
  if (text === undefined || text === '') return success(undefined);
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return success(value);
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  const detail = `"${name}" must be a whole number ${range}.`;
  return failure(httpError(context, 400, 'invalid_message', detail, name));
}

/** One of some words; `undefined` where it is absent, a response where it is none of them. */
export function wordOf<Word extends string>(
  context: Context,
  name: string,
  words: readonly Word[],
): Result<Word | undefined, Response> {
  const text = context.req.query(name);
  if (text === undefined || text === '') return success(undefined);
  const word = words.find((each) => each === text);
  if (word !== undefined) return success(word);
  const detail = `"${name}" must be one of ${words.join(', ')}.`;
  return failure(httpError(context, 400, 'invalid_message', detail, name));
}
