/** The one place that lists the ways to answer. A new answerer adds a line here. */
import type { Config } from '../config.ts';
import type { Logger } from '../observe/logger.ts';
import { docsDir } from '../paths.ts';
import type { Answerer, OnError } from '../ports.ts';
import { choosePostSource } from '../posts/choose-source.ts';
import type { ScanProgress } from '../posts/web/site-scan.ts';
import { createBlogIndex } from './blog-index.ts';
import { retrievalOver, warmUp } from './retrieval.ts';

/** The configured answerer; nothing where `ANSWERER` is `off`. */
export function createAnswerer(
  config: Config,
  onError: OnError,
  logger: Logger,
): Answerer | undefined {
  switch (config.answerer) {
    case 'off':
      return undefined;
    case 'retrieval':
      return retrievalOver(
        createBlogIndex({
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
          warmUp,
        }),
      );
  }
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
