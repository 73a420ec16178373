import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ErrorCode } from '../../shared/protocol.ts';

/** Codes of HTTP errors: those of the wire, and what only HTTP knows. */
export type HttpErrorCode = ErrorCode | 'not_found' | 'not_ready';

/** An error as every path answers it: `{detail, code}`. */
export const httpError = (
  context: Context,
  status: ContentfulStatusCode,
  code: HttpErrorCode,
  detail: string,
): Response => context.json({ detail, code }, status);
