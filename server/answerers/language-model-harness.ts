/** A language-model answerer over a small blog, and the server it asks, for tests. */
import { onTestFinished } from 'vitest';
import {
  startOpenAiCounterpart,
  type OpenAiCounterpart,
} from '../../e2e/server/openai-counterpart.ts';
import type { Answer, Answerer, AnswerProgress, Question } from '../answerer-ports.ts';
import type { SpendStore } from '../spend-port.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { createTimers } from '../timers.ts';
import type { BlogIndex } from './blog-index.ts';
import { createLanguageModelAnswerer, type LanguageModelOptions } from './language-model.ts';
import { createOpenAiModel } from './openai-model.ts';
import type { PostIndex } from './post-index.ts';
import { indexOf, smallBlog } from './small-blog.fixture.ts';
import { createSpendGuard } from './spend-guard.ts';

export interface ModelHarness {
  readonly model: OpenAiCounterpart;
  readonly answerer: Answerer;
  readonly index: PostIndex;
  /** What was reported: the stage and the message. */
  readonly errors: readonly string[];
  /** `called answered`, `spent prompt 12`, `guarded day` */
  readonly observed: readonly string[];
  ask(text: string, more?: Partial<Question>): Promise<ShownAnswer>;
}

export interface ShownAnswer extends Answer {
  /** What had been shown when the answer was there; every restart is a `⟲`. */
  readonly shown: string;
}

/** Progress as one string: pieces one after the other, `⟲` for a restart. */
export function watchProgress(): { readonly progress: AnswerProgress; shown(): string } {
  let shown = '';
  return {
    progress: { delta: (text) => (shown += text), restart: () => (shown += '⟲') },
    shown: () => shown,
  };
}

export function fixedBlog(index: PostIndex): BlogIndex {
  return {
    current: (signal) => (signal.throwIfAborted(), Promise.resolve(index)),
    ready: () => Promise.resolve(),
    describe: () => `${index.posts.length} posts`,
    close: () => Promise.resolve(),
  };
}

export async function startModelHarness(
  options: Partial<Omit<LanguageModelOptions, 'blog'>> & {
    readonly apiKey?: string;
    readonly tokensPerVisitor?: number;
    readonly store?: SpendStore;
    readonly posts?: Readonly<Record<string, string>>;
  } = {},
): Promise<ModelHarness> {
  const model = await startOpenAiCounterpart();
  onTestFinished(() => model.close());
  const timers = createTimers();
  onTestFinished(() => timers.stop());
  const errors: string[] = [];
  const observed: string[] = [];
  const onError = (error: unknown, { stage }: { stage: string }): void => {
    errors.push(`${stage}: ${(error as Error).message}`);
  };
  const now = options.now ?? Date.now;
  const tokensPerDay = options.tokensPerDay ?? 100_000;
  const index = await indexOf(options.posts ?? smallBlog);
  const answerer = createLanguageModelAnswerer({
    blog: fixedBlog(index),
    model: createOpenAiModel(
      {
        ...{ baseUrl: model.baseUrl, model: 'test-model' },
        ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
      },
      now,
    ),
    guard: createSpendGuard({
      store: options.store ?? createMemoryStore(),
      ...{ secret: new Uint8Array(32), now, onError, tokensPerDay },
      tokensPerVisitor: options.tokensPerVisitor ?? 50_000,
    }),
    ...{ onError, now, tokensPerDay, timers },
    observer: {
      called: (result) => void observed.push(`called ${result}`),
      spent: (kind, tokens) => void observed.push(`spent ${kind} ${tokens}`),
      guarded: (limit) => void observed.push(`guarded ${limit}`),
    },
    nonce: () => 'abc123',
    ...options,
  });
  return {
    ...{ model, answerer, index, errors, observed },
    async ask(text, more = {}) {
      const { progress, shown } = watchProgress();
      const question = { text, lang: 'en', history: [], conversationId: 'c', ...more };
      const signal = new AbortController().signal;
      const answer = await answerer.answer(question, { signal, progress });
      return { ...answer, shown: shown() };
    },
  };
}
