import type { ConversationFacts } from '../ports.ts';
import type { Session } from './session.ts';

/** What is known of the visitor, written when the first message is. */
export function conversationFacts(session: Session): ConversationFacts {
  const known = { lang: session.lang, userAgent: session.userAgent };
  if (session.kind === 'plain') return known;
  return {
    ...known,
    ...(session.page === undefined ? {} : { page: session.page }),
    ...(session.user === undefined ? {} : { user: session.user }),
    ...(session.name === undefined ? {} : { name: session.name }),
    ...(session.email === undefined ? {} : { email: session.email }),
  };
}
