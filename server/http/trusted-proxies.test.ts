import { describe, expect, it } from 'vitest';
import {
  clientAddress,
  isLoopbackKey,
  limitKey,
  parseTrustedProxies,
  type TrustedProxies,
} from './trusted-proxies.ts';

function trusting(value: string): TrustedProxies {
  const parsed = parseTrustedProxies(value);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe('the address of a visitor', () => {
  it.each([
    ['without a proxy', '203.0.113.9', '', '', '203.0.113.9'],
    ['who forges a header', '203.0.113.9', '198.51.100.1', '198.51.100.2', '203.0.113.9'],
    ['behind a proxy', '127.0.0.1', '203.0.113.9', '', '203.0.113.9'],
    ['who forges through a proxy', '127.0.0.1', '198.51.100.1, 203.0.113.9', '', '203.0.113.9'],
    ['behind two proxies', '127.0.0.1', '203.0.113.9, 127.0.0.2', '', '203.0.113.9'],
    ['behind a proxy that says X-Real-IP', '127.0.0.1', '', '203.0.113.9', '203.0.113.9'],
    ['of a proxy that says nothing', '127.0.0.1', '', '', '127.0.0.1'],
    ['whose header is nonsense', '127.0.0.1', '203.0.113.9, unknown', '', '127.0.0.1'],
    ['mapped into IPv6', '::ffff:203.0.113.9', '', '', '203.0.113.9'],
    ['behind a mapped proxy', '::ffff:127.0.0.1', '2001:db8::5', '', '2001:db8::5'],
    ['behind a proxy on ::1', '::1', '203.0.113.9', '', '203.0.113.9'],
  ])('%s', (_who, peer, forwardedFor, realIp, address) => {
    expect(clientAddress(peer, forwardedFor, realIp, trusting('loopback'))).toBe(address);
  });

  it('behind named proxies is the rightmost that is none of them', () => {
    const trusted = trusting('10.0.0.0/8, 2001:db8::/32, 192.0.2.1');
    const chain = '198.51.100.1, 203.0.113.9, 10.1.2.3, 192.0.2.1';
    expect(clientAddress('2001:db8::1', chain, '', trusted)).toBe('203.0.113.9');
    expect(clientAddress('127.0.0.1', chain, '', trusted)).toBe('127.0.0.1');
    expect(clientAddress('10.0.0.1', '10.0.0.2', '', trusted)).toBe('10.0.0.2');
    expect(clientAddress('127.0.0.1', chain, '', trusting('none'))).toBe('127.0.0.1');
  });

  it.each(['localhost', '10.0.0.0/33', '300.1.1.1', '10.0.0.0/8;::1'])(
    'TRUST_PROXY=%s is refused',
    (value) => {
      expect(parseTrustedProxies(value).ok).toBe(false);
    },
  );

  it('counts as one for limits, or as its network of 2^64', () => {
    expect(limitKey('203.0.113.9')).toBe('203.0.113.9');
    expect(limitKey('::ffff:203.0.113.9')).toBe('203.0.113.9');
    expect(limitKey('2001:db8:1:2::5')).toBe(limitKey('2001:db8:1:2:ffff:ffff:ffff:1'));
    expect(limitKey('2001:db8:1:2::5')).not.toBe(limitKey('2001:db8:1:3::5'));
    expect(limitKey('')).toBe('');
  });

  it('is known for one of this machine', () => {
    for (const own of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
      expect(isLoopbackKey(limitKey(own))).toBe(true);
    }
    for (const other of ['203.0.113.9', '10.0.0.1', '2001:db8::1', '1.127.0.0', '']) {
      expect(isLoopbackKey(limitKey(other))).toBe(false);
    }
  });
});
