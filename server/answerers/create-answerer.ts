/** The one place that lists the ways to answer. A new answerer adds a line here. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Logger } from '../observe/logger.ts';
import { docsDir } from '../paths.ts';
import type { Answerer, OnError, Timers } from '../ports.ts';
import { createFolderSource } from '../posts/folder-source.ts';
import type { SpendStore } from '../spend-port.ts';
import { createEmbedTexts } from '../vectors/embed-texts.ts';
import { createPassageVectors, type PassageVectors } from '../vectors/passage-vectors.ts';
import { createBlogIndex, type BlogIndex } from './blog-index.ts';
import { createHttpAnswerer } from './http.ts';
import { createLanguageModelAnswerer } from './language-model.ts';
import type { ModelObserver } from './model-observer.ts';
import { createOpenAiModel } from './openai-model.ts';
import { retrievalOver, warmUp } from './retrieval.ts';
import { createSpendGuard } from './spend-guard.ts';

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
  const fromPosts = config.answerer === 'retrieval' || config.answerer === 'openai';
  const vectors = fromPosts ? vectorsOf(config, onError, logger, parts) : undefined;
  const blog = (): BlogIndex => {
    const options = { folder: config.posts ?? docsDir, baseUrl: config.postsUrl, onError };
    return createBlogIndex({
      source: createFolderSource({ ...options, watch: true }),
      onError,
      warmUp(index) {
        warmUp(index);
        vectors?.follow(index);
      },
      onIndexed: (summary) => logger.info(summary, 'posts indexed'),
    });
  };
  switch (config.answerer) {
    case 'off':
      return undefined;
    case 'http':
      // The configuration is refused without it.
      return config.qa && createHttpAnswerer(config.qa);
    case 'retrieval':
      return retrievalOver(blog(), vectors);
    case 'openai': {
      const { openai } = config;
      if (!openai) throw new Error('ANSWERER is openai without OPENAI_BASE_URL');
      const { timers, observer } = parts;
      const common = { onError, now: Date.now, tokensPerDay: openai.tokensPerDay };
      return createLanguageModelAnswerer({
        ...common,
        ...{ timers, observer },
        blog: blog(),
        vectors,
        model: createOpenAiModel(openai, Date.now),
        guard: createSpendGuard({
          ...common,
          ...{ store: parts.store, secret: parts.spendSecret },
          tokensPerVisitor: openai.tokensPerVisitor,
        }),
        nonce: () => randomBytes(9).toString('hex'),
      });
    }
  }
}

/** Vectors where a model for them is configured. */
function vectorsOf(
  { embeddings, dataDir }: Config,
  onError: OnError,
  logger: Logger,
  { timers }: AnswererParts,
): PassageVectors | undefined {
  if (!embeddings) return undefined;
  return createPassageVectors({
    embed: createEmbedTexts(embeddings, Date.now),
    model: `${embeddings.baseUrl} ${embeddings.model}`,
    folder: join(dataDir, 'embeddings'),
    ...{ timers, onError },
    onProgress: (progress) => logger.info(progress, 'passages embedded'),
  });
}
