import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Transport } from '../transport-ports.ts';
import { eventually, hashOf, record } from './transport.contract-harness.ts';

export function describeStreams(load: () => Promise<Transport>): void {
  describe('streamed responses', () => {
    describe.each([
      ['of known length', true],
      ['of unknown length', false],
    ])('a streamed response %s', (_name, known) => {
      const chunk = randomBytes(700_000);
      const chunks = 8;
      const headers: Record<string, string> = known
        ? { 'content-length': String(chunk.length * chunks) }
        : {};

      it('arrives whole, also where the client reads slowly', async () => {
        const recorder = await record(await load(), {
          fetch: () => {
            let pulled = 0;
            const body = new ReadableStream({
              async pull(controller) {
                await new Promise((resolve) => setImmediate(resolve));
                pulled += 1;
                controller.enqueue(chunk);
                if (pulled === chunks) controller.close();
              },
            });
            return new Response(body, { headers });
          },
        });
        const answer = await fetch(recorder.url('/'));
        const reader = answer.body?.getReader();
        const hash = createHash('sha256');
        for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
          hash.update(read.value);
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        expect(hash.digest('hex')).toBe(hashOf(Buffer.concat(Array(chunks).fill(chunk))));
        expect(answer.headers.get('content-length')).toBe(headers['content-length'] ?? null);
      });

      it('is cancelled when its client leaves', async () => {
        let cancelled = false;
        const recorder = await record(await load(), {
          fetch: () => {
            const body = new ReadableStream({
              pull: (controller) => controller.enqueue(chunk),
              cancel: () => void (cancelled = true),
            });
            return new Response(body, { headers });
          },
        });
        const raw = await recorder.raw();
        raw.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
        await new Promise((resolve) => raw.once('data', resolve));
        raw.destroy();
        await eventually(() => expect(cancelled).toBe(true));
      });

      it('does not look whole where it breaks off', async () => {
        const recorder = await record(await load(), {
          fetch: () => {
            let pulled = 0;
            const body = new ReadableStream({
              async pull(controller) {
                await new Promise((resolve) => setTimeout(resolve, 5));
                pulled += 1;
                if (pulled < 3) controller.enqueue(new Uint8Array(100));
                else controller.error(new Error('a bug'));
              },
            });
            return new Response(body, { headers });
          },
        });
        const answer = await fetch(recorder.url('/'));
        await expect(answer.arrayBuffer()).rejects.toThrow();
        expect(recorder.stages).toEqual(['http.response']);
      });
    });

    it.each([
      ['fewer', 99],
      ['more', 101],
    ])('does not look whole where there are %s bytes than it said', async (_name, size) => {
      const recorder = await record(await load(), {
        fetch: () => {
          const body = new ReadableStream({
            async start(controller) {
              for (const part of [50, size - 50]) {
                controller.enqueue(new Uint8Array(part));
                await new Promise((resolve) => setTimeout(resolve, 5));
              }
              controller.close();
            },
          });
          return new Response(body, { headers: { 'content-length': '100' } });
        },
      });
      const answer = await fetch(recorder.url('/'));
      await expect(answer.arrayBuffer()).rejects.toThrow();
      expect(recorder.stages).toEqual(['http.response']);
    });

    it('sends all that a stream has given, while more may come', async () => {
      // Lengths around what the operating system buffers (2 to 6 MB on Linux), so that for some
      // of them the very last piece has to wait for the reader.
      const lengths = Array.from({ length: 64 }, (_, index) => 2_000_000 + index * 61_000);
      const recorder = await record(await load(), {
        fetch: (request) => {
          const length = Number(new URL(request.url).searchParams.get('length'));
          const body = new ReadableStream({
            start: (controller) => controller.enqueue(new Uint8Array(length)),
          });
          return new Response(body);
        },
      });
      const read = async (length: number): Promise<void> => {
        const raw = await recorder.raw();
        raw.pause();
        raw.write(`GET /?length=${length} HTTP/1.1\r\nHost: a\r\n\r\n`);
        await new Promise((resolve) => setTimeout(resolve, 100));
        let got = 0;
        raw.on('data', (chunk: Buffer) => (got += chunk.length));
        raw.resume();
        await eventually(() => expect(got).toBeGreaterThan(length));
        raw.destroy();
      };
      for (let from = 0; from < lengths.length; from += 8) {
        await Promise.all(lengths.slice(from, from + 8).map(read));
      }
    });

    it('sends the first part of a stream before the next is there', async () => {
      let finish: (() => void) | undefined;
      const recorder = await record(await load(), {
        fetch: () => {
          const body = new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('first '));
              finish = () => {
                controller.enqueue(new TextEncoder().encode('second'));
                controller.close();
              };
            },
          });
          return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
        },
      });
      onTestFinished(() => finish?.());
      const answer = await fetch(recorder.url('/'));
      const reader = answer.body?.getReader();
      const first = await reader?.read();
      expect(Buffer.from(first?.value ?? []).toString()).toBe('first ');
      finish?.();
      finish = undefined;
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('second');
    });
  });
}
