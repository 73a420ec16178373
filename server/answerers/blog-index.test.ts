import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFolderSource } from '../posts/folder-source.ts';
import { createBlogIndex, type BlogIndex } from './blog-index.ts';

let folder: string;
let blog: BlogIndex | undefined;
const errors: string[] = [];
const onError = (error: unknown): void => void errors.push(String(error));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-chat-'));
  await writeFile(join(folder, 'tea.md'), '# Green tea\n\nTwo minutes in the pot.');
});
afterEach(async () => {
  await blog?.close();
  blog = undefined;
  errors.length = 0;
  await rm(folder, { recursive: true });
});

/** An index that is asked in advance, and how often it was when it was told to be built. */
function warmed(steps: number, step: (number: number) => void) {
  const seen: number[] = [];
  let done = 0;
  blog = createBlogIndex({
    source: createFolderSource({ folder, baseUrl: '/', watch: false, onError }),
    onError,
    onIndexed: () => seen.push(done),
    *warmUp() {
      for (; done < steps;) {
        done += 1;
        step(done);
        yield undefined;
      }
    },
  });
  return { blog, seen, done: () => done };
}

it('asks one question in advance before it is ready, and the others between other work', async () => {
  let turns = 0;
  const turn = (): void => {
    turns += 1;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  const turnsAt: number[] = [];
  const { blog: index, seen, done } = warmed(6, () => turnsAt.push(turns));
  await index.ready();
  expect(seen).toEqual([1]);
  await vi.waitFor(() => expect(done()).toBe(6));
  clearImmediate(next);
  // Each in a turn of the event loop of its own.
  expect(new Set(turnsAt).size).toBe(6);
  expect(errors).toEqual([]);
});

it('asks no more in advance when it is closed', async () => {
  const { blog: index, done } = warmed(1_000_000, () => undefined);
  await index.ready();
  await index.close();
  const before = done();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(done()).toBe(before);
});

it('answers all the same where a question asked in advance fails, and says so', async () => {
  const { blog: index } = warmed(3, (number) => {
    if (number === 2) throw new Error('no answer');
  });
  await index.ready();
  await vi.waitFor(() => expect(errors).toEqual(['Error: no answer']));
  expect((await index.current(new AbortController().signal)).posts).toHaveLength(1);
});
