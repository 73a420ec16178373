/** A question-answering service that writes its answers word by word, for tests. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SlowService {
  readonly url: string;
  /** Every question that came, in order. */
  readonly asked: readonly string[];
  /** Answers that were not written to their end, since whoever asked left. */
  readonly brokenOff: () => number;
  /** Words that a question may have written before it is held; default: all. */
  hold(words: number): void;
  /** Writes on what is held, and holds nothing from now on. */
  letOn(): void;
  stop(): Promise<void>;
}

/** The answer to a question, always the same. */
export const slowAnswerTo = (question: string): string =>
  ['You', 'asked:', question, ...Array.from({ length: 20 }, (_, index) => `word${index}`)].join(
    ' ',
  );

/** @param wordEveryMs - milliseconds between two words */
export async function startSlowService(wordEveryMs = 10): Promise<SlowService> {
  const asked: string[] = [];
  let brokenOff = 0;
  let limit = Infinity;
  let wake: (() => void)[] = [];

  async function write(response: ServerResponse, question: string): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    const words = slowAnswerTo(question).split(/(?<= )/);
    for (const [index, delta] of words.entries()) {
      if (index >= limit) await new Promise<void>((resolve) => wake.push(resolve));
      if (response.destroyed) return;
      response.write(`data: ${JSON.stringify({ delta })}\n\n`);
      await new Promise((resolve) => setTimeout(resolve, wordEveryMs));
    }
    response.end('data: [DONE]\n\n');
  }

  const server = createServer((request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) brokenOff += 1;
    });
    void text(request).then((body) => {
      const { message } = JSON.parse(body) as { message: string };
      asked.push(message);
      return write(response, message);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ask`,
    asked,
    brokenOff: () => brokenOff,
    hold: (words) => void (limit = words),
    letOn() {
      limit = Infinity;
      for (const go of wake) go();
      wake = [];
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
