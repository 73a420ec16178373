import type { ChatContext } from './context.ts';
import type { Step } from './effects.ts';
import type { Session } from './session.ts';
import { toError } from './wire.ts';

/** An error where a connection sends more frames than it may; else nothing. Counts this one. */
export function refuseIfFlooding(
  session: Session,
  context: ChatContext,
  ref: string | undefined,
): Step | undefined {
  const waitMs = context.limits.takeFrame(session.connectionId, context.now());
  return waitMs > 0 ? rateLimited(session, context, waitMs, ref) : undefined;
}

/** The error that says how long to wait. */
export function rateLimited(
  session: Session,
  context: ChatContext,
  waitMs: number,
  ref: string | undefined,
): Step {
  const say = context.sentences(session.lang).errors.rateLimited(Math.ceil(waitMs / 1000));
  const details = { ref, retryAfterMs: Math.ceil(waitMs) };
  const message = toError('rate_limited', say, context.now(), details);
  return { session, effects: [{ type: 'send', message }] };
}
