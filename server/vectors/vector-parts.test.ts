import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexOf, smallBlog } from '../answerers/small-blog.fixture.ts';
import { fuseRankings } from './fuse-rankings.ts';
import { keyOf, readVectors, writeVectors } from './vector-file.ts';
import { createVectorMatrix } from './vector-matrix.ts';
import { withNear } from './with-near.ts';

describe('rankings put together', () => {
  it('have first what stands high in both', () => {
    const fused = fuseRankings([
      [1, 2, 3],
      [4, 3, 2, 2],
    ]);
    expect(fused.map(({ item }) => item)).toEqual([2, 3, 1, 4]);
    expect(fused[0]?.share).toBe(1);
    expect(fused[0]?.share).toBeGreaterThan(1.9 * (fused[3]?.share ?? 0));
    expect(fuseRankings([[], []])).toEqual([]);
    expect(fuseRankings([[7, 8], []]).map(({ item }) => item)).toEqual([7, 8]);
  });

  it('change the order of posts, one passage each', async () => {
    const index = await indexOf(smallBlog);
    const [a, b] = [0, index.firstPassages[1] ?? 0];
    const found = (number: number, score: number) => {
      const passage = index.passages[number];
      if (!passage) throw new Error('no such passage');
      return { passage, number, score };
    };
    const posts = [found(a, 10), found(b, 8)];
    expect(withNear(posts, [], index)).toBe(posts);
    const near = withNear(posts, [b, b + 1], index);
    expect(near.map(({ number }) => number)).toEqual([b, a]);
    expect(near[0]?.score).toBe(10);
  });
});

const unit = (numbers: readonly number[]): Float32Array => {
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, (value) => value / length);
};

describe('vectors side by side', () => {
  it('find the nearest as a plain comparison does, of any dimension', () => {
    const vector = (dimension: number) =>
      fc
        .array(fc.double({ min: -1, max: 1, noNaN: true }), {
          ...{ minLength: dimension, maxLength: dimension },
        })
        .filter((numbers) => Math.hypot(...numbers) > 0.1);
    const asked = fc.integer({ min: 1, max: 9 }).chain((dimension) =>
      fc.record({
        rows: fc.array(vector(dimension), { minLength: 1, maxLength: 30 }),
        question: vector(dimension),
        most: fc.integer({ min: 1, max: 40 }),
      }),
    );
    fc.assert(
      fc.property(asked, ({ rows, question, most }) => {
        const units = rows.map(unit);
        const q = unit(question);
        const cosine = (number: number): number =>
          (units[number] ?? q).reduce((sum, value, at) => sum + value * (q[at] ?? 0), 0);
        const { numbers } = createVectorMatrix(units).nearest(q, most);
        expect(numbers).toHaveLength(Math.min(most, rows.length));
        expect(new Set(numbers).size).toBe(numbers.length);
        const worst = Math.min(...numbers.map(cosine));
        for (const number of units.keys()) {
          if (!numbers.includes(number)) expect(cosine(number)).toBeLessThanOrEqual(worst + 1e-6);
        }
        for (const [at, number] of numbers.entries()) {
          const next = numbers[at + 1];
          if (next !== undefined) expect(cosine(number)).toBeGreaterThan(cosine(next) - 1e-6);
        }
      }),
    );
  });

  it('tell what stands out from what is only first by chance', () => {
    let state = 7;
    const random = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647 - 0.5;
    };
    const any = (): Float32Array => unit(Array.from({ length: 32 }, random));
    const noise = Array.from({ length: 200 }, any);
    const own = unit(Array.from({ length: 32 }, (_, at) => (at === 5 ? 1 : 0.01)));
    const matrix = createVectorMatrix([...noise, own]);
    expect(matrix.nearest(own, 3)).toMatchObject({ standsOut: true });
    expect(matrix.nearest(own, 3).numbers[0]).toBe(200);
    const byChance = Array.from(
      { length: 50 },
      () => createVectorMatrix(noise).nearest(any(), 3).standsOut,
    );
    expect(byChance.filter(Boolean).length).toBeLessThan(3);
    expect(createVectorMatrix([own]).nearest(own, 3)).toEqual({ numbers: [0], standsOut: false });
  });
});

describe('the file of vectors', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contact-chat-vectors-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const vectors = new Map([
    [keyOf('a'), Float32Array.of(0.5, -0.25, 1)],
    [keyOf('密'), Float32Array.of(0, 1, 2)],
  ]);

  it('holds what was written, and nothing is left beside it', async () => {
    const file = join(folder, 'one', 'a.vectors');
    await writeVectors(file, vectors);
    // As a process leaves it that is killed in the middle.
    await writeFile(`${file}.tmp`, Buffer.alloc(5_000));
    await writeVectors(file, vectors);
    expect(await readVectors(file)).toEqual(vectors);
    await writeVectors(file, new Map());
    expect(await readVectors(file)).toEqual(new Map());
    expect(await readdir(join(folder, 'one'))).toEqual(['a.vectors']);
  });

  it('is as if it were not there where anything is wrong with it', async () => {
    const file = join(folder, 'b.vectors');
    expect(await readVectors(file)).toEqual(new Map());
    await writeVectors(file, vectors);
    const whole = await readFile(file);
    for (const broken of [
      Buffer.alloc(0),
      Buffer.from('CCV1'),
      whole.subarray(0, -1),
      Buffer.concat([whole, Buffer.of(0)]),
      Buffer.concat([Buffer.from('XXXX'), whole.subarray(4)]),
      ...[4, 8, 20, 40, whole.length - 1].map((at) => {
        const copy = Buffer.from(whole);
        copy[at] = (copy[at] ?? 0) ^ 0x41;
        return copy;
      }),
    ]) {
      await writeFile(file, broken);
      expect(await readVectors(file)).toEqual(new Map());
    }
  });

  it('lets others have their turns while a large one is written and read', async () => {
    const file = join(folder, 'large.vectors');
    const large = new Map(
      Array.from({ length: 3_000 }, (_, at) => [keyOf(`${at}`), new Float32Array(1_024).fill(at)]),
    );
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    count();
    const writing = writeVectors(file, large);
    expect(turns).toBe(1);
    large.delete(keyOf('7'));
    await writing;
    const written = turns;
    const read = await readVectors(file);
    counting = false;
    expect(written).toBeGreaterThan(4);
    expect(turns - written).toBeGreaterThan(4);
    expect(read.size).toBe(3_000);
    expect(read.get(keyOf('2999'))?.[1_023]).toBe(2_999);
  });

  it('cannot be written where no folder can be made', async () => {
    await expect(writeVectors('/proc/nowhere/a.vectors', vectors)).rejects.toThrow(/\/proc/);
  });
});
