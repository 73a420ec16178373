import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyServerMessage, ofAnotherKind, serverMessages } from '../../shared/any-message.ts';
import { damage } from '../../shared/any-mutation.ts';
import { decodeServerMessage } from '../../shared/codec.ts';
import { casesOf, propertyTimeoutMs } from '../../shared/property-cases.ts';
import type { ServerMessage } from '../../shared/protocol.ts';
import { readServerMessage } from './server-message.ts';

/** What the widget never looks at, and so takes in any form. */
const unread: Readonly<Record<ServerMessage['type'], readonly string[]>> = {
  connection_established: ['message', 'client_id', 'timestamp', 'protocol'],
  session: ['client_id', 'ai', 'limits'],
  contact_request_received: ['message', 'request_id', 'status', 'duplicate'],
  chat_message_received: ['message', 'message_id', 'duplicate'],
  chat_message: [],
  chat_message_delta: [],
  history: [],
  typing: [],
  read: [],
  presence: [],
  handler: [],
  erased: [],
  pong: ['timestamp'],
  server_draining: [],
  error: ['timestamp', 'field'],
};

/** A message with one field, perhaps of an inner object, that is missing or of another kind. */
const spoilt = serverMessages.chain((message) => {
  const fields = { ...message } as Record<string, unknown>;
  const { type: _type, ...rest } = fields;
  const names = Object.keys(rest);
  if (names.length === 0) return fc.constant({ message: fields, field: 'type' });
  return fc.constantFrom(...names).chain((field) => {
    const value = fields[field];
    const with_ = (changed: unknown) => ({ message: { ...fields, [field]: changed }, field });
    const edges = typeof value === 'number' ? [-1, 0.5, 1e21] : [];
    const whole = fc.oneof(fc.constantFrom(undefined, ...edges), ofAnotherKind(value)).map(with_);
    const inner = Array.isArray(value) ? (value[0] as unknown) : value;
    if (typeof inner !== 'object' || inner === null) {
      if (!Array.isArray(value) || value.length === 0) return whole;
      const others: readonly unknown[] = value.slice(1);
      const item = ofAnotherKind(inner).map((changed) => with_([changed, ...others]));
      return fc.oneof(whole, item);
    }
    const part = fc.constantFrom(...Object.keys(inner)).chain((name) => {
      const was = (inner as Record<string, unknown>)[name];
      return fc.oneof(fc.constant(undefined), ofAnotherKind(was)).map((changed) => {
        const spoiltInner = { ...inner, [name]: changed };
        return with_(Array.isArray(value) ? [spoiltInner, ...value.slice(1)] : spoiltInner);
      });
    });
    return fc.oneof(whole, part);
  });
});

describe('the small decoder of the widget', () => {
  it('is compared in every type', () => {
    expect(Object.keys(unread).toSorted()).toEqual(Object.keys(anyServerMessage).toSorted());
  });

  it(
    'agrees with the protocol on what is a message, in all that it reads [D18]',
    () => {
      fc.assert(
        fc.property(fc.boolean(), spoilt, serverMessages, (whole, { message, field }, other) => {
          const frame = JSON.stringify(whole ? other : message);
          const decoded = decodeServerMessage(frame);
          const read = readServerMessage(frame);
          if (decoded.ok) return isDeepStrictEqual(read, decoded.value);
          const type = message['type'] as ServerMessage['type'];
          return (read === undefined) !== unread[type].includes(field);
        }),
        casesOf('the two decoders of server messages'),
      );
    },
    propertyTimeoutMs,
  );

  it(
    'takes every damaged frame that the protocol takes, and throws for none [D15]',
    () => {
      fc.assert(
        fc.property(serverMessages, damage, (message, mutate) => {
          const frame = mutate(JSON.stringify(message));
          const decoded = decodeServerMessage(frame);
          const read = readServerMessage(frame);
          if (!decoded.ok) return true;
          return JSON.stringify(read) === JSON.stringify(decoded.value);
        }),
        casesOf('garbage for the widget'),
      );
    },
    propertyTimeoutMs,
  );
});
