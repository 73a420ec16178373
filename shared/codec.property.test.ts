import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { damage } from './any-mutation.ts';
import {
  anyClientMessage,
  anyServerMessage,
  clientMessages,
  ofAnotherKind,
  serverMessages,
  type AnyMessage,
} from './any-message.ts';
import { decodeClientMessage, decodeServerMessage, encode, type DecodeError } from './codec.ts';
import { casesOf, propertyTimeoutMs } from './property-cases.ts';
import { clientMessageStructs, serverMessageStructs } from './protocol.ts';
import type { Result } from './result.ts';

type Decoded = Result<object, DecodeError>;
const decoders: readonly ((text: string) => Decoded)[] = [decodeClientMessage, decodeServerMessage];

/** `toEqual` builds a report even where there is nothing to report; this looks first. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

/** A refusal says what is wrong: a code, and the field wherever a field can be wrong. */
function expectSound(text: string, decode: (text: string) => Decoded): void {
  const decoded = decode(text);
  if (decoded.ok) {
    if (decode !== decodeClientMessage) return;
    const written = JSON.stringify(decoded.value);
    const again = decode(written);
    expectSame(again.ok && JSON.stringify(again.value), written);
    return;
  }
  const { code, field, ref } = decoded.error;
  if (code === 'invalid_json') {
    expect(() => void JSON.parse(text)).toThrow(SyntaxError);
    return;
  }
  const parsed = JSON.parse(text) as { readonly id?: unknown } | null;
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  if (isObject !== (field !== undefined && field !== '')) {
    throw new Error(`refused without a field: ${code}`);
  }
  if (isObject && typeof parsed.id === 'string' && Object.hasOwn(parsed, 'id')) {
    expect(ref).toBe(parsed.id);
  }
}

/** A message of any type, with the shape that it is of. */
const anyOf = (shapes: Readonly<Record<string, AnyMessage<unknown>>>) =>
  fc.oneof(
    ...Object.values(shapes).map((shape) =>
      shape.message.map((message) => ({
        message: message as Record<string, unknown>,
        required: shape.required,
      })),
    ),
  );
const messages = fc.oneof(
  anyOf(anyClientMessage).map((one) => ({ ...one, decode: decoders[0] })),
  anyOf(anyServerMessage).map((one) => ({ ...one, decode: decoders[1] })),
) as fc.Arbitrary<{
  message: Record<string, unknown>;
  required: readonly string[];
  decode: (text: string) => Decoded;
}>;

describe('the codec, with whatever messages', () => {
  it('knows arbitrary messages of every type', () => {
    expect(Object.keys(anyClientMessage).toSorted()).toEqual(
      [...clientMessageStructs.keys()].toSorted(),
    );
    expect(Object.keys(anyServerMessage).toSorted()).toEqual(
      [...serverMessageStructs.keys()].toSorted(),
    );
  });

  it(
    'gives back every message of a client',
    () => {
      fc.assert(
        fc.property(clientMessages, (message) =>
          expectSame(decodeClientMessage(encode(message)), { ok: true, value: message }),
        ),
        casesOf('client messages there and back'),
      );
    },
    propertyTimeoutMs,
  );

  it(
    'gives back every message of a server',
    () => {
      fc.assert(
        fc.property(serverMessages, (message) =>
          expectSame(decodeServerMessage(encode(message)), { ok: true, value: message }),
        ),
        casesOf('server messages there and back'),
      );
    },
    propertyTimeoutMs,
  );

  it(
    'reads a message with fields that nobody knows as the same message [D18]',
    () => {
      const later = fc.dictionary(
        fc.string({ maxLength: 6 }).map((name) => `later_${name}`),
        fc.jsonValue({ maxDepth: 2 }),
        { minKeys: 1, maxKeys: 3 },
      );
      fc.assert(
        fc.property(messages, later, ({ message, decode }, fields) => {
          const decoded = decode(JSON.stringify({ ...fields, ...message }));
          if (!decoded.ok) throw new Error(`refused: ${decoded.error.field}`);
          const known = Object.fromEntries(
            Object.entries(decoded.value).filter(([name]) => name in message),
          );
          expectSame(known, message);
        }),
        casesOf('unknown fields'),
      );
    },
    propertyTimeoutMs,
  );

  it(
    'names the field that is missing or of another kind, and misses none that may be absent',
    () => {
      const spoilt = messages.chain((one) =>
        fc
          .constantFrom(...Object.keys(one.message))
          .chain((name) =>
            fc
              .oneof(fc.constant(undefined), ofAnotherKind(one.message[name]))
              .map((value) => ({ ...one, name, value })),
          ),
      );
      fc.assert(
        fc.property(spoilt, ({ message, required, decode, name, value }) => {
          const decoded = decode(JSON.stringify({ ...message, [name]: value }));
          if (value === undefined && !required.includes(name)) {
            expectSame(decoded.ok, true);
            return;
          }
          if (decoded.ok) throw new Error(`${name} was not missed`);
          expectSame(decoded.error.field?.split('.')[0], name);
          const id = name === 'id' ? value : message['id'];
          expectSame(decoded.error.ref, typeof id === 'string' ? id : undefined);
        }),
        casesOf('missing and wrong fields'),
      );
    },
    propertyTimeoutMs,
  );
});

describe('the codec, with whatever else [D15]', () => {
  it(
    'refuses structured garbage and says why',
    () => {
      const types = [...clientMessageStructs.keys(), ...serverMessageStructs.keys(), '__proto__'];
      const names = [
        ...['message', 'timestamp', 'id', 'protocol', 'page', 'seq', 'messages', 'limit'],
        ...['sender', 'owner', 'identity', 'client', 'active', 'value', 'userAgent', 'more'],
      ];
      const fields = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 3 }), {
        maxKeys: 6,
      });
      const garbage = fc.oneof(
        { weight: 3, arbitrary: fc.record({ type: fc.constantFrom(...types), fields }) },
        { weight: 1, arbitrary: fc.record({ type: fc.jsonValue({ maxDepth: 1 }), fields }) },
      );
      fc.assert(
        fc.property(garbage, ({ type, fields: rest }) => {
          const text = JSON.stringify({ ...rest, type });
          for (const decode of decoders) expectSound(text, decode);
        }),
        casesOf('structured garbage'),
      );
    },
    propertyTimeoutMs,
  );

  it(
    'never throws for a damaged frame, and what it accepts of a client it accepts again',
    () => {
      fc.assert(
        fc.property(messages, damage, ({ message, decode }, mutate) =>
          expectSound(mutate(JSON.stringify(message)), decode),
        ),
        casesOf('mutated frames'),
      );
    },
    propertyTimeoutMs,
  );

  it(
    'takes whole numbers in range only, however they are written',
    () => {
      const written = fc.oneof(
        fc.constantFrom('0', '-0', '1', '-1', '1e2', '1E+2', '1e-2', '0.5', '1.0', '1e400'),
        fc.constantFrom(
          '-1e400',
          '9007199254740991',
          '9007199254740993',
          '1e21',
          '1e308',
          '5e-324',
        ),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
        fc.integer().map(String),
      );
      const places: readonly (readonly [frame: string, field: string, min: number, max: number])[] =
        [
          ['{"type":"read","seq":?}', 'seq', 0, Infinity],
          ['{"type":"hello","protocol":?}', 'protocol', -Infinity, Infinity],
          ['{"type":"hello","protocol":1,"last_seq":?}', 'last_seq', 0, Infinity],
          ['{"type":"history_request","before_seq":?}', 'before_seq', 1, Infinity],
          ['{"type":"history_request","limit":?}', 'limit', 1, 100],
        ];
      fc.assert(
        fc.property(fc.constantFrom(...places), written, ([frame, field, min, max], digits) => {
          const decoded = decodeClientMessage(frame.replace('?', digits));
          const value = Number(digits);
          const fits = Number.isInteger(value) && value >= min && value <= max;
          expectSame(decoded.ok, fits);
          if (!decoded.ok) expectSame(decoded.error, { code: 'invalid_message', field });
        }),
        casesOf('numbers at the edge'),
      );
    },
    propertyTimeoutMs,
  );

  it(
    'takes the last of repeated keys, and nothing from magic ones',
    () => {
      const magic = fc.constantFrom('__proto__', 'constructor', 'prototype', 'hasOwnProperty');
      fc.assert(
        fc.property(messages, magic, fc.boolean(), ({ message, required, decode }, name, bare) => {
          const inner = JSON.stringify(message);
          const polluting = `"${name}":${inner},"${name}":{"polluted":${inner}}`;
          const first = Object.keys(message)
            .map((key) => `${JSON.stringify(key)}:{"repeated":1}`)
            .join(',');
          const whole = decode(`{${first},${polluting},${inner.slice(1)}`);
          if (!whole.ok) throw new Error(`refused: ${whole.error.field}`);
          // Only in the prototype: as good as absent.
          const hollow = decode(
            `{${polluting}${bare ? '' : `,"type":"${String(message['type'])}"`}}`,
          );
          if (bare || required.length > 1) expectSame(hollow.ok, false);
          expectSame(({} as Record<string, unknown>)['polluted'], undefined);
        }),
        casesOf('repeated and magic keys'),
      );
    },
    propertyTimeoutMs,
  );
});
