import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentReader } from './document-reader.ts';
import type { RawDocument } from './web-document.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const raw = (html: string): RawDocument => ({
  ...{ url: 'https://b.example/a', contentType: 'text/html', robotsTag: '' },
  body: new TextEncoder().encode(html),
});
let folder = '';

beforeAll(async () => {
  await mkdir(join(root, 'node_modules', '.cache'), { recursive: true });
  folder = await mkdtemp(join(root, 'node_modules', '.cache', 'contact-chat-thread-'));
  await build({
    ...{ configFile: false, envFile: false, publicDir: false, logLevel: 'error', root },
    build: {
      ...{
        ssr: fileURLToPath(new URL('read-document-thread.ts', import.meta.url)),
        outDir: folder,
      },
      ...{ emptyOutDir: false, target: 'node20', minify: false },
      rolldownOptions: { output: { entryFileNames: 'thread.mjs' } },
    },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the thread that reads documents', () => {
  it('reads them one after the other, and lets the process end', async () => {
    const reader = createDocumentReader({ file: join(folder, 'thread.mjs') });
    const read = await Promise.all([
      reader.read(raw('<title>One</title><p>First')),
      reader.read(raw('<title>Two</title><p>Second')),
    ]);
    expect(read.map((document) => document.kind === 'page' && document.page.title)).toEqual([
      'One',
      'Two',
    ]);
    await reader.close();
    await expect(reader.read(raw('x'))).rejects.toThrow(/any more/);
  });

  it('is ended where a document takes too long or breaks it, and the next one is read', async () => {
    const file = join(folder, 'faulty.mjs');
    await writeFile(
      file,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ body }) => {
         const text = new TextDecoder().decode(body);
         if (text === 'hang') for (;;);
         if (text === 'throw') throw new Error('broken');
         if (text === 'exit') process.exit(1);
         parentPort.postMessage({ kind: 'other', reason: text });
       });`,
    );
    const reader = createDocumentReader({ file, longestMs: 1_500 });
    const reasons: string[] = [];
    for (const text of ['hang', 'fine', 'throw', 'fine', 'exit', 'fine']) {
      const document = await reader.read(raw(text));
      reasons.push(document.kind === 'other' ? document.reason : '');
    }
    expect(reasons.filter((reason) => reason === 'fine')).toHaveLength(3);
    expect(reasons[0]).toContain('takes too long');
    expect(reasons[2]).toMatch(/could not be read/);
    expect(reasons[4]).toContain('could not be read');
    await reader.close();
  });

  it('is not needed where there is none', async () => {
    const reader = createDocumentReader({ file: join(folder, 'missing.mjs') });
    expect(await reader.read(raw('<p>x'))).toMatchObject({ kind: 'page' });
  });
});
