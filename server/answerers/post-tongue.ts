/** Whether a post is in one of the languages whose words have a meaning here. */
import type { Post } from '../posts/read-post.ts';
import { stopWords } from './stop-words.ts';

/** Words of prose that are looked at. */
const looked = 150;
/** Of fewer nothing can be said: notes of hardly more than code. */
const few = 20;
/** English prose has 0.3–0.5, German and French below 0.1. */
const leastShare = 0.18;

/** By how often it has the words that every English sentence has. */
export function isEnglish({ script, blocks }: Pick<Post, 'script' | 'blocks'>): boolean {
  if (script === 'cjk') return false;
  let words = 0;
  let known = 0;
  for (const { kind, text } of blocks) {
    if (kind === 'code') continue;
    for (const [word] of text.slice(0, 4_000).matchAll(/\p{L}+/gu)) {
      words += 1;
      if (stopWords.has(word.toLowerCase())) known += 1;
      if (words === looked) return known >= words * leastShare;
    }
  }
  return words < few || known >= words * leastShare;
}

/** Characters that are looked at. */
const lookedCharacters = 4_000;
/** A Chinese post may name something Japanese; a Japanese one has a kana in every other character. */
const mostOther = 0.1;

/** By its characters: Japanese and Korean have others besides those of Chinese. */
export function isChinese({ script, blocks }: Pick<Post, 'script' | 'blocks'>): boolean {
  if (script !== 'cjk') return false;
  const text = blocks
    .filter(({ kind }) => kind !== 'code')
    .map((block) => block.text)
    .join('\n')
    .slice(0, lookedCharacters);
  const chinese = text.match(/\p{sc=Han}/gu)?.length ?? 0;
  const others = text.match(/[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0;
  return others <= (chinese + others) * mostOther;
}
