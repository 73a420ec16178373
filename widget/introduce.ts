import { maxEmailChars, maxNameChars, protocolVersion } from '../shared/limits.ts';
import type { Hello, Identity } from '../shared/protocol.ts';
import { languageTag, oneLine, pageFact } from './page-facts.ts';
import { isEmailAddress } from './state/email.ts';

/** An identity whose unverified parts the server would not refuse: they are hints, no more. */
export const acceptable = ({ name, email, ...proof }: Identity): Identity => ({
  ...proof,
  ...(name ? { name: oneLine(name, maxNameChars) } : {}),
  ...(email && email.length <= maxEmailChars && isEmailAddress(email) ? { email } : {}),
});

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
