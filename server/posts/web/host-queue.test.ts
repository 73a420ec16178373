import { describe, expect, it } from 'vitest';
import { createHostQueue } from './host-queue.ts';

const { signal } = new AbortController();
/** A task that says when it begins and ends when it is told. */
function task(begun: string[], name: string) {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return {
    end: () => end(),
    run: () => {
      begun.push(name);
      return ended;
    },
  };
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('requests to a host', () => {
  it('take turns, some at a time; other hosts have their own', async () => {
    const queue = createHostQueue({ gapMs: 0, atOnce: 2 });
    const begun: string[] = [];
    const tasks = ['a', 'b', 'c'].map((name) => task(begun, name));
    const runs = tasks.map(({ run }) => queue.run('one', signal, run));
    const elsewhere = task(begun, 'x');
    const other = queue.run('other', signal, elsewhere.run);
    await settle();
    expect(begun).toEqual(['a', 'b', 'x']);
    tasks[1]?.end();
    await runs[1];
    await settle();
    expect(begun).toEqual(['a', 'b', 'x', 'c']);
    for (const { end } of [...tasks, elsewhere]) end();
    await Promise.all([...runs, other]);
  });

  it('go one at a time where the site asks for patience', async () => {
    const queue = createHostQueue({ gapMs: 0, atOnce: 2 });
    queue.slowDown('one', 1);
    const begun: string[] = [];
    const tasks = ['a', 'b'].map((name) => task(begun, name));
    const runs = tasks.map(({ run }) => queue.run('one', signal, run));
    await settle();
    expect(begun).toEqual(['a']);
    for (const { end } of tasks) end();
    await Promise.all(runs);
    expect(begun).toEqual(['a', 'b']);
  });

  it('go on after one that failed, and end with their signal while they wait', async () => {
    const queue = createHostQueue({ gapMs: 0, atOnce: 1 });
    const failing = queue.run('one', signal, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    const held = task([], 'held');
    const running = queue.run('one', signal, held.run);
    const stop = new AbortController();
    const waiting = queue.run('one', stop.signal, () => Promise.resolve('never'));
    stop.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    held.end();
    await running;
    queue.pause('one', 60_000);
    const late = new AbortController();
    const paused = queue.run('one', late.signal, () => Promise.resolve('never'));
    late.abort();
    await expect(paused).rejects.toThrow();
  });
});
