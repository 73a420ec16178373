/** The thread of `document-reader.ts`: bytes come in, documents go out. */
import { parentPort } from 'node:worker_threads';
import { readDocument } from './read-document.ts';
import type { RawDocument } from './web-document.ts';

parentPort?.on('message', (raw: RawDocument) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
  parentPort?.postMessage(readDocument(raw));
});
