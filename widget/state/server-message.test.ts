import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeServerMessage } from '../../shared/codec.ts';
import { readServerMessage } from './server-message.ts';

const timestamp = '2026-01-01T00:00:00.000Z';
const chat = { id: 'a', seq: 1, sender: 'owner', message: 'hi', timestamp };
const samples: readonly Record<string, unknown>[] = [
  { type: 'connection_established', message: 'm', client_id: 'c', timestamp, protocol: 1 },
  {
    type: 'session',
    client_id: 'c',
    conversation_id: 'v',
    token: 't',
    resumed: false,
    last_seq: 0,
    answering: 'assistant',
    owner: { online: true, name: 'Owner' },
    ai: true,
    limits: { message_chars: 1, frame_bytes: 1, ping_interval_ms: 1 },
  },
  { type: 'chat_message_received', id: 'a', seq: 1, message: 'm', timestamp, message_id: 'a' },
  {
    type: 'contact_request_received',
    id: 'a',
    seq: 1,
    message: 'm',
    timestamp,
    request_id: 'a',
    status: 'received',
  },
  { type: 'chat_message', ...chat, citations: [{ title: 't', url: '/u' }], answers: ['q'] },
  { type: 'chat_message_delta', id: 'a', in_reply_to: 'q', index: 0, delta: 'x' },
  { type: 'history', messages: [chat], more: false, resume: true },
  { type: 'typing', active: true, sender: 'owner' },
  { type: 'read', seq: 2, sender: 'owner' },
  { type: 'presence', owner: { online: false, name: '' } },
  { type: 'handler', answering: 'nobody' },
  { type: 'erased' },
  { type: 'pong', timestamp },
  { type: 'server_draining', reconnect_after_ms: 5 },
  { type: 'error', code: 'internal', message: 'm', timestamp, retryable: true, ref: 'a' },
];

describe('frames from the server', () => {
  it.each(samples.map((sample) => [sample['type'], sample]))('reads %s', (_, sample) => {
    const frame = JSON.stringify({ ...(sample as object), added_later: 1 });
    expect(readServerMessage(frame)).toMatchObject(sample);
    // The samples are real: the structs of the protocol take them too.
    expect(decodeServerMessage(frame).ok).toBe(true);
  });

  it.each([
    'no json',
    'null',
    '[]',
    '{"type":"__proto__"}',
    '{"type":"toString"}',
    '{"type":"later"}',
    '{"type":"handler","answering":"robot"}',
    '{"type":"chat_message","id":1,"sender":"owner","message":"m","timestamp":"t"}',
    '{"type":"history","messages":[{}],"more":false}',
    '{"type":"chat_message_delta","id":"a","in_reply_to":"b","index":-1,"delta":""}',
  ])('ignores %s', (frame) => {
    expect(readServerMessage(frame)).toBeUndefined();
  });

  it('never throws, whatever a field holds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.string(),
        fc.jsonValue(),
        (sample, key, value) => {
          const keys = Object.keys(sample);
          const field = keys[key.length % keys.length] ?? key;
          readServerMessage(JSON.stringify({ ...sample, [field]: value }));
        },
      ),
    );
    expect(readServerMessage(new ArrayBuffer(2))).toBeUndefined();
  });
});
