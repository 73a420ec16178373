/**
 * Text frames to messages and back. Decoding returns a `Result`: whatever a peer sends, nothing
 * here throws.
 */
import type { Struct } from 'superstruct';
import { maxMessageChars } from './limits.ts';
import {
  clientMessageStructs,
  serverMessageStructs,
  type ClientMessage,
  type ErrorCode,
  type ServerMessage,
} from './protocol.ts';
import { failure, success, type Result } from './result.ts';

/** Why a frame is not a message. */
export interface DecodeError {
  readonly code: Extract<
    ErrorCode,
    'invalid_json' | 'invalid_message' | 'unknown_type' | 'message_too_long'
  >;
  /** Path of the field that was wrong, with dots: `page.url`. Absent where no field is to blame. */
  readonly field?: string;
  /** The `id` the sender gave, whatever else is wrong. */
  readonly ref?: string;
  /** The `type` that nobody knows, cut to 64 characters. */
  readonly unknownType?: string;
}

/** Number of Unicode code points: what a person would count, save for combined characters. */
export function countCodePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(index + 1);
      if (next >= 0xdc00 && next <= 0xdfff) {
        count -= 1;
        index += 1;
      }
    }
  }
  return count;
}

/** A message longer than the limit: the cheap comparison first, since few texts come near it. */
export const isTooLong = (text: string): boolean =>
  text.length > maxMessageChars && countCodePoints(text) > maxMessageChars;

function decode<Message>(
  text: string,
  structs: ReadonlyMap<string, Struct<Message, unknown>>,
): Result<Message, DecodeError> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return failure({ code: 'invalid_json' });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return failure({ code: 'invalid_message' });
  }
  const fields = parsed as Record<string, unknown>;
  const id = Object.hasOwn(fields, 'id') ? fields['id'] : undefined;
  const ref = typeof id === 'string' ? { ref: id } : {};
  const type = Object.hasOwn(fields, 'type') ? fields['type'] : undefined;
  if (typeof type !== 'string') return failure({ code: 'invalid_message', field: 'type', ...ref });
  const struct = structs.get(type);
  if (!struct) {
    return failure({ code: 'unknown_type', field: 'type', unknownType: type.slice(0, 64), ...ref });
  }
  const [invalid, value] = validate(struct, parsed);
  if (invalid) {
    return failure({ code: 'invalid_message', field: invalid.path.join('.'), ...ref });
  }
  return success(value);
}

/**
 * superstruct prints what it refuses, and what a peer made may not be printable: an object whose
 * `toString` is a number throws, arrays 30,000 deep exhaust the stack. The second look is at a
 * copy that prints, and finds the same field.
 */
function validate<Message>(
  struct: Struct<Message, unknown>,
  parsed: object,
): ReturnType<Struct<Message, unknown>['validate']> {
  try {
    return struct.validate(parsed);
  } catch {
    return struct.validate(printable(parsed, deepestMessage));
  }
}

/** Deeper than any message of the protocol goes. */
const deepestMessage = 8;

function printable(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return null;
  if (Array.isArray(value)) return value.map((item) => printable(item, depth - 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'toString' && name !== 'valueOf')
      .map(([name, item]) => [name, printable(item, depth - 1)]),
  );
}

/**
 * A frame from a client, checked against the struct of its `type`.
 *
 * @returns the message, or why it is none: `invalid_json`, `invalid_message` with the field's
 *   path, `unknown_type`, `message_too_long`
 */
export function decodeClientMessage(text: string): Result<ClientMessage, DecodeError> {
  const decoded = decode(text, clientMessageStructs);
  if (!decoded.ok) return decoded;
  const message = decoded.value;
  if (
    (message.type === 'chat_message' || message.type === 'contact_request') &&
    isTooLong(message.message)
  ) {
    return failure({
      code: 'message_too_long',
      field: 'message',
      ...(message.id === undefined ? {} : { ref: message.id }),
    });
  }
  return decoded;
}

/** A frame from a server. A client ignores what it cannot decode: a newer server may send more. */
export const decodeServerMessage = (text: string): Result<ServerMessage, DecodeError> =>
  decode(text, serverMessageStructs);

/** The frame that says this message. */
export const encode = (message: ClientMessage | ServerMessage): string => JSON.stringify(message);

/** The bytes that every widget sends to ask for a sign of life. */
export const pingFrame = '{"type":"ping"}';
