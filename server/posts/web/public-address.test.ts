import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import {
  createAddressGuard,
  isPrivateHost,
  isPublicAddress,
  type Resolve,
} from './public-address.ts';

describe('addresses of the public internet', () => {
  it.each(['1.1.1.1', '93.184.216.34', '2606:4700::1111', '::ffff:1.1.1.1'])(
    '%s is one',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
  it.each([
    ...[
      '127.0.0.1',
      '127.9.9.9',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '0.0.0.0',
    ],
    ...['100.64.0.1', '224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1', '240.0.0.1'],
    ...['::1', '::', 'fe80::1', 'fc00::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
    ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', 'localhost', ''],
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('what may be asked', () => {
  it.each([
    ...[
      'http://127.0.0.1/',
      'http://[::1]/',
      'http://0x7f000001/',
      'http://2130706433/',
      'http://127.1/',
    ],
    ...[
      'http://localhost:3000/',
      'http://LOCALHOST./',
      'http://a.localhost/',
      'http://router.lan/',
    ],
    ...['http://metadata.google.internal/', 'http://blog/', 'http://[::ffff:10.0.0.1]/'],
  ])('%s is private, and refused from a public site', (address) => {
    expect(isPrivateHost(new URL(address))).toBe(true);
    expect(createAddressGuard('https://blog.example.com/').refusal(new URL(address))).toMatch(
      /private/,
    );
  });

  it('lets a private site be read, that host and port and no other', () => {
    const guard = createAddressGuard('http://127.0.0.1:4000/feed.xml');
    expect(guard.refusal(new URL('http://127.0.0.1:4000/a'))).toBeUndefined();
    for (const other of [
      'http://127.0.0.1:4001/',
      'http://127.0.0.1/',
      'http://127.0.0.2:4000/',
      'http://localhost:4000/',
    ]) {
      expect(guard.refusal(new URL(other))).toMatch(/private/);
    }
    expect(guard.refusal(new URL('https://blog.example.com/'))).toBeUndefined();
    expect(guard.refusal(new URL('ftp://blog.example.com/'))).toMatch(/not http/);
  });
});

describe('names', () => {
  const resolveTo =
    (...addresses: string[]): Resolve =>
    (_name, _options, done) =>
      done(
        null,
        addresses.map((address): LookupAddress => ({ address, family: 4 })),
      );
  const look = (typed: string, asked: string, resolve: Resolve): Promise<unknown> =>
    new Promise((done, reject) => {
      const { hostname } = new URL(asked);
      createAddressGuard(typed, resolve).lookupFor(new URL(asked))(
        hostname,
        { all: true },
        (error, found) => (error ? reject(error) : done(found)),
      );
    });

  it('that resolve to private addresses lead nowhere, whenever they do', async () => {
    const typed = 'https://blog.example.com/';
    await expect(look(typed, typed, resolveTo('127.0.0.1'))).rejects.toThrow(/private address/);
    await expect(look(typed, typed, resolveTo('169.254.169.254', '10.0.0.1'))).rejects.toThrow(
      /private/,
    );
    expect(await look(typed, typed, resolveTo('10.0.0.1', '1.1.1.1'))).toEqual([
      { address: '1.1.1.1', family: 4 },
    ]);
  });

  it('of a private network may, where the owner typed them', async () => {
    expect(
      await look('http://blog:4000/', 'http://blog:4000/a', resolveTo('172.18.0.2')),
    ).toHaveLength(1);
    await expect(
      look('http://blog:4000/', 'http://db:4000/', resolveTo('172.18.0.3')),
    ).rejects.toThrow(/private/);
  });
});
