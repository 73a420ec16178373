import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ErrorCode } from '../../shared/protocol.ts';

/** Codes of errors that only HTTP knows. */
export const httpOnlyCodes = [
  'not_found',
  'not_ready',
  'method_not_allowed',
  'unsupported_media_type',
] as const;

/** Codes of HTTP errors: those of the wire, and what only HTTP knows. */
export type HttpErrorCode = ErrorCode | (typeof httpOnlyCodes)[number];

/**
 * An error as every path answers it: `{detail, code}`.
 *
 * @param field - the field or parameter that was wrong, with dots: `page.url`
 */
export const httpError = (
  context: Context,
  status: ContentfulStatusCode,
  code: HttpErrorCode,
  detail: string,
  field?: string,
): Response =>
  context.json({ detail, code, ...(field === undefined || field === '' ? {} : { field }) }, status);

/** 429, with the wait in whole seconds. */
export function tooMany(context: Context, waitMs: number, detail: string): Response {
  context.header('retry-after', String(Math.ceil(waitMs / 1_000)));
  return httpError(context, 429, 'rate_limited', detail);
}
