/** Arbitrary hostile connections: what is sent, in which pieces, and how it ends. */
import fc from 'fast-check';
import { clientMessages } from '../../shared/any-message.ts';
import { damage } from '../../shared/any-mutation.ts';
import { frameBytes, handshake, textFrame, type RawFrame } from './raw-bytes.ts';

export interface Attack {
  /** `pipelined`: the first frames come with the handshake, before it is answered. */
  readonly upgrade: 'first' | 'pipelined' | 'none';
  /** Sent one by one, so that the peer reads them one by one. */
  readonly pieces: readonly Buffer[];
  /** `hold` leaves it open until many such are. */
  readonly end: 'fin' | 'reset' | 'hold';
}

const end = fc.constantFrom('fin' as const, 'fin' as const, 'reset' as const, 'hold' as const);
const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const mask = fc.uint8Array({ minLength: 4, maxLength: 4 });

/** Bytes cut at some places; rarely at every one. */
const inPieces = (whole: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer[]> =>
  fc
    .tuple(whole, fc.array(fc.nat(9_999), { maxLength: 4 }), fc.nat(19))
    .map(([all, cuts, drip]) => {
      if (drip === 0) return Array.from(all.subarray(0, 200), (_, at) => all.subarray(at, at + 1));
      const places = cuts
        .map((cut) => Math.floor((cut * all.length) / 10_000))
        .toSorted((a, b) => a - b);
      return [0, ...places].map((at, index) => all.subarray(at, places[index] ?? all.length));
    });

// ── frames ───────────────────────────────────────────────────────────────────────────────────

const invalidUtf8 = [
  'c328',
  'eda080',
  'f4908080',
  'f8888080',
  'c080',
  'ff',
  '80',
  'f09f98',
  'e4b8',
];
const json = clientMessages.map((message) => JSON.stringify(message));
const text = fc.oneof(
  json,
  fc.tuple(json, damage).map(([whole, mutate]) => mutate(whole)),
);
const closePayload = fc
  .tuple(
    fc.constantFrom(0, 1, 999, 1000, 1001, 1004, 1005, 1006, 1015, 2999, 3000, 4999, 5000, 65_535),
    bytes(140),
    fc.nat(4),
  )
  .map(([code, reason, cut]) => {
    const whole = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), reason]);
    return cut < 3 ? whole.subarray(0, cut) : whole;
  });
const payload: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 5, arbitrary: text.map((value) => Buffer.from(value)) },
  { weight: 2, arbitrary: bytes(300) },
  { weight: 2, arbitrary: closePayload },
  { weight: 2, arbitrary: fc.constantFrom(...invalidUtf8).map((hex) => Buffer.from(hex, 'hex')) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(126, 65_535, 65_536, 70_000, 200_000), fc.nat(255))
      .map(([length, byte]) => Buffer.alloc(length, byte)),
  },
);

const lies = [
  0n,
  1n,
  125n,
  126n,
  65_535n,
  65_536n,
  4_194_303n,
  4_194_305n,
  2n ** 31n,
  2n ** 32n - 1n,
];
const hugeLies = [2n ** 32n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
const frame: fc.Arbitrary<RawFrame> = fc.record({
  first: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0x81) },
    { weight: 4, arbitrary: fc.constantFrom(0x01, 0x00, 0x80, 0x82, 0x88, 0x89, 0x8a, 0x09, 0x08) },
    { weight: 1, arbitrary: fc.constantFrom(0xc1, 0xa1, 0x91, 0x83, 0x8b, 0x8f, 0xf1) },
    { weight: 1, arbitrary: fc.nat(255) },
  ),
  payload,
  mask: fc.oneof({ weight: 9, arbitrary: mask }, { weight: 1, arbitrary: fc.constant(undefined) }),
  length: fc.oneof(
    { weight: 12, arbitrary: fc.constant('shortest' as const) },
    { weight: 2, arbitrary: fc.constantFrom('16 bits' as const, '64 bits' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...lies, ...hugeLies) },
  ),
});

/** A text in fragments cut anywhere, within characters too, with pings between them. */
const fragmented = fc
  .tuple(text, fc.array(fc.nat(9_999), { minLength: 1, maxLength: 6 }), fc.nat(9), mask)
  .map(([value, cuts, fault, key]) => {
    const whole = Buffer.from(value);
    // At times a byte is damaged, so that what only the whole can tell is wrong.
    if (fault === 0 && whole.length > 0) whole[whole.length >> 1] = 0xff;
    const places = cuts
      .map((cut) => Math.floor((cut * whole.length) / 10_000))
      .toSorted((a, b) => a - b);
    const parts = [0, ...places].map((at, index) =>
      frameBytes({
        first: (index === 0 ? 1 : 0) | (index === places.length && fault !== 1 ? 0x80 : 0),
        payload: whole.subarray(at, places[index] ?? whole.length),
        mask: key,
        length: 'shortest',
      }),
    );
    const ping = frameBytes({
      first: 0x89,
      payload: Buffer.from('?'),
      mask: key,
      length: 'shortest',
    });
    return Buffer.concat(parts.flatMap((part) => (fault > 6 ? [part, ping] : [part])));
  });

const dialogue = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: frame.map(frameBytes) },
      { weight: 2, arbitrary: fragmented },
      { weight: 2, arbitrary: text.map(textFrame) },
      { weight: 1, arbitrary: bytes(200) },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => Buffer.concat(parts));

/** After a handshake: frames of all kinds, right ones among them. */
export const frameAttacks: fc.Arbitrary<Attack> = fc.record({
  upgrade: fc.constantFrom('first' as const, 'first' as const, 'pipelined' as const),
  pieces: inPieces(dialogue),
  end,
});

// ── requests ─────────────────────────────────────────────────────────────────────────────────

const lines = handshake().trimEnd().split('\r\n');
const oddLines = [
  ...[
    'Host: a',
    'Host: ',
    'Host: a\r\nHost: b',
    'Sec-WebSocket-Version: 12',
    ': empty',
    'no colon',
  ],
  ...['Sec-WebSocket-Version: 13, 8', 'Sec-WebSocket-Key: short', 'Sec-WebSocket-Key: ', ' folded'],
  ...[
    'Sec-WebSocket-Protocol: a, b',
    'Sec-WebSocket-Extensions: permessage-deflate; x="',
    'A\0: b',
  ],
  ...[
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Upgrade: h2c',
  ],
  ...['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 4', 'Expect: x'],
  ...[
    'Connection: close',
    'Connection: keep-alive, Upgrade',
    'Origin: null',
    'Origin: https://\u00ff',
  ],
  ...[
    'X-Forwarded-For: 1.2.3.4, , "',
    'Forwarded: for=_x;by=";',
    'Cookie: \u0080\u00ff',
    'X:\tx\n',
  ],
  ...[`X-Long: ${'x'.repeat(20_000)}`, `${'X: y\r\n'.repeat(300)}Z: z`, 'Accept-Language: *;q=x,,'],
];
const firstLines = [
  ...['GET /contact', 'GET /contact HTTP/0.9', 'GET /contact HTTP/1.0', 'GET /contact HTTP/2.0'],
  ...[
    'PRI * HTTP/2.0',
    'GET http://evil/contact HTTP/1.1',
    'GET //contact HTTP/1.1',
    'GET  HTTP/1.1',
  ],
  ...[
    'POST /contact HTTP/1.1',
    'CONNECT 127.0.0.1:1 HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'get / HTTP/1.1',
  ],
  ...[
    'GET /contact?c=%00%ff%zz HTTP/1.1',
    'GET /../../etc/passwd HTTP/1.1',
    'GET /%2e%2e/x HTTP/1.1',
  ],
  ...[
    `GET /${'a'.repeat(15_000)} HTTP/1.1`,
    'POST /ask HTTP/1.1',
    'HEAD /contact-chat.js HTTP/1.1',
  ],
  ...['DELETE /api/conversations/%00 HTTP/1.1', 'GET /healthz HTTP/1.1', 'BREW /pot HTTP/1.1'],
];
type Edit = (all: readonly string[]) => readonly string[];
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.nat(5).map(
    (at): Edit =>
      (all) =>
        all.toSpliced(at, 1),
  ),
  fc.tuple(fc.nat(6), fc.constantFrom(...oddLines)).map(
    ([at, line]): Edit =>
      (all) =>
        all.toSpliced(Math.max(1, at), 0, line),
  ),
  fc.constantFrom(...firstLines).map(
    (line): Edit =>
      (all) =>
        all.toSpliced(0, 1, line),
  ),
  fc.nat(5).map(
    (at): Edit =>
      (all) =>
        all.toSpliced(at, 0, all[at] ?? ''),
  ),
);
const request = fc
  .tuple(
    fc.array(edit, { maxLength: 3 }),
    fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r', '\r\n\r\n'),
    fc.constantFrom(
      '',
      '',
      'hello',
      '0\r\n\r\n',
      '5\r\nhello\r\n0\r\n\r\n',
      'ffffffffffffffff\r\n',
      handshake(),
    ),
  )
  .map(([edits, separator, body]) => {
    const all = edits.reduce<readonly string[]>((now, change) => change(now), lines);
    return Buffer.from(`${all.join(separator)}${separator}${separator}${body}`, 'latin1');
  });
const cutOff = fc
  .tuple(request, fc.nat(9_999))
  .map(([whole, share]) => whole.subarray(0, Math.floor((share * whole.length) / 10_000)));

/** Before or instead of a handshake: wrong ones, half ones, several at once, noise. */
export const requestAttacks: fc.Arbitrary<Attack> = fc.record({
  upgrade: fc.constant('none' as const),
  pieces: inPieces(
    fc.oneof(
      { weight: 4, arbitrary: request },
      { weight: 2, arbitrary: cutOff },
      { weight: 1, arbitrary: fc.tuple(request, request).map((both) => Buffer.concat(both)) },
      { weight: 1, arbitrary: bytes(600) },
    ),
  ),
  end,
});
