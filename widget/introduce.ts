import { protocolVersion } from '../shared/limits.ts';
import type { Hello } from '../shared/protocol.ts';
import { languageTag, pageFact } from './page-facts.ts';

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
