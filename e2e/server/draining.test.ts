import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type ServerEnv, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello, contact } from './ws-client.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
});
async function start(env: ServerEnv): Promise<TestServer> {
  return (server = await startTestServer(env));
}

/** A client that comes back as the widget does, and counts what became of it. */
interface Patient {
  readonly toldMs: number | undefined;
  readonly closeCode: number | undefined;
  /** Tries that found nobody listening. */
  readonly refused: number;
  /** Tries in all, after the first connection. */
  readonly tries: number;
  readonly back: Promise<void>;
  stop(): void;
}

/** Resolves when it has its first session. */
function patientClient(url: string): Promise<Patient> {
  const state = {
    toldMs: undefined as number | undefined,
    closeCode: undefined as number | undefined,
  };
  let [refused, tries, attempt] = [0, 0, 0];
  let [stopped, notBeforeMs] = [false, 0];
  let socket: WebSocket;
  let isBack = (): void => undefined;
  const back = new Promise<void>((resolve) => (isBack = resolve));
  return new Promise((resolve) => {
    const again = (code: number): void => {
      if (stopped) return;
      const atOnce = code >= 4200 && attempt === 0;
      const backOffMs = atOnce ? 0 : Math.random() * Math.min(30_000, 500 * 2 ** attempt);
      attempt += 1;
      tries += 1;
      setTimeout(open, Math.max(backOffMs, notBeforeMs - performance.now())).unref();
    };
    const open = (): void => {
      socket = new WebSocket(url, { perMessageDeflate: false });
      socket.on('open', () => socket.send('{"type":"hello","protocol":1,"last_seq":0}'));
      socket.on('error', (error) => {
        if ('code' in error && error.code === 'ECONNREFUSED') refused += 1;
      });
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Record<string, unknown>;
        if (message['type'] === 'server_draining') {
          const afterMs = Number(message['reconnect_after_ms']);
          state.toldMs ??= afterMs;
          notBeforeMs = performance.now() + afterMs;
        }
        if (message['type'] !== 'session') return;
        if (tries > 0) isBack();
        attempt = 0;
        const stop = (): void => {
          stopped = true;
          socket.terminate();
        };
        resolve({
          ...{ back, stop },
          get toldMs() {
            return state.toldMs;
          },
          get closeCode() {
            return state.closeCode;
          },
          get refused() {
            return refused;
          },
          get tries() {
            return tries;
          },
        });
      });
      socket.on('close', (code) => {
        state.closeCode ??= code;
        again(code);
      });
    };
    open();
  });
}

describe.each(['uws', 'ws'])('a server that is replaced, over %s', (transport) => {
  const CONTACT_CHAT_TRANSPORT = transport === 'ws' ? 'ws' : undefined;

  it('sends 2,000 clients to the next one, and no try of theirs is refused [D13]', async () => {
    const running = await start({ ANSWERER: 'off', CONTACT_CHAT_TRANSPORT });
    const clients: Patient[] = [];
    for (let made = 0; made < 2_000; made += 100) {
      const batch = Array.from({ length: 100 }, () => patientClient(running.wsUrl));
      clients.push(...(await Promise.all(batch)));
    }
    const startedMs = performance.now();
    const exit = await running.kill('SIGTERM');
    const stoppedMs = performance.now() - startedMs;
    await running.restart();
    const gapMs = performance.now() - startedMs - stoppedMs;
    await Promise.all(clients.map(({ back }) => back));
    const backMs = performance.now() - startedMs;
    for (const client of clients) client.stop();

    const told = clients.map(({ toldMs }) => toldMs ?? -1);
    const refused = clients.filter((client) => client.refused > 0).length;
    const tries = clients.reduce((sum, client) => sum + client.tries, 0);
    console.log(
      `${transport}: stopped after ${stoppedMs.toFixed(0)} ms, next one up ${gapMs.toFixed(0)} ms later, ` +
        `all back after ${backMs.toFixed(0)} ms; ${tries} tries, refused clients: ${refused}; ` +
        `delays ${Math.min(...told)}–${Math.max(...told)} ms, ${new Set(told).size} different`,
    );
    expect(exit).toEqual({ code: 0, signal: null });
    expect(new Set(clients.map(({ closeCode }) => closeCode))).toEqual(new Set([4200]));
    expect(new Set(told).size).toBe(2_000);
    for (const ms of told) {
      expect(ms).toBeGreaterThanOrEqual(4_000);
      expect(ms).toBeLessThanOrEqual(30_000);
    }
    // Spread: no second of the ten gets much more than a tenth.
    for (let fromMs = 4_000; fromMs < 14_000; fromMs += 1_000) {
      const share = told.filter((ms) => ms >= fromMs && ms < fromMs + 1_000).length;
      expect(share).toBeGreaterThan(150);
      expect(share).toBeLessThan(250);
    }
    // Whoever comes when the next server is up finds it, at the first try; on a machine that takes
    // longer than the shortest delay to start it, those before have to try again.
    const patient = clients.filter(({ toldMs = 0 }) => toldMs > stoppedMs + gapMs);
    expect(patient.filter(({ refused: times, tries: own }) => times > 0 || own !== 1)).toEqual([]);
  }, 180_000);

  it('acknowledges what it stored and stores what it acknowledges, while clients write [D1] [D13]', async () => {
    const running = await start({
      RATE_LIMIT: '100000/1s',
      DEFAULT_LANG: 'en',
      CONTACT_CHAT_TRANSPORT,
    });
    const writers = await Promise.all(
      Array.from({ length: 20 }, async () => ({ ...(await connectHello(running.wsUrl)), sent: 0 })),
    );
    let writing = true;
    const done = Promise.all(
      writers.map(async (writer) => {
        while (writing) {
          const id = `q${(writer.sent += 1)}`;
          writer.client.send(writer.sent % 2 ? contact(`note ${id}`, id) : chat(`How? ${id}`, id));
          await delay(5);
        }
      }),
    );
    await delay(500);
    const exiting = running.kill('SIGTERM');
    await Promise.all(writers.map(({ client }) => client.closed));
    writing = false;
    await done;
    expect((await exiting).code).toBe(0);
    await running.restart();
    for (const { client, session, sent } of writers) {
      expect((await client.closed).code).toBe(4200);
      expect(client.received.filter(({ type }) => type === 'server_draining')).toHaveLength(1);
      expect(client.received.at(-1)?.type).toBe('server_draining');
      const acknowledged = client.received.flatMap((message) =>
        message.type === 'chat_message_received' || message.type === 'contact_request_received'
          ? [message.id]
          : [],
      );
      const again = await connectHello(running.wsUrl, { token: session.token, last_seq: 0 });
      const messages = [...again.messages];
      const asked = messages.filter(({ sender }) => sender === 'visitor');
      // Nothing half: all that was stored was acknowledged, since the server waited for it.
      expect(asked.map(({ id }) => id)).toEqual(acknowledged);
      expect(acknowledged.length).toBeLessThanOrEqual(sent);
      expect(acknowledged.length).toBeGreaterThan(0);
      // And what the old server did not answer any more, the next one does.
      const questions = asked.filter(({ kind }) => kind === undefined).map(({ id }) => `ai:${id}`);
      const answers = (): string[] =>
        messages.flatMap((one) => (one.sender === 'assistant' ? [one.id] : []));
      while (answers().length < questions.length) {
        // Whoever waits is also told that somebody is writing.
        messages.push(await again.client.until('chat_message'));
      }
      expect(answers()).toEqual(questions);
      await again.client.close();
    }
  }, 120_000);

  it('has ended within 30 s, whoever does not read and whatever is being answered [D13]', async () => {
    const running = await start({
      ANSWERER: 'off',
      RATE_LIMIT: '100000/1s',
      CONTACT_CHAT_TRANSPORT,
    });
    const writer = await connectHello(running.wsUrl);
    const hello = { token: writer.session.token, last_seq: 0 };
    const slow = await Promise.all(
      Array.from({ length: 10 }, () => connectHello(running.wsUrl, hello)),
    );
    for (const { client } of slow) client.stopReading();
    for (let index = 1; index <= 700; index += 1) {
      writer.client.send(contact('中'.repeat(4_000), `m${index}`));
      await writer.client.until('contact_request_received', ({ id }) => id === `m${index}`);
    }
    const exiting = running.kill('SIGTERM');
    // Slow ones are waited for a while; meanwhile whoever comes is let in and sent on.
    await expect
      .poll(async () => (await fetch(`${running.url}/readyz`)).status, { interval: 20 })
      .toBe(503);
    const late = await connect(running.wsUrl);
    const silent = await connect(running.wsUrl);
    late.send({ type: 'hello', protocol: 1, token: writer.session.token, last_seq: 3 });
    await late.next('connection_established');
    const { reconnect_after_ms: afterMs } = await late.next('server_draining');
    expect(afterMs).toBeGreaterThanOrEqual(4_000);
    expect((await late.closed).code).toBe(4200);
    // The test server sends SIGKILL after 45 s.
    expect(await exiting).toEqual({ code: 0, signal: null });
    expect((await silent.closed).code).toBe(4200);
    expect((await writer.client.closed).code).toBe(4200);
    await running.restart();
    for (const { client, session } of slow) {
      client.read();
      await client.closed;
      const seen = client.received.flatMap((one) => (one.type === 'chat_message' ? [one.seq] : []));
      expect(seen).toEqual(seen.map((_, at) => at + 1));
      const back = { token: session.token, last_seq: seen.length, epoch: session.epoch };
      const again = await connectHello(running.wsUrl, back);
      expect(again.session.resumed).toBe(true);
      expect(again.messages).toHaveLength(700 - seen.length);
      await again.client.close();
    }
  }, 180_000);
});
