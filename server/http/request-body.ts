import type { Context } from 'hono';
import type { Failure, Struct } from 'superstruct';
import { isTooLong } from '../../shared/codec.ts';
import { maxMessageChars } from '../../shared/limits.ts';
import { failure, success, type Result } from '../../shared/result.ts';
import { httpError } from './errors.ts';

/** `application/json`, or a type that is JSON by its suffix (RFC 6839). */
export const isJsonType = (contentType: string): boolean =>
  /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType.trim());

/**
 * The body of a request, as its struct says; or the response that says what is wrong with it, and
 * in which field.
 */
export async function readBody<Body>(
  context: Context,
  struct: Struct<Body, unknown>,
): Promise<Result<Body, Response>> {
  const parsed: unknown = await context.req.json().catch(() => undefined);
  if (typeof parsed !== 'object' || parsed === null) {
    return failure(httpError(context, 400, 'invalid_json', 'Send a JSON object.'));
  }
  if (Array.isArray(parsed)) {
    return failure(httpError(context, 400, 'invalid_message', 'Send a JSON object, not an array.'));
  }
  const checked = check(struct, parsed);
  if (checked.ok) return checked;
  const { field, why } = checked.error;
  const detail = field === '' ? `The body ${why}.` : `"${field}" ${why}.`;
  return failure(httpError(context, 400, 'invalid_message', detail, field));
}

/** What a text of the owner must be besides what its struct says; the response where it is not. */
export const tooLong = (context: Context, text: string, field: string): Response | undefined =>
  isTooLong(text)
    ? httpError(
        context,
        400,
        'message_too_long',
        `"${field}" must have at most ${maxMessageChars} characters.`,
        field,
      )
    : undefined;

function check<Body>(
  struct: Struct<Body, unknown>,
  parsed: object,
): Result<Body, { readonly field: string; readonly why: string }> {
  try {
    const [invalid, value] = struct.validate(parsed);
    if (!invalid) return success(value);
    return failure({ field: invalid.path.join('.'), why: whyOf(invalid) });
  } catch {
    // superstruct prints what it refuses, and not everything can be printed: arrays 30,000 deep,
    // an object whose `toString` is a number.
    return failure({ field: unprintable(struct.schema, parsed), why: 'is not what it has to be' });
  }
}

function whyOf({ value, type, refinement }: Failure): string {
  if (value === undefined) return 'is missing';
  switch (refinement ?? type) {
    case 'message text':
      return 'must be a text that is not blank';
    case 'well-formed text':
      return 'must be a text that is not blank, and well-formed Unicode';
    case 'id':
      return 'must match ^[A-Za-z0-9_-]{1,64}$';
    case 'size':
      return type === 'array' ? 'has too many items' : 'is empty or too long';
    case 'min':
      return 'is too small';
    case 'enums':
      return 'is none of the words it may be';
    default:
      return `must be of the kind ${type === 'type' ? 'object' : type}`;
  }
}

/** The first field of an object that its struct fails to judge; empty where it is none alone. */
function unprintable(fields: unknown, body: object): string {
  if (typeof fields !== 'object' || fields === null) return '';
  for (const [name, inner] of Object.entries(fields) as [string, Struct<unknown>][]) {
    const value: unknown = Object.hasOwn(body, name) ? Reflect.get(body, name) : undefined;
    try {
      inner.validate(value);
    } catch {
      return name;
    }
  }
  return '';
}
