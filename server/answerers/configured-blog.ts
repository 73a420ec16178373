/** The blog that the configuration names, indexed and, where a model for it is given, embedded. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Logger } from '../observe/logger.ts';
import { docsDir } from '../paths.ts';
import type { OnError, Timers } from '../ports.ts';
import { choosePostSource } from '../posts/choose-source.ts';
import type { ScanProgress } from '../posts/web/site-scan.ts';
import { createEmbedTexts } from '../vectors/embed-texts.ts';
import { createPassageVectors, type PassageVectors } from '../vectors/passage-vectors.ts';
import { createBlogIndex, type BlogIndex } from './blog-index.ts';
import { sharedDictionary } from './cross-dictionary.ts';
import { warmUp } from './retrieval.ts';

export interface ConfiguredBlog {
  readonly blog: BlogIndex;
  /** Absent without `OPENAI_EMBEDDING_MODEL`. */
  readonly vectors: PassageVectors | undefined;
}

export function createConfiguredBlog(
  config: Config,
  parts: { readonly onError: OnError; readonly logger: Logger; readonly timers: Timers },
): ConfiguredBlog {
  const { onError, logger } = parts;
  const vectors = vectorsOf(config, parts);
  const blog = createBlogIndex({
    source: choosePostSource({
      posts: config.posts ?? docsDir,
      postsUrl: config.postsUrl,
      dataDir: config.dataDir,
      onError,
      onNote: (line) => logger.info(line),
      onProgress: logProgress(logger),
    }),
    onError,
    onIndexed: (summary) => logger.info(summary, 'posts indexed'),
    *warmUp(index) {
      // Most questions to posts in Chinese need it; what is wrong with it is told of by the first.
      if (index.scripts.has('cjk')) void sharedDictionary().catch(() => undefined);
      vectors?.follow(index);
      yield* warmUp(index);
    },
  });
  return { blog, vectors };
}

function vectorsOf(
  { embeddings, dataDir }: Config,
  { onError, logger, timers }: Parameters<typeof createConfiguredBlog>[1],
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

/** Reading a site takes its time; the log says how far it is, in milliseconds between two lines. */
const progressMs = 10_000;

function logProgress(logger: Logger): (progress: ScanProgress) => void {
  let toldAt = performance.now();
  return ({ done, total }) => {
    if (performance.now() - toldAt < progressMs) return;
    toldAt = performance.now();
    logger.info(`posts: ${done} of ${total} pages read`);
  };
}
