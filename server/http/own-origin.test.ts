import { describe, expect, it } from 'vitest';
import { isOwnOrigin } from './own-origin.ts';

describe("the server's own origin", () => {
  const cases: readonly (readonly [
    string,
    { url: string; given: boolean; loopback: boolean },
    string,
    string,
    boolean,
  ])[] = [
    [
      'as configured',
      { url: 'https://a.example/chat', given: true, loopback: true },
      'https://a.example',
      'x',
      true,
    ],
    [
      'called otherwise',
      { url: 'https://a.example', given: true, loopback: false },
      'http://10.0.0.2:8080',
      '10.0.0.2:8080',
      false,
    ],
    [
      'loopback beside a configured address',
      { url: 'https://a.example', given: true, loopback: true },
      'http://127.0.0.1:8080',
      '127.0.0.1:8080',
      false,
    ],
    [
      'not configured, as called',
      { url: 'http://0.0.0.0:8080', given: false, loopback: false },
      'http://10.0.0.2:8080',
      '10.0.0.2:8080',
      true,
    ],
    [
      'not configured, another than called',
      { url: 'http://0.0.0.0:8080', given: false, loopback: false },
      'http://10.0.0.3:8080',
      '10.0.0.2:8080',
      false,
    ],
    [
      'loopback by another name',
      { url: 'http://127.0.0.1:8080', given: false, loopback: true },
      'http://localhost:8080',
      'localhost:8080',
      true,
    ],
    [
      'another program on loopback',
      { url: 'http://127.0.0.1:8080', given: false, loopback: true },
      'http://localhost:3000',
      'localhost:8080',
      false,
    ],
    [
      'a name that points to loopback',
      { url: 'http://127.0.0.1:8080', given: false, loopback: true },
      'http://evil.example:8080',
      'evil.example:8080',
      false,
    ],
    [
      'a configured loopback address by another name',
      { url: 'http://localhost:8080', given: true, loopback: false },
      'http://127.0.0.1:9090',
      '127.0.0.1:9090',
      true,
    ],
    [
      'a configured loopback address by a stranger’s name',
      { url: 'http://localhost:8080', given: true, loopback: false },
      'http://evil.example',
      'evil.example',
      false,
    ],
    ['none', { url: 'http://127.0.0.1:8080', given: false, loopback: true }, 'null', 'null', false],
  ];
  it.each(cases)('%s', (_, { url, given, loopback }, origin, host, own) => {
    const options = { publicUrl: () => url, publicUrlGiven: given, loopback };
    expect(isOwnOrigin(origin, host, options)).toBe(own);
  });
});
