import type { OnError } from '../ports.ts';
import { StoreTrouble } from '../stores/sqlite-trouble.ts';
import type { Logger } from './logger.ts';

/**
 * Where errors go that nobody is told of otherwise. A store in trouble gets one line, from itself:
 * whatever fails for want of it adds nothing to that but for a log of level `debug`.
 */
export function logErrors(logger: Logger): OnError {
  return (error, { stage }) => {
    const trouble = troubleIn(error);
    if (!trouble) logger.error({ err: error, stage }, `${stage} failed`);
    else if (error === trouble && stage.startsWith('store.')) {
      logger.error({ stage, cause: String(trouble.cause) }, trouble.message);
    } else logger.debug({ err: error, stage }, `${stage} failed`);
  };
}

/** The trouble of the store that an error is, or comes from. */
function troubleIn(error: unknown): StoreTrouble | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof StoreTrouble) return cause;
  }
  return undefined;
}
