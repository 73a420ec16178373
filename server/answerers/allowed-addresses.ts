/** Which addresses an answer may link to: those of the passages it was given, and those in them. */
import type { GivenPassage } from './choose-passages.ts';

const inText = /https?:\/\/[^\s<>"'`，。；！？、（）【】「」《》]+/giu;

/** Without the anchor, and without what ends a sentence. */
const bare = (url: string): string => url.replace(/#.*$/su, '').replace(/[/.,;:!?)\]*_~]+$/, '');

export function allowedAddresses(passages: readonly GivenPassage[]): (url: string) => boolean {
  const allowed = new Set<string>();
  for (const { url, text } of passages) {
    allowed.add(bare(url));
    for (const [address] of text.matchAll(inText)) allowed.add(bare(address));
  }
  // The beginning of a page: `#anchor` alone, or nothing, leads nowhere in a chat.
  allowed.delete('');
  return (url) => allowed.has(bare(url));
}
