import { describe, expect, it } from 'vitest';
import { decodeClientMessage, decodeServerMessage, encode, pingFrame } from './codec.ts';
import { clientMessageStructs, errorCodes, isRetryable, type ClientMessage } from './protocol.ts';

const timestamp = '2025-01-01T12:00:00';
const page = { url: 'https://blog.example.com/a', title: 'A' };
const identity = { user: 'u1', expires: 1_735_732_800, signature: 'ab' };
const chat = { type: 'chat_message', message: '你好', timestamp };
const contact = { type: 'contact_request', message: 'hi', timestamp, userAgent: 'Python客户端' };
const hello = { type: 'hello', protocol: 1 };

const decode = (message: unknown) => decodeClientMessage(JSON.stringify(message));

describe('messages of clients', () => {
  const valid: readonly (readonly [string, object])[] = [
    ['chat_message', chat],
    ['chat_message with an id', { ...chat, id: 'a-1' }],
    ['contact_request', contact],
    ['contact_request without a user agent to tell', { ...contact, userAgent: '' }],
    ['contact_request with all', { ...contact, id: 'a', name: '李', email: 'a@b.cn', page }],
    ['hello', hello],
    ['hello with last_seq 0', { ...hello, last_seq: 0 }],
    [
      'hello with all',
      {
        ...hello,
        token: 'v1.x.y.z',
        last_seq: 7,
        tab: 't',
        page,
        lang: 'zh-Hans-CN',
        client: { name: 'widget', version: '1.0.0' },
        identity: { ...identity, name: 'N', email: 'n@example.com' },
      },
    ],
    ['hello of a later protocol', { ...hello, protocol: 9 }],
    ['hello of a protocol that never was', { ...hello, protocol: 0 }],
    ['history_request', { type: 'history_request' }],
    ['history_request with all', { type: 'history_request', before_seq: 1, limit: 100 }],
    ['typing', { type: 'typing', active: false }],
    ['read', { type: 'read', seq: 3 }],
    ['human_request', { type: 'human_request' }],
    ['human_request handed back', { type: 'human_request', active: false }],
    ['feedback', { type: 'feedback', id: 'ai:x', value: 'up' }],
    ['erase_me', { type: 'erase_me' }],
    ['ping', { type: 'ping' }],
  ];

  it.each(valid)('%s is read as it was sent', (_name, message) => {
    expect(decode(message)).toEqual({ ok: true, value: message });
  });

  it('every type of the protocol is among them', () => {
    const named = new Set(valid.map(([, message]) => (message as ClientMessage).type));
    expect([...named].toSorted()).toEqual([...clientMessageStructs.keys()].toSorted());
  });

  it.each<[object, string]>([
    [{ ...chat, message: undefined }, 'message'],
    [{ ...chat, message: 5 }, 'message'],
    [{ ...chat, message: null }, 'message'],
    [{ ...chat, message: ['a'] }, 'message'],
    [{ ...chat, timestamp: undefined }, 'timestamp'],
    [{ ...chat, timestamp: 'yesterday' }, 'timestamp'],
    [{ ...chat, timestamp: 1_735_732_800 }, 'timestamp'],
    [{ ...chat, id: 'ai:x' }, 'id'],
    [{ ...chat, id: '' }, 'id'],
    [{ ...chat, id: null }, 'id'],
    [{ ...contact, message: ' ' }, 'message'],
    [{ ...contact, timestamp: '' }, 'timestamp'],
    [{ ...contact, userAgent: undefined }, 'userAgent'],
    [{ ...contact, userAgent: {} }, 'userAgent'],
    [{ ...contact, name: 'x'.repeat(101) }, 'name'],
    [{ ...contact, name: 'a\u0007b' }, 'name'],
    [{ ...contact, name: 'a\u2028b' }, 'name'],
    [{ ...contact, email: 'nobody' }, 'email'],
    [{ ...contact, email: 'a@b\r\nBcc: c@d' }, 'email'],
    [{ ...contact, email: 'a@b, c@d' }, 'email'],
    [{ ...contact, email: `${'x'.repeat(250)}@b.cn` }, 'email'],
    [{ ...contact, page: 'https://a/' }, 'page'],
    [{ ...contact, page: {} }, 'page.url'],
    [{ ...contact, page: { url: 'javascript:alert(1)' } }, 'page.url'],
    [{ ...contact, page: { url: '/relative' } }, 'page.url'],
    [{ ...contact, page: { url: 'https://' } }, 'page.url'],
    [{ ...contact, page: { url: 'https://a/', title: 'a\nb' } }, 'page.title'],
    [{ ...hello, protocol: undefined }, 'protocol'],
    [{ ...hello, protocol: '1' }, 'protocol'],
    [{ ...hello, protocol: 1.5 }, 'protocol'],
    [{ ...hello, token: 1 }, 'token'],
    [{ ...hello, last_seq: -1 }, 'last_seq'],
    [{ ...hello, last_seq: 1.5 }, 'last_seq'],
    [{ ...hello, tab: '' }, 'tab'],
    [{ ...hello, tab: 'x'.repeat(65) }, 'tab'],
    [{ ...hello, page: { url: 'ftp://a/' } }, 'page.url'],
    [{ ...hello, lang: '中文' }, 'lang'],
    [{ ...hello, lang: 'en_US' }, 'lang'],
    [{ ...hello, client: {} }, 'client.name'],
    [{ ...hello, identity: { ...identity, expires: 'soon' } }, 'identity.expires'],
    [{ ...hello, identity: { ...identity, user: '' } }, 'identity.user'],
    [{ ...hello, identity: { ...identity, email: '@' } }, 'identity.email'],
    [{ type: 'history_request', limit: 101 }, 'limit'],
    [{ type: 'history_request', limit: 0 }, 'limit'],
    [{ type: 'history_request', before_seq: 0 }, 'before_seq'],
    [{ type: 'typing' }, 'active'],
    [{ type: 'typing', active: 'true' }, 'active'],
    [{ type: 'read' }, 'seq'],
    [{ type: 'read', seq: -1 }, 'seq'],
    [{ type: 'human_request', active: 1 }, 'active'],
    [{ type: 'feedback', id: 'x', value: 'sideways' }, 'value'],
    [{ type: 'feedback', id: '', value: 'up' }, 'id'],
  ])('%j is refused, with the path of the field', (message, field) => {
    const decoded = decode(message);
    expect(decoded).toMatchObject({ ok: false, error: { code: 'invalid_message', field } });
  });

  it.each([[[]], [null], [5], ['chat_message'], [true]])('%j is no message', (value) => {
    expect(decode(value)).toEqual({ ok: false, error: { code: 'invalid_message' } });
  });

  it.each(['', '{', 'hello', '{"type":"ping"', '{"type":"ping"}x', "{'type':'ping'}", '\u0000'])(
    '%j is no JSON',
    (text) => {
      expect(decodeClientMessage(text)).toEqual({ ok: false, error: { code: 'invalid_json' } });
    },
  );

  it.each([[{}], [{ message: 'x' }], [{ type: 5 }], [{ type: null }], [{ type: ['ping'] }]])(
    '%j lacks a type',
    (message) => {
      expect(decode(message)).toEqual({
        ok: false,
        error: { code: 'invalid_message', field: 'type' },
      });
    },
  );

  it.each(['nonsense', '', 'PING', 'pong', 'session', 'connection_established'])(
    'the type %j is unknown from a client',
    (type) => {
      expect(decode({ type, id: 'r' })).toEqual({
        ok: false,
        error: { code: 'unknown_type', field: 'type', unknownType: type, ref: 'r' },
      });
    },
  );

  it('names at most 64 characters of an unknown type', () => {
    const decoded = decode({ type: 'y'.repeat(1000) });
    expect(decoded).toMatchObject({ error: { unknownType: 'y'.repeat(64) } });
  });

  it('ignores fields that it does not know', () => {
    expect(decode({ ...chat, mood: 'good', nested: { deep: [1] } }).ok).toBe(true);
    expect(decode({ type: 'ping', timestamp: 5 }).ok).toBe(true);
  });

  it('says which message it refuses, whatever is wrong with it', () => {
    expect(decode({ ...chat, id: 'r1', timestamp: 'x' })).toMatchObject({ error: { ref: 'r1' } });
    expect(decode({ ...chat, id: 'ai:x' })).toMatchObject({ error: { ref: 'ai:x' } });
    expect(decode({ id: 'r2' })).toMatchObject({ error: { ref: 'r2' } });
    expect(decode({ ...chat, id: 'r3', message: 'x'.repeat(4001) })).toMatchObject({
      error: { code: 'message_too_long', field: 'message', ref: 'r3' },
    });
  });
});

describe('messages of servers', () => {
  const chatFromServer = {
    type: 'chat_message',
    id: 'a',
    sender: 'owner',
    message: 'x',
    timestamp,
  };

  it('may have fields and error codes that a client does not know', () => {
    expect(decodeServerMessage(JSON.stringify({ ...chatFromServer, mood: 1 })).ok).toBe(true);
    const error = { type: 'error', code: 'new_code', message: '', timestamp, retryable: true };
    expect(decodeServerMessage(JSON.stringify(error)).ok).toBe(true);
  });

  it('are refused where a client could not show them', () => {
    const refused = [
      { ...chatFromServer, citations: [{ title: 'T' }] },
      { ...chatFromServer, sender: 'robot' },
      { type: 'pong' },
      { type: 'server_draining', reconnect_after_ms: -1 },
    ].map((message) => decodeServerMessage(JSON.stringify(message)));
    expect(refused.map(({ ok }) => ok)).toEqual([false, false, false, false]);
    expect(refused[0]).toMatchObject({ error: { field: 'citations.0.url' } });
  });
});

describe('the wire', () => {
  it('has one spelling of the ping that widgets send', () => {
    expect(encode({ type: 'ping' })).toBe(pingFrame);
    expect(pingFrame).toBe('{"type":"ping"}');
  });

  it('marks as retryable what may succeed later, and nothing else', () => {
    const retryable = ['rate_limited', 'store_unavailable', 'overloaded', 'internal'];
    expect(errorCodes.filter(isRetryable)).toEqual(retryable);
  });
});
