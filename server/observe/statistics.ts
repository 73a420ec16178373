import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** A line of what happened since the line before. */
export function logStatistics(logger: Logger, metrics: Metrics): () => void {
  let before = metrics.totals();
  return () => {
    const now = metrics.totals();
    logger.info(
      {
        connections: now.connections,
        frames: now.framesReceived - before.framesReceived,
        messages: now.messagesStored - before.messagesStored,
        answers: now.answers - before.answers,
        errors: now.errors - before.errors,
      },
      'the last minute',
    );
    before = now;
  };
}
