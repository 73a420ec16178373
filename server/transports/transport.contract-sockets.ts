import { describe, expect, it } from 'vitest';
import type { Transport, UpgradeRequest } from '../transport-ports.ts';
import {
  closeOf,
  eventually,
  maxFrameBytes,
  nextMessage,
  opened,
  record,
  refusalOf,
} from './transport.contract-harness.ts';

export function describeSockets(load: () => Promise<Transport>): void {
  describe('sockets', () => {
    it('carries text both ways, whole and in order', async () => {
      const recorder = await record(await load(), {
        handlers: { text: (socket, _data, text) => void socket.send(`echo ${text}`) },
      });
      const client = await opened(recorder);
      for (const text of ['a', '', '你好 👋 ß', '\u0000\ufeff', 'x'.repeat(maxFrameBytes)]) {
        client.send(text);
        expect(await nextMessage(client)).toBe(`echo ${text}`);
      }
      const lengths = recorder.seen().map((event) => event[2]);
      expect(lengths).toEqual([undefined, 1, 0, 14, 4, maxFrameBytes]);
    });

    it('joins the fragments of a message', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      client.send('one ', { fin: false });
      client.ping();
      client.send('two ', { fin: false });
      client.send('three', { fin: true });
      await eventually(() => expect(recorder.seen()).toContainEqual(['text', 'one two three', 13]));
    });

    it('tells binary and too large messages from text, and lives on', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      client.send(Buffer.from([1, 2, 3]));
      client.send('ß'.repeat(maxFrameBytes / 2) + 'x');
      client.send(Buffer.alloc(maxFrameBytes + 1));
      client.send('y'.repeat(2 * 1024 * 1024));
      client.send('after');
      await eventually(() =>
        expect(recorder.seen()).toEqual([
          ['open'],
          ['binary'],
          ['tooLarge'],
          ['binary'],
          ['tooLarge'],
          ['text', 'after', 5],
        ]),
      );
    });

    it('reports pings and pongs as signs of life', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      client.ping();
      await eventually(() => expect(recorder.seen()).toEqual([['open'], ['alive']]));
      const pinged = new Promise((resolve) => client.once('ping', resolve));
      (await recorder.socket()).ping();
      await pinged;
      await eventually(() => expect(recorder.seen()).toEqual([['open'], ['alive'], ['alive']]));
    });

    it('hands over what a handshake says', async () => {
      const requests: (Omit<UpgradeRequest, 'header'> & { readonly headers: string[] })[] = [];
      const recorder = await record(await load(), {
        handlers: {
          upgrade: ({ path, query, peerAddress, header }) => {
            const headers = ['origin', 'User-Agent', 'x-absent'].map((name) => header(name));
            return requests.push({ path, query, peerAddress, headers });
          },
        },
      });
      const headers = { 'User-Agent': 'a client' };
      await opened(recorder, '/contact?c=%E4%BD%A0&d', { origin: 'https://a.example', headers });
      await opened(recorder, '/contact');
      expect(requests).toEqual([
        {
          path: '/contact',
          query: 'c=%E4%BD%A0&d',
          peerAddress: '127.0.0.1',
          headers: ['https://a.example', 'a client', ''],
        },
        { path: '/contact', query: '', peerAddress: '127.0.0.1', headers: ['', '', ''] },
      ]);
    });

    it('refuses a WebSocket at any other path with 404', async () => {
      const recorder = await record(await load());
      expect(await refusalOf(recorder.client('/elsewhere'))).toBe(404);
      expect(await refusalOf(recorder.client('/contact/x'))).toBe(404);
    });

    it('selects none of the subprotocols that a client offers', async () => {
      const recorder = await record(await load());
      const client = recorder.client('/contact', {}, ['chat', 'other']);
      const response = await new Promise<{ headers: Record<string, unknown> }>((resolve) =>
        client.once('upgrade', resolve),
      );
      expect(response.headers).not.toHaveProperty('sec-websocket-protocol');
      expect(response.headers).not.toHaveProperty('sec-websocket-extensions');
    });

    it('closes with the code and reason of the server, and reports it once', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      const closed = closeOf(client);
      const socket = await recorder.socket();
      socket.send('last words');
      socket.close(4200, 'draining');
      socket.close(1000, 'again');
      expect(socket.send('too late')).toBe(false);
      socket.ping();
      socket.terminate();
      expect(socket.bufferedBytes()).toBe(0);
      expect(await closed).toEqual([4200, 'draining']);
      expect(recorder.seen()).toEqual([['open'], ['close', 4200]]);
      expect(recorder.stages).toEqual([]);
    });

    it('reports nothing of a peer after its close', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      const closed = closeOf(client);
      (await recorder.socket()).close(1000, '');
      client.send('crossing the close');
      await closed;
      await opened(recorder);
      expect(recorder.seen()).toEqual([['open'], ['close', 1000]]);
    });

    it('survives codes and reasons that fit no close frame', async () => {
      const recorder = await record(await load());
      const first = closeOf(await opened(recorder));
      (await recorder.socket(0)).close(1006, '你'.repeat(60));
      expect(await first).toEqual([1011, '你'.repeat(41)]);
    });

    it('lets an open handler close at once, and the client sees the code', async () => {
      const recorder = await record(await load(), {
        handlers: { open: (socket) => socket.close(4003, 'forbidden') },
      });
      expect(await closeOf(recorder.client())).toEqual([4003, 'forbidden']);
      expect(recorder.seen()).toEqual([['open'], ['close', 4003]]);
    });

    it.each([[1000], [1001], [4321]])(
      'reports the code %i of a client that closes',
      async (code) => {
        const recorder = await record(await load());
        const client = await opened(recorder);
        client.close(code, 'bye');
        expect((await closeOf(client))[0]).toBe(code);
        await eventually(() => expect(recorder.seen()).toEqual([['open'], ['close', code]]));
      },
    );

    it('reports 1006 for a connection that breaks, on either side', async () => {
      const recorder = await record(await load());
      (await opened(recorder)).terminate();
      await eventually(() => expect(recorder.seen(0)).toEqual([['open'], ['close', 1006]]));
      const closed = closeOf(await opened(recorder));
      (await recorder.socket(1)).terminate();
      expect((await closed)[0]).toBe(1006);
      expect(recorder.seen(1)).toEqual([['open'], ['close', 1006]]);
    });

    it.each(['upgrade', 'open', 'text', 'binary', 'tooLarge', 'alive', 'close'] as const)(
      'outlives a handler that throws: %s',
      async (handler) => {
        let broken = true;
        const recorder = await record(await load(), {
          handlers: {
            [handler]: () => {
              if (broken) throw new Error('a bug');
              return 0;
            },
          },
        });
        const client = recorder.client();
        const outcome =
          handler === 'upgrade' ? refusalOf(client) : closeOf(client).then(([code]) => code);
        client.on('open', () => {
          client.send('text');
          client.send(Buffer.from('binary'));
          client.send('x'.repeat(maxFrameBytes + 1));
          client.ping();
          if (handler === 'close') client.close(1000);
        });
        expect(await outcome).toBe(handler === 'upgrade' ? 500 : handler === 'close' ? 1000 : 1011);
        await eventually(() => expect(recorder.stages).toHaveLength(1));
        broken = false;
        const next = await opened(recorder);
        next.send('still here');
        const connection = handler === 'upgrade' ? 0 : 1;
        await eventually(() =>
          expect(recorder.seen(connection)).toContainEqual(['text', 'still here', 10]),
        );
      },
    );
  });

  describe('a peer that reads slowly', () => {
    it('is visible in bufferedBytes and drain, and gets everything in the end', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      client.pause();
      const socket = await recorder.socket();
      const frame = 'z'.repeat(60_000);
      let sent = 0;
      // The buffers of the operating system swallow the first megabytes.
      while (socket.bufferedBytes() < 1_000_000 && sent < 1000) {
        expect(socket.send(frame)).toBe(true);
        sent += 1;
        if (sent % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(socket.bufferedBytes()).toBeGreaterThanOrEqual(1_000_000);
      let got = 0;
      client.on('message', (data: Buffer) => {
        if (data.length === frame.length) got += 1;
      });
      client.resume();
      await eventually(() => expect(got).toBe(sent));
      await eventually(() => expect(socket.bufferedBytes()).toBe(0));
      expect(recorder.seen()).toContainEqual(['drain']);
      const closed = closeOf(client);
      socket.close(1000, '');
      expect((await closed)[0]).toBe(1000);
    });

    it('gets what was queued before a close', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      client.pause();
      const socket = await recorder.socket();
      for (let count = 0; count < 150; count += 1) socket.send('q'.repeat(60_000));
      expect(socket.bufferedBytes()).toBeGreaterThan(0);
      socket.close(4100, 'too slow');
      let got = 0;
      client.on('message', () => (got += 1));
      const closed = closeOf(client);
      client.resume();
      expect(await closed).toEqual([4100, 'too slow']);
      expect(got).toBe(150);
    });

    it('gets it however late it reads, and is heard no more meanwhile [D12]', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      client.pause();
      const socket = await recorder.socket();
      for (let count = 0; count < 150; count += 1) socket.send('q'.repeat(60_000));
      expect(socket.bufferedBytes()).toBeGreaterThan(0);
      socket.close(4100, 'too slow');
      expect(recorder.seen()).toContainEqual(['close', 4100]);
      expect(socket.send('too late')).toBe(false);
      // The native `end` of uWebSockets.js holds out for some seconds too, and then loses all.
      for (let second = 0; second < 6; second += 1) {
        client.send('are you there?');
        client.ping();
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
      let got = 0;
      client.on('message', () => (got += 1));
      const closed = closeOf(client);
      client.resume();
      expect(await closed).toEqual([4100, 'too slow']);
      expect(got).toBe(150);
      // Sockets that closed with bytes queued hold up nobody for longer than they are there.
      await recorder.listener.flushed(60_000);
      expect(recorder.seen().at(-1)).toEqual(['close', 4100]);
    });

    it('holds up the end of a listener no longer than it may', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      client.pause();
      const socket = await recorder.socket();
      for (let count = 0; count < 150; count += 1) socket.send('q'.repeat(60_000));
      socket.close(4200, 'draining');
      await recorder.listener.flushed(50);
      const closed = closeOf(client);
      await recorder.listener.close();
      client.resume();
      expect((await closed)[0]).toBe(1006);
    });

    it('is dropped rather than given a stream with a hole', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      client.pause();
      const socket = await recorder.socket();
      const frame = 'h'.repeat(1024 * 1024);
      let taken = 0;
      while (taken < 200 && socket.send(frame)) taken += 1;
      expect(taken).toBeLessThan(200);
      expect(recorder.seen().at(-1)).not.toEqual(['close', 1006]);
      expect(socket.send('small')).toBe(false);
      await eventually(() => expect(recorder.seen().at(-1)).toEqual(['close', 1006]));
    });
  });
}
