/**
 * Documents are read in a thread of their own: a page that takes long, or all memory, takes it
 * from nobody who is chatting.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { readDocument } from './read-document.ts';
import type { RawDocument, WebDocument } from './web-document.ts';

export interface DocumentReader {
  /** What cannot be read is `kind: 'other'`. Rejects only once it is closed. */
  read(raw: RawDocument): Promise<WebDocument>;
  close(): Promise<void>;
}

/** Longest that reading one document may take, in milliseconds. */
const longestMs = 20_000;
/** A thread that has nothing to do is ended, and its memory freed, after so long. */
const idleMs = 30_000;
const maxHeapMb = 512;

/** Beside the built server; where the sources run, there is none. */
const threadFile = join(dirname(fileURLToPath(import.meta.url)), 'read-document-thread.js');

/** Reads in this thread, for tests and where there is no other. */
export const inlineReader = (): DocumentReader => ({
  read: (raw) => Promise.resolve(readDocument(raw)),
  close: () => Promise.resolve(),
});

/** @param options.file - the thread's module; default: the one beside the built server */
export function createDocumentReader(
  options: { readonly file?: string; readonly longestMs?: number } = {},
): DocumentReader {
  const file = options.file ?? threadFile;
  const limitMs = options.longestMs ?? longestMs;
  if (!existsSync(file)) return inlineReader();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  function end(): Promise<unknown> {
    const ending = worker?.terminate();
    worker = undefined;
    return Promise.resolve(ending);
  }

  function start(): Worker {
    const started = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } });
    started.unref();
    // Whoever waits hears of it themselves; without a listener it would end the process.
    started.on('error', () => undefined);
    return started;
  }

  async function ask(raw: RawDocument): Promise<WebDocument> {
    clearTimeout(idle);
    if (closed) throw new Error('nothing is read any more');
    const thread = (worker ??= start());
    let giveUp: NodeJS.Timeout | undefined;
    try {
      return await new Promise<WebDocument>((resolve) => {
        const failed = (reason: string): void => {
          thread.removeAllListeners('message');
          void end();
          resolve({ kind: 'other', reason });
        };
        giveUp = setTimeout(() => failed('a document that takes too long to read'), limitMs);
        thread.once('message', resolve);
        thread.once('error', (error: NodeJS.ErrnoException) =>
          failed(
            error.code === 'ERR_WORKER_OUT_OF_MEMORY'
              ? 'a document that takes too much memory to read'
              : 'a document that could not be read',
          ),
        );
        thread.once('exit', () => failed('a document that could not be read'));
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
        thread.postMessage(raw);
      });
    } finally {
      clearTimeout(giveUp);
      thread.removeAllListeners('exit');
      thread.removeAllListeners('error');
      thread.on('error', () => undefined);
      idle = setTimeout(() => void end(), idleMs).unref();
    }
  }

  return {
    read(raw) {
      const answer = last.then(() => ask(raw));
      last = answer.catch(() => undefined);
      return answer;
    },
    async close() {
      closed = true;
      clearTimeout(idle);
      await end();
    },
  };
}
