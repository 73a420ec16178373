/** The one place that lists the ways to answer. A new answerer adds a line here. */
import type { Config } from '../config.ts';
import type { Logger } from '../observe/logger.ts';
import { docsDir } from '../paths.ts';
import type { Answerer, OnError } from '../ports.ts';
import { createHttpAnswerer } from './http.ts';
import { createRetrievalAnswerer } from './retrieval.ts';

/** The configured answerer; nothing where `ANSWERER` is `off`. */
export function createAnswerer(
  config: Config,
  onError: OnError,
  logger: Logger,
): Answerer | undefined {
  switch (config.answerer) {
    case 'off':
      return undefined;
    case 'http':
      // The configuration is refused without it.
      return config.qa && createHttpAnswerer(config.qa);
    case 'retrieval':
      return createRetrievalAnswerer({
        folder: config.posts ?? docsDir,
        baseUrl: config.postsUrl,
        watch: true,
        onError,
        onIndexed: (summary) => logger.info(summary, 'posts indexed'),
      });
  }
}
