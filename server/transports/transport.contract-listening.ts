import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Transport } from '../transport-ports.ts';
import { makeSelfSigned } from './self-signed.ts';
import { closeOf, eventually, nextMessage, opened, record } from './transport.contract-harness.ts';

// Containers are often without IPv6, where these hosts cannot be had.
const ipv6Hosts: [string, string][] = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1')
  ? [
      ['::', '127.0.0.1'],
      ['::1', '[::1]'],
      ['[::1]', '[::1]'],
    ]
  : [];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'contact-chat-transport-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

export function describeListening(load: () => Promise<Transport>): void {
  describe('listening', () => {
    it('rejects with EADDRINUSE where the port is taken, by its like or by another', async () => {
      const transport = await load();
      const { listener } = await record(transport);
      const taken = { code: 'EADDRINUSE' };
      await expect(record(transport, { listen: { port: listener.port } })).rejects.toMatchObject(
        taken,
      );
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void other.close());
      const { port } = other.address() as AddressInfo;
      await expect(record(transport, { listen: { port } })).rejects.toMatchObject(taken);
      await expect(record(transport, { listen: { port, host: '0.0.0.0' } })).rejects.toMatchObject(
        taken,
      );
    });

    it('says why an address cannot be had', async () => {
      const transport = await load();
      // 192.0.2.0/24 is for documentation (RFC 5737), `.invalid` never resolves (RFC 6761).
      await expect(record(transport, { listen: { host: '192.0.2.1' } })).rejects.toMatchObject({
        code: 'EADDRNOTAVAIL',
      });
      await expect(
        record(transport, { listen: { host: 'nowhere.invalid' } }),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) });
    });

    it.each<[string, string]>([['localhost', '127.0.0.1'], ['0.0.0.0', '127.0.0.1'], ...ipv6Hosts])(
      'listens on %s',
      async (host, reached) => {
        const recorder = await record(await load(), {
          listen: { host },
          fetch: (_request, { address }) => new Response(address),
        });
        const answer = await fetch(`http://${reached}:${recorder.listener.port}/`);
        expect(await answer.text()).toBe(reached.replace(/[[\]]/g, ''));
      },
    );

    it('stops accepting and leaves open sockets alone', async () => {
      const recorder = await record(await load(), {
        handlers: { text: (socket, _data, text) => void socket.send(text) },
      });
      const client = await opened(recorder);
      recorder.listener.stopAccepting();
      recorder.listener.stopAccepting();
      await eventually(() => expect(recorder.seen()).toEqual([['open']]));
      await expect(opened(recorder)).rejects.toThrow('ECONNREFUSED');
      client.send('still here');
      expect(await nextMessage(client)).toBe('still here');
    });

    it('closes twice, ends what is open, and frees the port', async () => {
      const transport = await load();
      let asked = 0;
      const recorder = await record(transport, {
        fetch: () => {
          asked += 1;
          return new Promise<Response>(() => undefined);
        },
      });
      const client = await opened(recorder);
      const closed = closeOf(client);
      const answer = fetch(recorder.url('/')).catch(() => 'ended');
      const idle = await recorder.raw();
      const idleEnd = new Promise((resolve) => idle.once('close', resolve));
      idle.resume();
      await eventually(() => expect(asked).toBe(1));
      const { port } = recorder.listener;
      await Promise.all([recorder.listener.close(), recorder.listener.close()]);
      await recorder.listener.close();
      recorder.listener.stopAccepting();
      expect((await closed)[0]).toBe(1006);
      expect(await answer).toBe('ended');
      await idleEnd;
      expect(recorder.seen()).toEqual([['open'], ['close', 1006]]);
      const again = await record(transport, { listen: { port } });
      expect(await (await fetch(again.url('/'))).text()).toBe('hello');
    });

    it('closes while a peer ignores the close frame it was sent', async () => {
      const recorder = await record(await load());
      const client = await opened(recorder);
      client.pause();
      (await recorder.socket()).close(1000, '');
      await recorder.listener.close();
      expect(recorder.seen()).toEqual([['open'], ['close', 1000]]);
    });
  });

  describe('TLS', () => {
    it('speaks wss and https', async () => {
      const { cert, certFile, keyFile } = makeSelfSigned(temporaryFolder());
      const recorder = await record(await load(), {
        listen: { tls: { certFile, keyFile } },
        clientOptions: { ca: cert },
        fetch: (request) => new Response(request.url),
        handlers: { text: (socket, _data, text) => void socket.send(text) },
      });
      const garbage = await recorder.raw();
      garbage.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      const halfHandshake = await recorder.raw();
      halfHandshake.write(Buffer.from('16030100a5010000a1', 'hex'));

      const client = await opened(recorder);
      const long = '長'.repeat(20_000);
      client.send(long);
      expect(await nextMessage(client)).toBe(long);
      const text = await new Promise<string>((resolve, reject) => {
        get(recorder.url('/x'), { ca: cert, agent: false }, (response) => {
          response.setEncoding('utf8');
          response.once('data', resolve);
        }).on('error', reject);
      });
      expect(text).toBe(recorder.url('/x'));
      const closed = closeOf(client);
      (await recorder.socket()).close(4200, 'draining');
      expect(await closed).toEqual([4200, 'draining']);
      await recorder.listener.close();
    });

    it('says which file is missing or wrong', async () => {
      const transport = await load();
      const folder = temporaryFolder();
      const { certFile, keyFile } = makeSelfSigned(folder);
      const absent = join(folder, 'absent.pem');
      await expect(
        record(transport, { listen: { tls: { certFile, keyFile: absent } } }),
      ).rejects.toThrow(absent);
      const wrong = join(folder, 'wrong.pem');
      writeFileSync(wrong, 'no PEM');
      await expect(
        record(transport, { listen: { tls: { certFile: wrong, keyFile } } }),
      ).rejects.toThrow();
    });
  });
}
