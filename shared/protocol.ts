/**
 * The wire: every message of protocol version 1 as a struct, and its type inferred from it.
 * One JSON text frame is one message, discriminated by `type`.
 *
 * Both sides ignore fields that they do not know, so a struct here lists what is read, never
 * all that may arrive. Names of requests end in the wish (`history_request`), names of facts in
 * what happened (`chat_message_received`).
 */
import {
  array,
  boolean,
  define,
  enums,
  integer,
  literal,
  max,
  min,
  number,
  optional,
  refine,
  size,
  string,
  type,
  type Infer,
  type Struct,
} from 'superstruct';
import { isClientMessageId } from './ids.ts';
import { maxEmailChars, maxHistoryLimit, maxNameChars, maxPageChars } from './limits.ts';
import { isIsoTimestamp } from './timestamps.ts';

export {
  closeCodes,
  reconnectPolicy,
  type CloseCode,
  type ReconnectPolicy,
} from './close-codes.ts';
export { protocolVersion } from './limits.ts';

const controlCharacters = /[\p{Cc}\u2028\u2029]/u;

/** Text that can be stored and sent on: no lone half of a surrogate pair. */
const wellFormed = define<string>('well-formed text', (value) => {
  if (typeof value !== 'string') return 'not_text';
  return isWellFormed(value) || 'lone_surrogate';
});

/** `String.prototype.isWellFormed` where the engine has it (2023), else the same by encoding. */
function isWellFormed(text: string): boolean {
  if ('isWellFormed' in String.prototype) return text.isWellFormed();
  try {
    encodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** One line of text: no control characters, at most `maxChars` code points. */
const line = (maxChars: number): Struct<string, null> =>
  refine(
    wellFormed,
    'line',
    (value) =>
      !controlCharacters.test(value) &&
      (value.length <= maxChars ||
        (value.length <= 2 * maxChars && Array.from(value).length <= maxChars)),
  );

/** Something that a person can see; U+2800 is a blank that Unicode counts as a symbol. */
const visible = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a text is more than blanks, also those that Unicode does not call so. */
export const isVisible = (text: string): boolean => visible.test(text);

/** What a message says. Blank texts are refused; length is checked by the codec. */
export const messageText = refine(wellFormed, 'message text', isVisible);
const timestamp = refine(string(), 'ISO 8601 timestamp', isIsoTimestamp);
export const clientMessageId = refine(string(), 'id', isClientMessageId);
const seq = min(integer(), 0);
const email = refine(line(maxEmailChars), 'e-mail address', (value) =>
  /^[^\s@,;<>"()[\]\\]+@[^\s@.,;<>"()[\]\\]+(\.[^\s@.,;<>"()[\]\\]+)*$/.test(value),
);
const httpUrl = refine(line(maxPageChars), 'http(s) address', (value) => {
  if (!/^https?:\/\//i.test(value)) return false;
  try {
    return new URL(value).host !== '';
  } catch {
    return false;
  }
});
// BCP 47 in outline: subtags of letters and digits. Whether a language is known is not asked.
const languageTag = refine(string(), 'language tag', (value) =>
  /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,8}$/.test(value),
);

const page = type({ url: httpUrl, title: optional(line(maxPageChars)) });
/** The page a visitor is on. */
export type Page = Infer<typeof page>;

const identity = type({
  user: size(line(200), 1, 200),
  expires: integer(),
  signature: string(),
  name: optional(line(maxNameChars)),
  email: optional(email),
});
/** Who a signed-in visitor is; `signature` proves `user` and `expires`, nothing else. */
export type Identity = Infer<typeof identity>;

// ── client → server ──────────────────────────────────────────────────────────────────────────

export const hello = type({
  type: literal('hello'),
  // One that nobody knows gets the highest that both know.
  protocol: integer(),
  token: optional(string()),
  last_seq: optional(seq),
  /** `epoch` of the `session` under which `last_seq` was reached. */
  epoch: optional(string()),
  tab: optional(size(line(64), 1, 64)),
  page: optional(page),
  lang: optional(languageTag),
  client: optional(type({ name: line(100), version: optional(line(100)) })),
  identity: optional(identity),
});
export type Hello = Infer<typeof hello>;

export const contactRequest = type({
  type: literal('contact_request'),
  message: messageText,
  timestamp,
  userAgent: wellFormed,
  id: optional(clientMessageId),
  name: optional(line(maxNameChars)),
  email: optional(email),
  page: optional(page),
});
export type ContactRequest = Infer<typeof contactRequest>;

export const chatMessageRequest = type({
  type: literal('chat_message'),
  message: messageText,
  timestamp,
  id: optional(clientMessageId),
});
export type ChatMessageRequest = Infer<typeof chatMessageRequest>;

export const historyRequest = type({
  type: literal('history_request'),
  before_seq: optional(min(integer(), 1)),
  limit: optional(max(min(integer(), 1), maxHistoryLimit)),
});
export type HistoryRequest = Infer<typeof historyRequest>;

export const typingRequest = type({ type: literal('typing'), active: boolean() });
export type TypingRequest = Infer<typeof typingRequest>;

export const readRequest = type({ type: literal('read'), seq });
export type ReadRequest = Infer<typeof readRequest>;

export const humanRequest = type({ type: literal('human_request'), active: optional(boolean()) });
export type HumanRequest = Infer<typeof humanRequest>;

export const feedbackValues = ['up', 'down'] as const;
export const feedback = type({
  type: literal('feedback'),
  id: size(string(), 1, 128),
  value: enums(feedbackValues),
});
export type Feedback = Infer<typeof feedback>;

export const eraseMe = type({ type: literal('erase_me') });
export type EraseMe = Infer<typeof eraseMe>;

export const ping = type({ type: literal('ping') });
export type Ping = Infer<typeof ping>;

/** Every type a client may send, by its name. A `Map`: `__proto__` is a name like any other. */
export const clientMessageStructs = /* @__PURE__ */ new Map<string, Struct<ClientMessage, unknown>>(
  Object.entries({
    hello,
    contact_request: contactRequest,
    chat_message: chatMessageRequest,
    history_request: historyRequest,
    typing: typingRequest,
    read: readRequest,
    human_request: humanRequest,
    feedback,
    erase_me: eraseMe,
    ping,
  }) as unknown as Iterable<[string, Struct<ClientMessage, unknown>]>,
);

export type ClientMessage =
  | Hello
  | ContactRequest
  | ChatMessageRequest
  | HistoryRequest
  | TypingRequest
  | ReadRequest
  | HumanRequest
  | Feedback
  | EraseMe
  | Ping;

// ── server → client ──────────────────────────────────────────────────────────────────────────

export const senders = ['visitor', 'assistant', 'owner', 'system'] as const;
/** Who speaks. */
export type Sender = (typeof senders)[number];

export const handlers = ['assistant', 'owner', 'nobody'] as const;
/** Who answers a conversation. */
export type Answering = (typeof handlers)[number];

export const errorCodes = [
  'invalid_json',
  'invalid_message',
  'unknown_type',
  'message_too_long',
  'frame_too_large',
  'binary_unsupported',
  'rate_limited',
  'unauthorized',
  'forbidden',
  'id_conflict',
  'store_unavailable',
  'overloaded',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

const retryableCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'rate_limited',
  'store_unavailable',
  'overloaded',
  'internal',
]);

/** Whether the same frame may succeed later. The others are final: sending again changes nothing. */
export const isRetryable = (code: ErrorCode): boolean => retryableCodes.has(code);

const citation = type({ title: string(), url: string() });
/** Where an answer was found. `url` is http(s), or relative to the blog. */
export type Citation = Infer<typeof citation>;

const owner = type({ online: boolean(), name: string() });
export type OwnerPresence = Infer<typeof owner>;

export const connectionEstablished = type({
  type: literal('connection_established'),
  message: string(),
  client_id: string(),
  timestamp: string(),
  protocol: optional(number()),
});
export type ConnectionEstablished = Infer<typeof connectionEstablished>;

export const session = type({
  type: literal('session'),
  client_id: string(),
  conversation_id: string(),
  token: string(),
  resumed: boolean(),
  last_seq: seq,
  /** To be sent back with `last_seq`; absent where a server knows of none. */
  epoch: optional(string()),
  answering: enums(handlers),
  owner,
  ai: boolean(),
  limits: type({
    message_chars: integer(),
    frame_bytes: integer(),
    ping_interval_ms: integer(),
  }),
});
export type SessionMessage = Infer<typeof session>;

export const contactRequestReceived = type({
  type: literal('contact_request_received'),
  id: string(),
  seq,
  message: string(),
  timestamp: string(),
  request_id: string(),
  status: literal('received'),
  duplicate: optional(boolean()),
});
export type ContactRequestReceived = Infer<typeof contactRequestReceived>;

export const chatMessageReceived = type({
  type: literal('chat_message_received'),
  id: string(),
  seq,
  message: string(),
  timestamp: string(),
  message_id: string(),
  duplicate: optional(boolean()),
});
export type ChatMessageReceived = Infer<typeof chatMessageReceived>;

const chatMessageFields = {
  id: string(),
  seq: optional(seq),
  sender: enums(senders),
  message: string(),
  timestamp: string(),
  in_reply_to: optional(string()),
  answers: optional(array(string())),
  citations: optional(array(citation)),
  kind: optional(string()),
  broadcast: optional(boolean()),
};
export const historyMessage = type(chatMessageFields);
/** A message as `history` carries it: a `chat_message` without its `type`. */
export type HistoryMessage = Infer<typeof historyMessage>;

export const chatMessage = type({ type: literal('chat_message'), ...chatMessageFields });
export type ChatMessage = Infer<typeof chatMessage>;

export const chatMessageDelta = type({
  type: literal('chat_message_delta'),
  id: string(),
  in_reply_to: string(),
  index: min(integer(), 0),
  delta: string(),
});
export type ChatMessageDelta = Infer<typeof chatMessageDelta>;

export const history = type({
  type: literal('history'),
  messages: array(historyMessage),
  more: boolean(),
  resume: optional(boolean()),
});
export type History = Infer<typeof history>;

export const typing = type({
  type: literal('typing'),
  active: boolean(),
  sender: enums(senders),
});
export type Typing = Infer<typeof typing>;

export const read = type({ type: literal('read'), seq, sender: enums(senders) });
export type Read = Infer<typeof read>;

export const presence = type({ type: literal('presence'), owner });
export type Presence = Infer<typeof presence>;

export const handler = type({ type: literal('handler'), answering: enums(handlers) });
export type Handler = Infer<typeof handler>;

export const erased = type({ type: literal('erased') });
export type Erased = Infer<typeof erased>;

export const pong = type({ type: literal('pong'), timestamp: string() });
export type Pong = Infer<typeof pong>;

export const serverDraining = type({
  type: literal('server_draining'),
  reconnect_after_ms: min(number(), 0),
});
export type ServerDraining = Infer<typeof serverDraining>;

export const error = type({
  type: literal('error'),
  // A newer server may know more codes; a client then goes by `retryable`.
  code: string(),
  message: string(),
  timestamp: string(),
  retryable: boolean(),
  retry_after_ms: optional(min(number(), 0)),
  ref: optional(string()),
  field: optional(string()),
});
export type ErrorMessage = Infer<typeof error>;

/** Every type a server may send, by its name. */
export const serverMessageStructs = /* @__PURE__ */ new Map<string, Struct<ServerMessage, unknown>>(
  Object.entries({
    connection_established: connectionEstablished,
    session,
    contact_request_received: contactRequestReceived,
    chat_message_received: chatMessageReceived,
    chat_message: chatMessage,
    chat_message_delta: chatMessageDelta,
    history,
    typing,
    read,
    presence,
    handler,
    erased,
    pong,
    server_draining: serverDraining,
    error,
  }) as unknown as Iterable<[string, Struct<ServerMessage, unknown>]>,
);

export type ServerMessage =
  | ConnectionEstablished
  | SessionMessage
  | ContactRequestReceived
  | ChatMessageReceived
  | ChatMessage
  | ChatMessageDelta
  | History
  | Typing
  | Read
  | Presence
  | Handler
  | Erased
  | Pong
  | ServerDraining
  | ErrorMessage;
