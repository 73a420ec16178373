import { describe, expect, it } from 'vitest';
import { createOriginPolicy, isLoopbackHost } from './origins.ts';

const host = 'chat.example.com';
const own = 'https://chat.example.com/base';

describe('origins', () => {
  it.each([
    ['', true],
    ['https://chat.example.com', true],
    ['http://chat.example.com', true],
    ['https://blog.example.com', false],
    ['https://chat.example.com.evil.example', false],
    ['https://evil.example?chat.example.com', false],
    ['http://localhost:3000', false],
    ['null', false],
    ['https://chat.example.com/', false],
  ])('without a list, off loopback: %j is allowed: %j', (origin, allowed) => {
    expect(
      createOriginPolicy(undefined, { url: own, given: false }, false).allows(origin, host),
    ).toBe(allowed);
  });

  it('goes by the Host header only where it has no address of its own and is not on loopback', () => {
    const called = (given: boolean, loopback: boolean): boolean =>
      createOriginPolicy(undefined, { url: own, given }, loopback).allows(
        'http://other.example:8080',
        'other.example:8080',
      );
    expect(called(false, false)).toBe(true);
    expect(called(true, false)).toBe(false);
    // A stranger's name that points to this machine (DNS rebinding).
    expect(called(false, true)).toBe(false);
  });

  it.each([
    ['http://localhost:3000', true],
    ['http://127.0.0.1:8080', true],
    ['http://[::1]:8080', true],
    ['https://blog.localhost', true],
    ['http://localhost.evil.example', false],
    ['http://127.0.0.1.evil.example', false],
    ['https://blog.example.com', false],
    ['null', false],
    ['file://', false],
    ['nonsense', false],
  ])('without a list, on loopback: %j is allowed: %j', (origin, allowed) => {
    const policy = createOriginPolicy(
      undefined,
      { url: 'http://127.0.0.1:8080', given: false },
      true,
    );
    expect(policy.allows(origin, '127.0.0.1:8080')).toBe(allowed);
  });

  it.each([
    ['', true],
    ['https://blog.example.com', true],
    ['https://blog.example.com:8443', false],
    ['http://blog.example.com', false],
    ['https://www.blog.example.com', false],
    ['http://localhost:3000', false],
    ['null', false],
  ])('with a list: %j is allowed: %j', (origin, allowed) => {
    const policy = createOriginPolicy(
      ['https://blog.example.com'],
      { url: own, given: true },
      true,
    );
    expect(policy.allows(origin, host)).toBe(allowed);
  });

  it('with * any is', () => {
    const policy = createOriginPolicy(['*'], { url: own, given: true }, false);
    expect(policy.allows('https://anything.example', host)).toBe(true);
    expect(policy.allows('null', host)).toBe(true);
  });

  it('know which hosts are this machine', () => {
    for (const name of ['localhost', 'a.localhost', '127.0.0.1', '127.255.0.3', '::1', '[::1]']) {
      expect(isLoopbackHost(name)).toBe(true);
    }
    for (const name of [
      '',
      '0.0.0.0',
      '::',
      '128.0.0.1',
      'localhost.example',
      '127.0.0.1.nip.io',
    ]) {
      expect(isLoopbackHost(name)).toBe(false);
    }
  });
});
