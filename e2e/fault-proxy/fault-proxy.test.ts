import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy, type ProxiedConnection } from './fault-proxy.ts';
import { reset } from './proxied-connection.ts';

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

interface Echo {
  readonly port: number;
  readonly sockets: Socket[];
  stop(): Promise<void>;
}

/** A TCP server; what it does with a socket is up to the test, by default it sends back. */
async function startEcho(
  port = 0,
  onSocket: (socket: Socket) => void = (socket) => void socket.pipe(socket),
): Promise<Echo> {
  const sockets: Socket[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
  cleanUp.push(stop);
  return { port: (server.address() as AddressInfo).port, sockets, stop };
}

async function startProxy(port: number, options = {}): Promise<FaultProxy> {
  const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port }, ...options });
  cleanUp.push(() => proxy.close());
  return proxy;
}

interface Client {
  readonly socket: Socket;
  received(): Buffer;
  /** Resolves once so many bytes have come. */
  has(bytes: number): Promise<void>;
  /** How the connection ended: a code where it broke. */
  readonly ended: Promise<string>;
}

async function startClient(proxy: FaultProxy): Promise<Client> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' });
  cleanUp.push(() => void socket.destroy());
  const chunks: Buffer[] = [];
  let error = '';
  let count = 0;
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    count += chunk.length;
  });
  socket.on('error', (failure: NodeJS.ErrnoException) => (error = failure.code ?? 'error'));
  const ended = new Promise<string>((done) => socket.on('close', () => done(error || 'end')));
  const received = (): Buffer => Buffer.concat(chunks);
  await Promise.race([new Promise((done) => socket.once('connect', done)), ended]);
  return {
    socket,
    received,
    async has(bytes) {
      while (count < bytes) await Promise.race([once(socket, 'data'), ended]);
    },
    ended,
  };
}

/** The proxy's end of the newest connection. */
async function newest(proxy: FaultProxy, count = 1): Promise<ProxiedConnection> {
  for (;;) {
    const found = proxy.connections[count - 1];
    if (found) return found;
    await new Promise((done) => setImmediate(done));
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
}

/** Bytes that a sender still holds once nothing moves any more. */
async function heldBack(socket: Socket): Promise<number> {
  for (let before = -1; ;) {
    await new Promise((done) => setTimeout(done, 300));
    if (socket.writableLength === before) return before;
    before = socket.writableLength;
  }
}

async function echoed(options = {}) {
  const echo = await startEcho();
  const proxy = await startProxy(echo.port, options);
  const client = await startClient(proxy);
  const connection = await newest(proxy);
  client.socket.write('hello');
  await client.has(5);
  return { echo, proxy, client, connection };
}

describe('the fault proxy', () => {
  it('passes bytes and ends both ways while nothing is wrong', async () => {
    const { client, proxy, echo } = await echoed();
    const large = Buffer.alloc(3_000_000, 'abcdefg');
    client.socket.end(large);
    await client.has(5 + large.length);
    expect(client.received().subarray(5).equals(large)).toBe(true);
    expect(await client.ended).toBe('end');
    await until(() => proxy.connections.length === 0 && echo.sockets[0]?.destroyed === true);
  });

  it('cuts with a reset on both sides', async () => {
    const { client, connection, echo } = await echoed();
    const server = echo.sockets[0]!;
    const broken = new Promise((done) => server.once('close', done));
    connection.cut();
    expect(await client.ended).toBe('ECONNRESET');
    await broken;
    expect(server.errored).toMatchObject({ code: 'ECONNRESET' });
  });

  it('cuts in the middle of what is sent, after exactly so many bytes', async () => {
    const { client, connection } = await echoed();
    connection.cutAfter('down', 7);
    client.socket.write('0123456789');
    // Node tells a reset that comes together with bytes as an end.
    await client.ended;
    expect(client.received().toString()).toBe('hello0123456');

    const got: Buffer[] = [];
    const sink = await startEcho(0, (socket) => void socket.on('data', (chunk) => got.push(chunk)));
    const proxy = await startProxy(sink.port);
    const other = await startClient(proxy);
    (await newest(proxy)).cutAfter('up', 3);
    other.socket.write('abc');
    other.socket.write('defgh');
    await other.ended;
    await until(
      () => sink.sockets[0]?.destroyed === true || sink.sockets[0]?.readableEnded === true,
    );
    expect(Buffer.concat(got).toString()).toBe('abc');
  });

  it('swallows one direction and keeps the connection, until it is healed by a cut', async () => {
    const { client, connection, echo, proxy } = await echoed();
    const heard: Buffer[] = [];
    echo.sockets[0]!.on('data', (chunk) => heard.push(chunk));
    connection.set('down', { blackHole: true });
    client.socket.write('to the server it goes');
    await until(() => Buffer.concat(heard).length === 21);
    // What follows would have a hole before it, whatever fault comes next.
    connection.set('down', { delayMs: 1 });
    client.socket.write('again');
    await until(() => Buffer.concat(heard).length === 26);
    // Not even the end of the server gets through.
    connection.set('down', { blackHole: true });
    reset(echo.sockets[0]!);
    await new Promise((done) => setTimeout(done, 30));
    expect(client.socket.destroyed).toBe(false);
    expect(client.received().toString()).toBe('hello');
    proxy.heal();
    expect(await client.ended).toBe('ECONNRESET');
  });

  it('delays in order, and lets what waits go when the delay ends', async () => {
    const { client, connection } = await echoed();
    connection.set('up', { delayMs: 20, jitterMs: 60 });
    const words = Array.from({ length: 50 }, (_, index) => `${index} `);
    for (const word of words) {
      client.socket.write(word);
      await new Promise((done) => setImmediate(done));
    }
    await client.has(5 + words.join('').length);
    expect(client.received().toString()).toBe(`hello${words.join('')}`);
    connection.set('up', { delayMs: 3_600_000 });
    client.socket.write('late');
    await new Promise((done) => setTimeout(done, 20));
    connection.heal();
    await client.has(5 + words.join('').length + 4);
  });

  it('throttles to a rate', async () => {
    const { client, connection } = await echoed();
    connection.set('down', { bytesPerSecond: 10_000 });
    const startedMs = performance.now();
    client.socket.write(Buffer.alloc(2_000));
    await client.has(2_005);
    // Never faster; how much slower depends on the machine.
    expect(performance.now() - startedMs).toBeGreaterThan(150);
  });

  it('stalls without losing, and holds the sender back', async () => {
    const { client, connection } = await echoed();
    connection.set('up', { stall: true });
    const large = Buffer.alloc(30_000_000, 'x');
    client.socket.write(large);
    expect(await heldBack(client.socket)).toBeGreaterThan(10_000_000);
    connection.heal();
    await client.has(5 + large.length);
    expect(client.received().length).toBe(5 + large.length);
  });

  it('holds a sender back whose receiver does not read', async () => {
    const echo = await startEcho(0, (socket) => void socket.pause());
    const proxy = await startProxy(echo.port);
    const client = await startClient(proxy);
    client.socket.write(Buffer.alloc(30_000_000));
    expect(await heldBack(client.socket)).toBeGreaterThan(10_000_000);
  });

  it('refuses new connections and gives new ones faults', async () => {
    const { client, proxy } = await echoed();
    proxy.refuseNew(true);
    const refused = await startClient(proxy);
    expect(await refused.ended).toBe('ECONNRESET');
    proxy.refuseNew(false);
    proxy.forNew({ up: { blackHole: true } });
    const deaf = await startClient(proxy);
    deaf.socket.write('unheard');
    client.socket.write('heard');
    await client.has(10);
    expect(deaf.received().length).toBe(0);
    expect(proxy.accepted).toBe(2);
  });

  it('outlives its server on the same port, and closes or keeps clients meanwhile', async () => {
    const { client, proxy, echo } = await echoed();
    await echo.stop();
    await client.ended;
    const closed = await startClient(proxy);
    expect(await closed.ended).toBe('ECONNRESET');
    proxy.whenDown('keep');
    const kept = await startClient(proxy);
    kept.socket.write('anybody?');
    await new Promise((done) => setTimeout(done, 30));
    expect(kept.socket.destroyed).toBe(false);
    await startEcho(echo.port);
    const again = await startClient(proxy);
    again.socket.write('back');
    await again.has(4);
    proxy.heal();
    expect(await kept.ended).toBe('ECONNRESET');
  });

  it('ends all that it holds when it closes', async () => {
    const { client, proxy } = await echoed();
    await proxy.close();
    await client.ended;
    expect(proxy.connections).toEqual([]);
    const late = connect({ port: proxy.port, host: '127.0.0.1' });
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});
