/** The one place that lists the ways to answer. A new answerer adds a line here. */
import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import type { SpendLimits } from '../config-openai.ts';
import type { Logger } from '../observe/logger.ts';
import type { Answerer } from '../answerer-ports.ts';
import type { OnError, Timers } from '../ports.ts';
import type { SpendStore } from '../spend-port.ts';
import { createConfiguredBlog } from './configured-blog.ts';
import { createHttpAnswerer } from './http.ts';
import { createLanguageModelAnswerer, timeoutsWithin } from './language-model.ts';
import type { ModelObserver } from './model-observer.ts';
import { createOpenAiModel } from './openai-model.ts';
import { retrievalOver } from './retrieval.ts';
import { createSpendGuard, embeddingSpend, type SpendGuard } from './spend-guard.ts';

/** What answerers that ask somebody else need besides the configuration. */
export interface AnswererParts {
  readonly store: SpendStore;
  /** Keys what visitors' addresses are counted under. */
  readonly spendSecret: Uint8Array;
  readonly timers: Timers;
  readonly observer: ModelObserver;
}

/** The configured answerer; nothing where `ANSWERER` is `off`. */
export function createAnswerer(
  config: Config,
  onError: OnError,
  logger: Logger,
  parts: AnswererParts,
): Answerer | undefined {
  const { timers, observer } = parts;
  const { answerTimeoutMs } = config;
  const guardOf = ({ tokensPerDay, tokensPerVisitor }: SpendLimits): SpendGuard =>
    createSpendGuard({
      ...{ store: parts.store, secret: parts.spendSecret, now: Date.now, onError },
      ...{ tokensPerDay, tokensPerVisitor },
    });
  switch (config.answerer) {
    case 'off':
      return undefined;
    case 'http':
      // The configuration is refused without it.
      return (
        config.qa &&
        createHttpAnswerer({ ...config.qa, ...(answerTimeoutMs && { timeoutMs: answerTimeoutMs }) })
      );
    case 'retrieval': {
      const { blog, vectors } = createConfiguredBlog(config, { onError, logger, timers });
      const { embeddings } = config;
      if (!vectors || !embeddings) return retrievalOver(blog, { onError });
      const spendFor = embeddingSpend(guardOf(embeddings), observer);
      return retrievalOver(blog, { onError, vectors, spendFor });
    }
    case 'openai': {
      const { openai } = config;
      if (!openai) throw new Error('ANSWERER is openai without OPENAI_BASE_URL');
      return createLanguageModelAnswerer({
        ...{ onError, timers, observer, now: Date.now, tokensPerDay: openai.tokensPerDay },
        ...createConfiguredBlog(config, { onError, logger, timers }),
        model: createOpenAiModel(openai, Date.now),
        guard: guardOf(openai),
        nonce: () => randomBytes(9).toString('hex'),
        ...(answerTimeoutMs && { timeouts: timeoutsWithin(answerTimeoutMs) }),
      });
    }
  }
}
