/** Passages of the blog compared with questions by meaning, beside their words. */
import { join } from 'node:path';
import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { estimateTokens } from '../answerers/estimate-tokens.ts';
import { costs, ModelFailed } from '../answerers/model-port.ts';
import type { PostIndex } from '../answerers/post-index.ts';
import type { Spend } from '../answerers/spend-guard.ts';
import { pause } from '../chat/within-time.ts';
import type { OnError, Timers } from '../ports.ts';
import type { EmbedTexts } from './embed-texts.ts';
import { keyOf, readVectors, writeVectors, type Vectors } from './vector-file.ts';
import { createVectorMatrix, type Nearest, type VectorMatrix } from './vector-matrix.ts';

export interface PassageVectorsOptions {
  readonly embed: EmbedTexts;
  /** Names the vectors: those of another model or server are of no use. */
  readonly model: string;
  /** `DATA_DIR/embeddings` */
  readonly folder: string;
  readonly timers: Timers;
  /** Told of failures, stage `embeddings`, once while they are of one kind; answering goes on. */
  readonly onError: OnError;
  readonly onProgress: (progress: { readonly done: number; readonly of: number }) => void;
  /** Questions are not waited for longer, in milliseconds. Default 1,500. */
  readonly questionMs?: number;
  /** Before a failed batch is tried again, in milliseconds; doubles up to 10 minutes. Default 5,000. */
  readonly retryMs?: number;
}

export interface PassageVectors {
  /** Makes the vectors of this index in the background, those that are not there yet. */
  follow(index: PostIndex): void;
  /**
   * Passages nearest to a text; undefined where the index has no vectors yet, or the question
   * gets none in time, or nothing may be spent on it. Rejects only where the signal aborts.
   *
   * @param spend - asked before the server is
   */
  nearest(
    text: string,
    index: PostIndex,
    signal: AbortSignal,
    spend?: Spend,
  ): Promise<Nearest | undefined>;
  /** Resolves when nothing is being made; for tests. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const batchSize = 64;
/** Texts are cut there, in UTF-16 units: models of this kind read some 500 tokens and more. */
const longestText = 2_000;
const mostNearest = 20;
const longestRetryMs = 600_000;
const batchMs = 60_000;
/** A server that answers with ever other lengths is given up. */
const mostRestarts = 2;
/** What was made is kept on disk after so many batches, and at the end. */
const saveEvery = 16;

/** What a passage is about: its place, then its text. */
export function textOfPassage(index: PostIndex, number: number): string {
  const indexed = index.passages[number];
  const post = indexed && index.posts[indexed.post];
  if (!indexed || !post) return '';
  const { start, end, headings } = indexed.passage;
  const blocks = post.blocks.slice(start, end).filter(({ kind }) => kind !== 'heading');
  const place = [post.title, ...headings].join(' › ');
  return `${place}\n${blocks.map(({ text }) => text).join('\n')}`
    .slice(0, longestText)
    .toWellFormed();
}

export function createPassageVectors(options: PassageVectorsOptions): PassageVectors {
  const { embed, timers, onError } = options;
  const file = join(options.folder, `${keyOf(options.model)}.vectors`);
  const closed = new AbortController();
  const matrices = new WeakMap<PostIndex, VectorMatrix>();
  let cache: Map<string, Float32Array> | undefined;
  let current: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  let failing: string | undefined;

  function failed(error: unknown): void {
    const kind = error instanceof ModelFailed ? error.failure : String(error);
    if (failing !== kind) onError(error, { stage: 'embeddings' });
    failing = kind;
  }

  /** Vectors, or a failure in time. */
  async function embedWithin(
    timeMs: number,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    const late = new AbortController();
    const stop = timers.after(timeMs, () =>
      late.abort(new ModelFailed('late', 'The embedding server did not answer in time')),
    );
    try {
      return await embed(texts, AbortSignal.any([signal, late.signal]));
    } finally {
      stop();
    }
  }

  /** Tries until it works or nobody wants it. */
  async function embedPatiently(
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    for (let waitMs = options.retryMs ?? 5_000; ;) {
      signal.throwIfAborted();
      try {
        const vectors = await embedWithin(batchMs, texts, signal);
        failing = undefined;
        return vectors;
      } catch (error) {
        signal.throwIfAborted();
        failed(error);
        await pause(timers, waitMs, signal);
        waitMs = Math.min(waitMs * 2, longestRetryMs);
      }
    }
  }

  const save = async (vectors: Vectors): Promise<void> =>
    writeVectors(file, vectors).catch((error: unknown) => onError(error, { stage: 'embeddings' }));

  async function make(index: PostIndex, signal: AbortSignal, restarts = 0): Promise<void> {
    const known = (cache ??= new Map(await readVectors(file)));
    const keys: string[] = [];
    const missing = new Map<string, string>();
    for (const number of index.passages.keys()) {
      const text = textOfPassage(index, number);
      const key = keyOf(text);
      keys.push(key);
      if (!known.has(key)) missing.set(key, text);
      if (number % 100 === 99) await yieldToLoop();
      signal.throwIfAborted();
    }
    const wanted = [...missing];
    try {
      for (let from = 0, batches = 1; from < wanted.length; from += batchSize, batches += 1) {
        const batch = wanted.slice(from, from + batchSize);
        const vectors = await embedPatiently(
          batch.map(([, text]) => text),
          signal,
        );
        const dimension = known.values().next().value?.length;
        if (dimension !== undefined && vectors[0]?.length !== dimension) {
          // Another model goes by this name now: all begins anew.
          known.clear();
          if (restarts < mostRestarts) return await make(index, signal, restarts + 1);
          throw new ModelFailed('cut', 'The embedding server changes the length of its vectors');
        }
        for (const [at, [key]] of batch.entries()) {
          const vector = vectors[at];
          if (vector) known.set(key, vector);
        }
        options.onProgress({ done: Math.min(from + batchSize, wanted.length), of: wanted.length });
        if (batches % saveEvery === 0) await save(known);
      }
    } finally {
      // Also of what is broken off here: it is not paid for twice.
      if (signal.aborted && known.size > 0) await save(known);
    }
    // What no post says any more is forgotten.
    const inUse = new Set(keys);
    const before = known.size;
    for (const key of known.keys()) if (!inUse.has(key)) known.delete(key);
    if (wanted.length > 0 || known.size !== before) await save(known);
    const rows = keys.flatMap((key) => known.get(key) ?? []);
    if (rows.length > 0 && rows.length === keys.length) {
      matrices.set(index, createVectorMatrix(rows));
    }
  }

  function follow(index: PostIndex): void {
    current?.abort(new Error('The posts have changed'));
    const control = new AbortController();
    current = control;
    const signal = AbortSignal.any([control.signal, closed.signal]);
    running = running
      .then(() => make(index, signal))
      .catch((error: unknown) => {
        if (!signal.aborted) onError(error, { stage: 'embeddings' });
      });
  }

  return {
    follow,
    async nearest(text, index, signal, spend) {
      const matrix = matrices.get(index);
      if (!matrix) return undefined;
      const asked = text.slice(0, longestText).toWellFormed();
      const reserved = await spend?.(estimateTokens(asked));
      if (reserved?.granted === false) return undefined;
      try {
        const [vector] = await embedWithin(options.questionMs ?? 1_500, [asked], signal);
        if (!vector) return undefined;
        if (vector.length === matrix.dimension) {
          failing = undefined;
          return matrix.nearest(vector, mostNearest);
        }
        matrices.delete(index);
        cache?.clear();
        follow(index);
        throw new ModelFailed(
          'cut',
          `The embedding server now answers vectors of ${vector.length} numbers, not ${matrix.dimension}; all passages are embedded again`,
        );
      } catch (error) {
        if (error instanceof ModelFailed && !costs(error.failure)) await reserved?.settle(0);
        signal.throwIfAborted();
        failed(error);
        return undefined;
      }
    },
    idle: () => running,
    async close() {
      closed.abort(new Error('The server stops'));
      await running;
    },
  };
}
