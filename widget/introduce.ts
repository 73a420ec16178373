import { maxEmailChars, maxNameChars, protocolVersion } from '../shared/limits.ts';
import type { Hello, Identity } from '../shared/protocol.ts';
import { languageTag, oneLine, pageFact } from './page-facts.ts';
import { isEmailAddress } from './state/email.ts';

const text = (value: unknown): string => String(value);

/**
 * An identity in the types that the server reads, whatever the page has (a number for `user`,
 * say), and without unverified parts that it would refuse: they are hints, no more.
 */
export function acceptable(identity: Identity): Identity {
  const { user, expires, signature, name, email }: Partial<Record<string, unknown>> = identity;
  return {
    user: text(user),
    expires: Number(expires),
    signature: text(signature),
    ...(name ? { name: oneLine(text(name), maxNameChars) } : {}),
    ...(isEmailAddress(text(email)) && text(email).length <= maxEmailChars
      ? { email: text(email) }
      : {}),
  };
}

/** A `hello` as far as it says who speaks and from where; nothing that the server would refuse. */
export function introduce(page: { url: string; title: string }, lang: string, tab: string): Hello {
  const fact = pageFact(page);
  const tag = languageTag(lang);
  return {
    type: 'hello',
    protocol: protocolVersion,
    tab,
    client: { name: 'contact-chat', version: __VERSION__ },
    ...(fact ? { page: fact } : {}),
    ...(tag ? { lang: tag } : {}),
  };
}
