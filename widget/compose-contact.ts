import { maxNameChars } from '../shared/limits.ts';
import { composeMessage } from './compose-message.ts';
import type { Environment } from './environment.ts';
import type { Pending } from './outbox.ts';
import { oneLine, pageFact } from './page-facts.ts';

export interface ContactDetails {
  readonly message: string;
  readonly name: string;
  readonly email: string;
}

/** A message to the owner with what the visitor told beside it; `undefined` for a blank text. */
export function composeContact(
  details: ContactDetails,
  environment: Pick<Environment, 'nowMs' | 'page' | 'userAgent'>,
): Pending['message'] | undefined {
  const message = composeMessage(details.message, environment);
  if (!message) return undefined;
  const name = oneLine(details.name.trim(), maxNameChars);
  const email = details.email.trim();
  const page = pageFact(environment.page());
  return {
    ...message,
    type: 'contact_request',
    userAgent: environment.userAgent(),
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    ...(page ? { page } : {}),
  };
}
