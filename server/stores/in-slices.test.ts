import { expect, it } from 'vitest';

import { inSlices } from './in-slices.ts';

const run = (slice: () => boolean): Promise<boolean> => Promise.resolve().then(slice);

/** Holds the event loop. */
function* work(steps: number, msEach: number, done: () => void): Generator<undefined, number> {
  for (let n = 0; n < steps; n += 1) {
    const untilMs = performance.now() + msEach;
    while (performance.now() < untilMs);
    done();
    yield;
  }
  return steps;
}

it('gives way to everything else between slices, and works take turns', async () => {
  const slices = inSlices();
  const order: string[] = [];
  let ended = 0;
  const works = ['a', 'b'].map((name) =>
    slices(
      work(6, 4, () => order.push(name)),
      run,
    ).finally(() => (ended += 1)),
  );
  while (ended < 2) {
    await new Promise((resolve) => setImmediate(resolve));
    order.push('.');
  }
  expect(await Promise.all(works)).toEqual([6, 6]);
  const said = order.join('');
  expect(said.replaceAll('.', '')).toBe('abababababab');
  expect(said).not.toMatch(/[ab]{2}/);
});

it('passes on what a step throws', async () => {
  // eslint-disable-next-line require-yield -- it fails before it has anything to give way for
  function* failing(): Generator<undefined, number> {
    throw new Error('unreadable');
  }
  await expect(inSlices()(failing(), run)).rejects.toThrow('unreadable');
});
