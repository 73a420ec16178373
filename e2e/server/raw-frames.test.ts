import fc from 'fast-check';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { decodeServerMessage } from '../../shared/codec.ts';
import { fuzzFactor, fuzzSeed } from '../../shared/property-cases.ts';
import { describeFootprint, footprint, footprintEnv, type Footprint } from './raw-footprint.ts';
import { frameAttacks, requestAttacks, type Attack } from './raw-attacks.ts';
import { frameBytes, handshake, readServerBytes, textFrame } from './raw-bytes.ts';
import { carryOut, inParallel, openSocket, type Target } from './raw-socket.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connectHello, now } from './ws-client.ts';

const seed = fuzzSeed ?? Date.now() % 2 ** 31;
/** Connections of a round of each kind; a round before the count warms the server up. */
const counts = { frames: 2_500, requests: 1_500, aborts: 4_000, crowd: 400 };
/**
 * A round whose sessions are not let go leaves 7 MB of heap behind; a server that lets go comes
 * back to within half a megabyte.
 */
const mostHeapGrowthBytes = 3 * 1024 * 1024;
const mostResidentGrowthBytes = 64 * 1024 * 1024;
/** Connections of this test itself that are kept alive. */
const spareFiles = 20;

const patience = { timeout: 60_000, interval: 250 };

async function expectService(server: TestServer): Promise<void> {
  const { client } = await connectHello(server.wsUrl);
  client.send(chat('still there?', 'alive'));
  expect(await client.until('chat_message_received')).toMatchObject({ id: 'alive', seq: 1 });
  client.terminate();
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
}

/** What came back is HTTP and frames that a server may send, with messages of the protocol. */
function expectSound(received: Buffer, statuses: Map<string, number>): void {
  const { status, frames } = readServerBytes(received);
  statuses.set(String(status ?? 'none'), (statuses.get(String(status ?? 'none')) ?? 0) + 1);
  expect(status).not.toBe(500);
  for (const { opcode, payload } of frames) {
    if (opcode === 1) expect(decodeServerMessage(payload.toString())).toMatchObject({ ok: true });
  }
}

/** What no round does without: every byte of a dialogue as the place where the line goes dead. */
function fixedAttacks(): Attack[] {
  const dialogue = Buffer.concat([
    textFrame('{"type":"hello","protocol":1}'),
    textFrame(JSON.stringify({ type: 'chat_message', message: '你好', timestamp: now() })),
    frameBytes({
      ...{ first: 0x88, payload: Buffer.from([3, 232]), mask: new Uint8Array(4) },
      length: 'shortest',
    }),
  ]);
  const opening = Buffer.from(handshake());
  const alone = (text: string): Attack => ({
    ...{ upgrade: 'none', pieces: [Buffer.from(text)], end: 'fin' },
  });
  return [
    alone(handshake().replace('Version: 13', 'Version: 8')),
    alone(handshake().replace('ub25jZQ==', '')),
    alone(handshake('/nowhere')),
    // An upgrade behind requests that are still being answered.
    alone(`${'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(3)}${handshake()}`),
    ...Array.from(opening, (_, at): Attack => ({
      ...{ upgrade: 'none', pieces: [opening.subarray(0, at)], end: 'fin' },
    })),
    ...Array.from(dialogue, (_, at): Attack => ({
      ...{ upgrade: 'first', pieces: [dialogue.subarray(0, at)], end: at % 2 ? 'fin' : 'reset' },
    })),
  ];
}

/** Many that begin and do not go on, all at the same time; a normal client is served meanwhile. */
async function crowd(server: TestServer, target: Target, size: number): Promise<number> {
  const begun: Attack[] = [];
  const opening = Buffer.from(handshake());
  const open = (upgrade: Attack['upgrade'], ...pieces: Buffer[]): void =>
    void begun.push({ upgrade, pieces, end: 'hold' });
  const huge = (length: bigint): Buffer =>
    frameBytes({ first: 0x01, payload: Buffer.alloc(9), mask: new Uint8Array(4), length });
  for (let index = 0; index < size; index += 1) {
    open('none', opening.subarray(0, index % opening.length));
    if (index % 4 === 0) open('first');
    if (index % 4 === 1) open('first', huge(4_000_000n));
    if (index % 4 === 2) open('first', textFrame('{"type":"ping"}').subarray(0, 9));
    if (index % 4 === 3) open('none', Buffer.from('POST /ask HTTP/1.1\r\nHost: a\r\n\r\n{'));
  }
  const held: Socket[] = [];
  await inParallel(begun, 50, async (attack) => {
    const outcome = await carryOut(target, attack);
    if (outcome.held) held.push(outcome.held);
  });
  await expectService(server);
  // Dripped on while others are served: the rest of a handshake, a byte at a time.
  for (const byte of opening.subarray(-30))
    for (const socket of held) socket.write(Buffer.from([byte]));
  await expectService(server);
  for (const [index, socket] of held.entries()) {
    if (index % 2) socket.destroy();
    else socket.resetAndDestroy();
  }
  return begun.length;
}

/** Come and go: before the handshake, after it, and after it was answered. */
async function comeAndGo(target: Target, count: number): Promise<void> {
  await inParallel(
    Array.from({ length: count }, (_, index) => index),
    50,
    async (index) => {
      const socket = await openSocket(target);
      if (!socket) return;
      if (index % 4 > 0) socket.write(handshake());
      if (index % 4 > 1)
        await new Promise((done) => socket.once('readable', done).once('close', done));
      if (index % 4 > 2) socket.write(textFrame('{"type":"hello","protocol":1}'));
      socket.resetAndDestroy();
    },
  );
}

/** @returns how many connections there were */
async function round(server: TestServer, share: number, run: number): Promise<number> {
  const target: Target = { host: '127.0.0.1', port: Number(new URL(server.url).port) };
  const of = (count: number): number => Math.ceil(count * share);
  const attacks = [
    ...fc.sample(frameAttacks, { seed: seed + run, numRuns: of(counts.frames) }),
    ...fc.sample(requestAttacks, { seed: seed + run, numRuns: of(counts.requests) }),
    ...fixedAttacks(),
  ];
  const statuses = new Map<string, number>();
  const held: Socket[] = [];
  let unended = 0;
  await inParallel(attacks, 24, async (attack) => {
    const outcome = await carryOut(target, attack);
    expectSound(outcome.received, statuses);
    if (outcome.neverClosed) unended += 1;
    if (outcome.held) held.push(outcome.held);
    if (held.length > 200) for (const socket of held.splice(0)) socket.resetAndDestroy();
  });
  for (const socket of held) socket.destroy();
  expect(unended).toBe(0);
  // Attacks reached what they were meant for: some upgraded, some were refused.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining(['101', '400', '404', '426']));
  await comeAndGo(target, of(counts.aborts));
  return attacks.length + of(counts.aborts) + (await crowd(server, target, of(counts.crowd)));
}

/** The footprint once every connection of a round is gone. */
async function settled(server: TestServer, before?: Footprint): Promise<Footprint> {
  let found: Footprint | undefined;
  await expect
    .poll(async () => {
      found = await footprint(server);
      return (
        found.connections === 0 && (!before || found.openFiles <= before.openFiles + spareFiles)
      );
    }, patience)
    .toBe(true);
  if (!found) throw new Error('no footprint');
  return found;
}

describe.each(['uws', 'ws'])('hostile bytes on a bare socket, over %s', (transport) => {
  it(
    'neither stop the server nor make it grow, nor keep others from being served [D15]',
    async () => {
      const server = await startTestServer({
        ...{ ANSWERER: 'off', RATE_LIMIT: '1000000/1s', ...footprintEnv },
        CONTACT_CHAT_TRANSPORT: transport === 'ws' ? 'ws' : undefined,
      });
      try {
        await expectService(server);
        await round(server, 0.2, 0);
        const before = await settled(server);
        const connections = await round(server, fuzzFactor, 1);
        const after = await settled(server, before);
        console.log(
          `${connections} hostile connections over ${transport}, seed ${seed}\n` +
            `  before: ${describeFootprint(before)}\n  after:  ${describeFootprint(after)}`,
        );
        expect(after.heapBytes - before.heapBytes).toBeLessThan(mostHeapGrowthBytes);
        expect(after.residentBytes - before.residentBytes).toBeLessThan(mostResidentGrowthBytes);
        await expectService(server);
        expect(server.log()).not.toMatch(
          /"level":[56]0|"level":"(error|fatal)"|uncaught|at .*\.js:\d/i,
        );
        expect((await server.stop()).code).toBe(0);
      } catch (error) {
        console.log(`seed ${seed}; the server wrote last:\n${server.log().slice(-2_000)}`);
        throw error;
      } finally {
        await server.stop();
      }
    },
    180_000 * Math.max(1, fuzzFactor),
  );
});
