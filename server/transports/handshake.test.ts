import { describe, expect, it } from 'vitest';
import { addressText, withoutMapping } from './addresses.ts';
import { judgeHandshake, sendableCloseCode, sendableReason } from './handshake.ts';

const good = { upgrade: 'WebSocket', key: 'dGhlIHNhbXBsZSBub25jZQ==', version: '13' };
const judge = (headers: Partial<typeof good>, method = 'GET', path = '/contact') =>
  judgeHandshake(method, path, { ...good, ...headers }, (name) => name === '/contact');

describe('judgeHandshake', () => {
  it('accepts what RFC 6455 asks for', () => {
    expect(judge({})).toBe('accept');
  });

  it('tells what is none from what is a bad one', () => {
    expect(judge({ upgrade: '' })).toBe('plain');
    expect(judge({ upgrade: 'h2c' })).toBe('plain');
    expect(judge({}, 'GET', '/contact/')).toBe(404);
    expect(judge({ key: 'x' }, 'GET', '/other')).toBe(404);
    expect(judge({ key: 'dGhlIHNhbXBsZSBub25jZQ=' })).toBe(400);
    expect(judge({}, 'POST')).toBe(400);
    expect(judge({ version: '8' })).toBe(426);
  });
});

describe('what a close frame says', () => {
  it.each([
    [1000, 1000],
    [1004, 1011],
    [1005, 1011],
    [1006, 1011],
    [1015, 1011],
    [999, 1011],
    [2999, 1011],
    [3000, 3000],
    [4201, 4201],
    [5000, 1011],
  ])('code %i is sent as %i', (code, sent) => {
    expect(sendableCloseCode(code)).toBe(sent);
  });

  it('fits 123 bytes without half a character', () => {
    expect(sendableReason('x'.repeat(123))).toHaveLength(123);
    expect(sendableReason('x'.repeat(122) + 'ß')).toBe('x'.repeat(122));
    expect(sendableReason('👋'.repeat(40))).toBe('👋'.repeat(30));
  });
});

describe('addresses of peers', () => {
  const text = (hex: string): string => addressText(Buffer.from(hex, 'hex'));

  it('are written as in RFC 5952', () => {
    expect(text('7f000001')).toBe('127.0.0.1');
    expect(text('00000000000000000000000000000001')).toBe('::1');
    expect(text('00000000000000000000000000000000')).toBe('::');
    expect(text('20010db8000000000001000000000001')).toBe('2001:db8::1:0:0:1');
    expect(text('20010db8000000010001000100010001')).toBe('2001:db8:0:1:1:1:1:1');
    expect(text('fe80000000000000000000000000abcd')).toBe('fe80::abcd');
    expect(text('20010db8000100020003000400050000')).toBe('2001:db8:1:2:3:4:5:0');
  });

  it('are IPv4 addresses where they came over IPv4, and empty for a peer that is gone', () => {
    expect(text('00000000000000000000ffffcb007107')).toBe('203.0.113.7');
    expect(withoutMapping('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(withoutMapping('2001:db8::1')).toBe('2001:db8::1');
    expect(text('')).toBe('');
  });
});
