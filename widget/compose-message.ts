/** What the visitor wrote, as the server accepts it. A blank text is no message. */
import { nanoid } from 'nanoid';
import { maxNameChars } from '../shared/limits.ts';
import type { ContactDetails } from './chat-state.ts';
import type { Environment } from './environment.ts';
import type { Pending } from './outbox.ts';
import { oneLine, pageFact, wellFormed } from './page-facts.ts';

type Message = Pending['message'] | undefined;

const stamp = (environment: Environment): string => new Date(environment.nowMs()).toISOString();

export function composeMessage(text: string, environment: Environment): Message {
  const message = wellFormed(text.trim());
  if (!message) return undefined;
  return { type: 'chat_message', id: nanoid(), message, timestamp: stamp(environment) };
}

export function composeContact(details: ContactDetails, environment: Environment): Message {
  const message = wellFormed(details.message.trim());
  if (!message) return undefined;
  const name = oneLine(details.name?.trim() ?? '', maxNameChars);
  const email = details.email?.trim();
  const page = pageFact(environment.page());
  return {
    type: 'contact_request',
    id: nanoid(),
    message,
    timestamp: stamp(environment),
    userAgent: environment.userAgent(),
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    ...(page ? { page } : {}),
  };
}
