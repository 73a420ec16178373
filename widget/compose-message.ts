import type { Environment } from './environment.ts';
import type { Pending } from './outbox.ts';
import { wellFormed } from './page-facts.ts';
import { randomId } from './random-id.ts';

/** What the visitor wrote, as the server accepts it. A blank text is no message. */
export function composeMessage(
  text: string,
  environment: Pick<Environment, 'nowMs'>,
): Pending['message'] | undefined {
  const message = wellFormed(text.trim());
  if (!message) return undefined;
  const timestamp = new Date(environment.nowMs()).toISOString();
  return { type: 'chat_message', id: randomId(), message, timestamp };
}
