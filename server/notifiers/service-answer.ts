/** What the answer of a messaging service means: taken, not yet, or never. */
import { NoticeFailed, type Notice } from '../notifier-ports.ts';
import { maskWords } from './mask-words.ts';
import type { JsonAnswer } from './post-json.ts';

export interface Refusal {
  /** The service's own words, as far as it has any. */
  readonly reason?: string | undefined;
  /** Parts of the address that are secret; never shown, whatever the service quotes. */
  readonly secrets: readonly string[];
  readonly retryAfterMs?: number | undefined;
  /** The address is dead for good: trying again cannot help. */
  readonly gone?: boolean;
}

const maxReasonChars = 200;
/** Shorter ones guard nothing, and stand in every other word. */
const shortestSecretChars = 3;

/** A failure in words that may be logged and stored: no secret, nothing of the visitor's. */
export function refused(answer: JsonAnswer, notice: Notice, refusal: Refusal): NoticeFailed {
  const { reason = '', secrets, retryAfterMs, gone = false } = refusal;
  const said = notice.messages.flatMap(({ text, contact: { name = '' } }) => [text, name]);
  // Longest first: one secret may hold another.
  const hidden = secrets
    .filter((secret) => secret.length >= shortestSecretChars)
    .toSorted((a, b) => b.length - a.length);
  const bare = hidden.reduce((text, secret) => text.replaceAll(secret, '***'), reason);
  const words = maskWords(bare, said).slice(0, maxReasonChars).toWellFormed();
  return new NoticeFailed(
    `${answer.host} answered ${answer.status}${words === '' ? '' : `: ${words}`}`,
    { retryable: !gone, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  );
}
