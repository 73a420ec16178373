/**
 * Frames from the server, checked without a validation library: its structs would be a sixth of
 * all that a visitor loads. Only what this tree reads is checked, and whatever is unknown or
 * malformed is ignored, since a newer server may say more.
 */
import type { ServerMessage } from '../../shared/protocol.ts';

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const count: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const duration: Check = (value) => typeof value === 'number' && value >= 0;
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const shaped =
  (shape: Shape): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(shape).every((key) => shape[key]?.((value as Record<string, unknown>)[key]));
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string);

const sender = oneOf('visitor', 'assistant', 'owner', 'system');
const answering = oneOf('assistant', 'owner', 'nobody');
const owner = shaped({ online: flag, name: text });
const received: Shape = { id: text, seq: count, timestamp: text };
const chatMessage: Shape = {
  id: text,
  seq: maybe(count),
  sender,
  message: text,
  timestamp: text,
  in_reply_to: maybe(text),
  answers: maybe(listOf(text)),
  citations: maybe(listOf(shaped({ title: text, url: text }))),
  kind: maybe(text),
  broadcast: maybe(flag),
};

const shapes: Readonly<Record<ServerMessage['type'], Shape>> = {
  connection_established: {},
  session: {
    conversation_id: text,
    token: text,
    resumed: flag,
    last_seq: count,
    epoch: maybe(text),
    answering,
    owner,
  },
  contact_request_received: received,
  chat_message_received: received,
  chat_message: chatMessage,
  chat_message_delta: { id: text, in_reply_to: text, index: count, delta: text },
  history: { messages: listOf(shaped(chatMessage)), more: flag, resume: maybe(flag) },
  typing: { active: flag, sender },
  read: { seq: count, sender },
  presence: { owner },
  handler: { answering },
  erased: {},
  pong: {},
  server_draining: { reconnect_after_ms: duration },
  error: {
    code: text,
    message: text,
    retryable: flag,
    retry_after_ms: maybe(duration),
    ref: maybe(text),
  },
};

/** A frame as a message, or `undefined` where it is none that this version understands. */
export function readServerMessage(frame: unknown): ServerMessage | undefined {
  if (typeof frame !== 'string') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(frame);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const type = (parsed as { type?: unknown }).type;
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type)) return undefined;
  const shape = shapes[type as ServerMessage['type']];
  return shaped(shape)(parsed) ? (parsed as ServerMessage) : undefined;
}
