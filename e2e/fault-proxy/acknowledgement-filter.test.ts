import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAcknowledgementFilter } from './acknowledgement-filter.ts';

const upgraded = Buffer.from(
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
);

/** One unmasked frame as a server sends it. */
function frame(payload: string | Buffer, options: { opcode?: number; final?: boolean } = {}) {
  const { opcode = 1, final = true } = options;
  const body = Buffer.from(payload);
  const first = (final ? 0x80 : 0) | opcode;
  if (body.length < 126) return Buffer.concat([Buffer.from([first, body.length]), body]);
  if (body.length < 65_536) {
    const header = Buffer.from([first, 126, 0, 0]);
    header.writeUInt16BE(body.length, 2);
    return Buffer.concat([header, body]);
  }
  const header = Buffer.alloc(10);
  header.set([first, 127]);
  header.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([header, body]);
}

const acknowledgement = (id: string, padding = 0): Buffer =>
  frame(
    JSON.stringify({ type: 'chat_message_received', id, seq: 1, message: 'x'.repeat(padding) }),
  );
const answer = (text: string): Buffer =>
  frame(JSON.stringify({ type: 'chat_message', message: text }));

function run(chunks: readonly Buffer[], dropping = true): Buffer {
  const filter = createAcknowledgementFilter();
  filter.dropping = dropping;
  return Buffer.concat(chunks.flatMap((chunk) => filter.push(chunk)));
}

/** The bytes in pieces that end at these places. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % bytes.length))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length));
}

describe('the filter of acknowledgements', () => {
  const parts = [
    upgraded,
    answer('before'),
    acknowledgement('short'),
    frame('', { opcode: 9 }),
    acknowledgement('of two bytes of length', 300),
    answer('y'.repeat(70_000)),
    acknowledgement('of eight bytes of length', 70_000),
    frame('{"type":"contact_request_received"'),
    frame('{"type":"contact_request_received"}'),
    frame(Buffer.from('\x03\xe8', 'latin1'), { opcode: 8 }),
  ];
  const dropped = new Set([2, 4, 6, 8]);
  const kept = Buffer.concat(parts.filter((_, index) => !dropped.has(index)));

  it('leaves out those messages alone, wherever chunks begin and end', () => {
    const whole = Buffer.concat(parts);
    expect(run([whole]).equals(kept)).toBe(true);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (places) => {
        expect(run(cutAt(whole, places)).equals(kept)).toBe(true);
      }),
      { numRuns: 60 },
    );
    const small = Buffer.concat(parts.slice(0, 4));
    const bytes = Array.from(small, (_, index) => small.subarray(index, index + 1));
    expect(run(bytes).equals(Buffer.concat([parts[0]!, parts[1]!, parts[3]!]))).toBe(true);
  });

  it('passes every byte at once while it drops nothing', () => {
    const whole = Buffer.concat(parts);
    const filter = createAcknowledgementFilter();
    // Only a header waits until it is whole.
    for (const end of [upgraded.length, upgraded.length + 10]) {
      const from = end === upgraded.length ? 0 : upgraded.length;
      expect(Buffer.concat(filter.push(whole.subarray(from, end))).length).toBe(end - from);
    }
    expect(run([whole], false).equals(whole)).toBe(true);
  });

  it('drops from the next message on when it is told to within one', () => {
    const filter = createAcknowledgementFilter();
    const one = acknowledgement('one');
    const out = [...filter.push(upgraded), ...filter.push(one.subarray(0, 9))];
    filter.dropping = true;
    out.push(...filter.push(one.subarray(9)), ...filter.push(acknowledgement('two')));
    filter.dropping = false;
    out.push(...filter.push(acknowledgement('three')));
    expect(
      Buffer.concat(out).equals(Buffer.concat([upgraded, one, acknowledgement('three')])),
    ).toBe(true);
    expect(filter.dropped).toBe(1);
  });

  it('reads messages in several frames, with control frames in between', () => {
    const [first, second] = ['{"type":"chat_mess', 'age_received"}'];
    const ping = frame('p', { opcode: 9 });
    const out = run([
      upgraded,
      frame(first, { final: false }),
      ping,
      frame(second, { opcode: 0 }),
      frame('{"type":"pong', { final: false }),
      frame('"}', { opcode: 0 }),
    ]);
    const rest = [frame('{"type":"pong', { final: false }), frame('"}', { opcode: 0 })];
    expect(out.equals(Buffer.concat([upgraded, ping, ...rest]))).toBe(true);
  });

  it('lets compressed frames, binary frames and plain HTTP pass', () => {
    const compressed = acknowledgement('z');
    compressed[0] = 0xc1;
    const binary = frame('{"type":"chat_message_received"}', { opcode: 2 });
    const out = run([upgraded, compressed, binary]);
    expect(out.equals(Buffer.concat([upgraded, compressed, binary]))).toBe(true);
    const http = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n');
    const more = [http, acknowledgement('a'), Buffer.from('HTTP/1.1 101 x\r\n\r\n')];
    expect(run(more).equals(Buffer.concat(more))).toBe(true);
  });
});
