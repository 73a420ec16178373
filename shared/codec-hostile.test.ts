import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCodePoints, decodeClientMessage, decodeServerMessage, encode } from './codec.ts';
import { clientMessageStructs, serverMessageStructs, type ClientMessage } from './protocol.ts';

const timestamp = '2025-01-01T12:00:00.000Z';
const chat = { type: 'chat_message', message: 'x', timestamp };
const contact = { type: 'contact_request', message: 'x', timestamp, userAgent: 'test' };
const decode = (message: unknown) => decodeClientMessage(JSON.stringify(message));
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('hostile frames', () => {
  it('may nest 65,000 deep', () => {
    expect(decodeClientMessage(nested(32_000))).toMatchObject({
      error: { code: 'invalid_message' },
    });
    expect(decodeClientMessage('['.repeat(65_000))).toEqual({
      ok: false,
      error: { code: 'invalid_json' },
    });
    expect(decodeClientMessage('{"a":'.repeat(13_000))).toMatchObject({ ok: false });
  });

  it.each(['message', 'timestamp', 'id'])('may nest within %s, which is named', (field) => {
    const { [field as 'id']: _removed, ...rest } = { ...chat, id: 'r' };
    const text = `${JSON.stringify(rest).slice(0, -1)},"${field}":${nested(30_000)}}`;
    const decoded = decodeClientMessage(text);
    expect(decoded).toMatchObject({ ok: false, error: { code: 'invalid_message', field } });
  });

  it('may nest within fields that nobody reads', () => {
    const text = `${JSON.stringify(chat).slice(0, -1)},"extra":${nested(30_000)}}`;
    expect(decodeClientMessage(text).ok).toBe(true);
  });

  // superstruct prints what it refuses.
  it.each<[object, string]>([
    [{ ...chat, timestamp: { toString: 1, valueOf: 1 } }, 'timestamp'],
    [{ ...chat, id: { toString: null } }, 'id'],
    [{ type: 'hello', protocol: { toString: 'x' } }, 'protocol'],
    [{ type: 'hello', protocol: 1, last_seq: [{ toString: 1 }] }, 'last_seq'],
    [{ type: 'typing', active: { toString: {} } }, 'active'],
    [{ type: 'feedback', id: 'x', value: { valueOf: 1, toString: 1 } }, 'value'],
    [{ ...contact, page: [{ toString: 1 }] }, 'page'],
  ])('may hold values that cannot be printed: %j', (message, field) => {
    expect(decode(message)).toMatchObject({ error: { code: 'invalid_message', field } });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])(
    'may name %s as type or as key',
    (name) => {
      expect(decodeClientMessage(`{"type":"${name}"}`)).toMatchObject({
        error: { code: 'unknown_type', unknownType: name },
      });
      expect(decodeClientMessage(`{"${name}":{"type":"ping"}}`)).toMatchObject({
        error: { code: 'invalid_message', field: 'type' },
      });
      const withKey = `{"${name}":{"polluted":1},${JSON.stringify(chat).slice(1)}`;
      expect(decodeClientMessage(withKey).ok).toBe(true);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  it('take no field from a prototype', () => {
    const text = `{"__proto__":${JSON.stringify(chat)},"type":"chat_message"}`;
    expect(decodeClientMessage(text)).toMatchObject({ error: { field: 'message' } });
  });

  it.each([
    [{ ...chat, message: 'a\ud800b' }, 'message'],
    [{ ...chat, message: '\udc00' }, 'message'],
    [{ ...contact, name: 'a\ud83d' }, 'name'],
    [{ ...contact, userAgent: '\ud83d' }, 'userAgent'],
    [{ ...contact, page: { url: 'https://a/', title: '\udfff\ud800' } }, 'page.title'],
    [{ type: 'hello', protocol: 1, page: { url: 'https://a/\ud800' } }, 'page.url'],
  ])('may hold half a surrogate pair: %j', (message, field) => {
    expect(decode(message)).toMatchObject({ error: { code: 'invalid_message', field } });
  });

  it.each([
    '',
    ' ',
    '\n\t\r',
    '\u00a0',
    '\u3000\u2003',
    '\u2028\u2029',
    '\ufeff',
    '\u200b\u200d\u2060',
    '\u00ad',
    '\u3164\u115f',
    '\u2800',
    '\u0000\u001b',
    '\ufe0f',
  ])('may be blank to the eye: %j', (message) => {
    expect(decode({ ...chat, message })).toMatchObject({
      error: { code: 'invalid_message', field: 'message' },
    });
  });

  it('control characters stand in a message as they were typed', () => {
    const message = 'a\u0000b\u001b[31m\r\n\u202ec';
    expect(decode({ ...chat, message })).toEqual({ ok: true, value: { ...chat, message } });
  });
});

describe('lengths are counted in code points', () => {
  it.each(['x', '中', '😀', '𠮷'])('4,000 times %s passes, 4,001 times does not', (character) => {
    expect(decode({ ...chat, message: character.repeat(4000) }).ok).toBe(true);
    expect(decode({ ...contact, message: character.repeat(4001) })).toMatchObject({
      error: { code: 'message_too_long', field: 'message' },
    });
  });

  it('a name has 100 of them', () => {
    expect(decode({ ...contact, name: '😀'.repeat(100) }).ok).toBe(true);
    expect(decode({ ...contact, name: '😀'.repeat(101) }).ok).toBe(false);
  });

  it('as iteration counts them, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(countCodePoints(text)).toBe([...text].length);
      }),
    );
  });
});

const types = [...clientMessageStructs.keys(), ...serverMessageStructs.keys()];

describe('decoding', () => {
  it('never throws for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof decodeClientMessage(text).ok).toBe('boolean');
        expect(typeof decodeServerMessage(text).ok).toBe('boolean');
      }),
    );
  });

  it('never throws for any JSON, known types and fields included', () => {
    const hostile = fc.constantFrom<unknown>({ toString: 1 }, [[{ valueOf: 1, toString: 1 }]]);
    const value = fc.oneof(fc.jsonValue({ maxDepth: 4 }), hostile);
    const fields = fc.dictionary(
      fc.constantFrom('message', 'timestamp', 'id', 'protocol', 'page', 'seq', 'messages', 'limit'),
      value,
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), fields, (type, rest) => {
        const text = JSON.stringify({ ...rest, type });
        expect(typeof decodeClientMessage(text).ok).toBe('boolean');
        expect(typeof decodeServerMessage(text).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(typeof decodeClientMessage(text).ok).toBe('boolean');
      }),
    );
  });

  it('gives back every valid message that was encoded', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    const text = fc
      .string({ unit: 'binary', maxLength: 300 })
      .map((value) => `x${value.toWellFormed()}`);
    const name = fc.stringMatching(/^[ -~]{0,100}$/);
    const time = fc
      .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const optional = { requiredKeys: ['type', 'message', 'timestamp', 'userAgent'] as never };
    const message: fc.Arbitrary<ClientMessage> = fc.oneof(
      fc.record(
        { type: fc.constant('chat_message' as const), message: text, timestamp: time, id },
        { requiredKeys: ['type', 'message', 'timestamp'] },
      ),
      fc.record(
        {
          type: fc.constant('contact_request' as const),
          message: text,
          timestamp: time,
          userAgent: name,
          id,
          name,
          page: fc.record({ url: fc.webUrl(), title: name }),
        },
        optional,
      ),
      fc.record({ type: fc.constant('read' as const), seq: fc.nat() }),
      fc.record({ type: fc.constant('typing' as const), active: fc.boolean() }),
    );
    fc.assert(
      fc.property(message, (sent) => {
        expect(decodeClientMessage(encode(sent))).toEqual({ ok: true, value: sent });
      }),
    );
  });
});
