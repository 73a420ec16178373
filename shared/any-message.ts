/** Arbitrary valid messages of every type, for properties. For tests only. */
import fc from 'fast-check';
import {
  errorCodes,
  handlers,
  senders,
  type ClientMessage,
  type ServerMessage,
} from './protocol.ts';

/** A message type as an arbitrary of its fields, with the names of those that it must have. */
export interface AnyMessage<Message> {
  readonly message: fc.Arbitrary<Message>;
  readonly required: readonly string[];
}

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;

function shape(required: Fields, optional: Fields = {}): AnyMessage<Record<string, unknown>> {
  const names = Object.keys(required);
  const record: fc.Arbitrary<Record<string, unknown>> = fc.record(
    { ...required, ...optional },
    {
      requiredKeys: names,
      noNullPrototype: true,
    },
  );
  return { message: record, required: names };
}

/** The same with its `type`, which every message must have. */
function ofType<Message extends { readonly type: string }>(
  type: Message['type'],
  required: Fields = {},
  optional: Fields = {},
): AnyMessage<Message> {
  const whole = shape({ type: fc.constant(type), ...required }, optional);
  return whole as unknown as AnyMessage<Message>;
}

const letters = [...'ABCXYZabcxyz0189_-'];
export const clientId = fc.string({
  unit: fc.constantFrom(...letters),
  minLength: 1,
  maxLength: 64,
});
/** Any well-formed text, control characters and all, that shows at least one character. */
const message = fc
  .string({ unit: 'binary', maxLength: 60 })
  .map((text) => `${text.toWellFormed()}字`);
const line = fc
  .string({ unit: 'grapheme', maxLength: 8 })
  .map((value) => value.replaceAll(/[\p{Cc}\u2028\u2029]/gu, '·'));
const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.toWellFormed());
const timestamp = fc
  .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const seq = fc.oneof(fc.nat(200), fc.maxSafeNat());
const url = fc
  .tuple(fc.constantFrom('http', 'https', 'HTTPS'), clientId)
  .map(([scheme, path]) => `${scheme}://blog.example.com/${path}?a=%20#b`);
const page = shape({ url }, { title: line }).message;
const email = fc.constantFrom('a@b.cn', 'name+tag@mail.example.com', '李@例子.中国');
const identity = shape(
  { user: clientId, expires: fc.maxSafeInteger(), signature: text },
  { name: line, email },
).message;

export const anyClientMessage: {
  readonly [Type in ClientMessage['type']]: AnyMessage<Extract<ClientMessage, { type: Type }>>;
} = {
  hello: ofType(
    'hello',
    { protocol: fc.integer() },
    {
      token: text,
      last_seq: seq,
      epoch: text,
      tab: clientId,
      page,
      lang: fc.constantFrom('en', 'zh-CN', 'zh-Hans-CN', 'x-a-b'),
      client: shape({ name: line }, { version: line }).message,
      identity,
    },
  ),
  contact_request: ofType(
    'contact_request',
    { message, timestamp, userAgent: text },
    { id: clientId, name: line, email, page },
  ),
  chat_message: ofType('chat_message', { message, timestamp }, { id: clientId }),
  history_request: ofType(
    'history_request',
    {},
    { before_seq: fc.integer({ min: 1 }), limit: fc.integer({ min: 1, max: 100 }) },
  ),
  typing: ofType('typing', { active: fc.boolean() }),
  read: ofType('read', { seq }),
  human_request: ofType('human_request', {}, { active: fc.boolean() }),
  feedback: ofType('feedback', {
    id: clientId.map((id) => `ai:${id}`),
    value: fc.constantFrom('up', 'down'),
  }),
  erase_me: ofType('erase_me'),
  ping: ofType('ping'),
};

const sender = fc.constantFrom(...senders);
const owner = shape({ online: fc.boolean(), name: text }).message;
const list = <Value>(of: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.array(of, { maxLength: 3 });
const chatFields: readonly [Fields, Fields] = [
  { id: text, sender, message: text, timestamp: text },
  {
    seq,
    in_reply_to: text,
    answers: list(text),
    citations: list(shape({ title: text, url: text }).message),
    kind: text,
    broadcast: fc.boolean(),
  },
];
const received = { id: text, seq, message: text, timestamp: text };

export const anyServerMessage: {
  readonly [Type in ServerMessage['type']]: AnyMessage<Extract<ServerMessage, { type: Type }>>;
} = {
  connection_established: ofType(
    'connection_established',
    { message: text, client_id: text, timestamp: text },
    { protocol: fc.integer() },
  ),
  session: ofType(
    'session',
    {
      client_id: text,
      conversation_id: text,
      token: text,
      resumed: fc.boolean(),
      last_seq: seq,
      answering: fc.constantFrom(...handlers),
      owner,
      ai: fc.boolean(),
      limits: shape({
        message_chars: fc.integer(),
        frame_bytes: fc.integer(),
        ping_interval_ms: fc.integer(),
      }).message,
    },
    { epoch: text },
  ),
  contact_request_received: ofType(
    'contact_request_received',
    { ...received, request_id: text, status: fc.constant('received') },
    { duplicate: fc.boolean() },
  ),
  chat_message_received: ofType(
    'chat_message_received',
    { ...received, message_id: text },
    { duplicate: fc.boolean() },
  ),
  chat_message: ofType('chat_message', ...chatFields),
  chat_message_delta: ofType('chat_message_delta', {
    id: text,
    in_reply_to: text,
    index: seq,
    delta: text,
  }),
  history: ofType(
    'history',
    { messages: list(shape(...chatFields).message), more: fc.boolean() },
    { resume: fc.boolean() },
  ),
  typing: ofType('typing', { active: fc.boolean(), sender }),
  read: ofType('read', { seq, sender }),
  presence: ofType('presence', { owner }),
  handler: ofType('handler', { answering: fc.constantFrom(...handlers) }),
  erased: ofType('erased'),
  pong: ofType('pong', { timestamp: text }),
  server_draining: ofType('server_draining', { reconnect_after_ms: fc.nat() }),
  error: ofType(
    'error',
    {
      code: fc.constantFrom(...errorCodes, 'later'),
      message: text,
      timestamp: text,
      retryable: fc.boolean(),
    },
    { retry_after_ms: fc.nat(), ref: text, field: text },
  ),
};

const anyOf = <Message>(
  shapes: Readonly<Record<string, AnyMessage<Message>>>,
): fc.Arbitrary<Message> => fc.oneof(...Object.values(shapes).map((one) => one.message));

export const clientMessages: fc.Arbitrary<ClientMessage> = anyOf<ClientMessage>(anyClientMessage);
export const serverMessages: fc.Arbitrary<ServerMessage> = anyOf<ServerMessage>(anyServerMessage);

/** A value of another kind than this one, as JSON tells kinds apart. */
export const ofAnotherKind = (value: unknown): fc.Arbitrary<unknown> => otherKinds[kindOf(value)];

type Kind = 'text' | 'number' | 'flag' | 'list' | 'object';

function kindOf(value: unknown): Kind {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'flag';
  return Array.isArray(value) ? 'list' : 'object';
}

const samples: readonly (readonly [Kind | 'null', unknown])[] = [
  ['text', ''],
  ['text', 'x'],
  ['text', '1'],
  ['text', 'true'],
  ['number', 0],
  ['number', 1],
  ['number', -1],
  ['flag', true],
  ['flag', false],
  ['list', []],
  ['list', ['x']],
  ['list', [[[1]]]],
  ['object', {}],
  ['object', { toString: 1 }],
  ['object', { length: 1, 0: 'x' }],
  ['null', null],
];
const otherThan = (kind: Kind): fc.Arbitrary<unknown> =>
  fc.constantFrom(...samples.filter(([of]) => of !== kind).map(([, value]) => value));
const otherKinds: Readonly<Record<Kind, fc.Arbitrary<unknown>>> = {
  text: otherThan('text'),
  number: otherThan('number'),
  flag: otherThan('flag'),
  list: otherThan('list'),
  object: otherThan('object'),
};
