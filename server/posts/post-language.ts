/** Which language a post is in: what it says itself, else what its letters show. */
import type { Post } from './read-post.ts';

const scripts: readonly (readonly [RegExp, string])[] = [
  [/[\p{sc=Hiragana}\p{sc=Katakana}]/gu, 'ja'],
  [/\p{sc=Hangul}/gu, 'ko'],
  [/\p{sc=Han}/gu, 'zh'],
  [/\p{sc=Cyrillic}/gu, 'Cyrillic'],
  [/\p{sc=Greek}/gu, 'el'],
  [/\p{sc=Arabic}/gu, 'Arabic'],
  [/\p{sc=Hebrew}/gu, 'he'],
  [/\p{sc=Thai}/gu, 'th'],
  [/\p{sc=Devanagari}/gu, 'Devanagari'],
];
/** Of a text in such a script at least this part of its letters is in it; prose has foreign words. */
const leastShare = 0.15;
const englishWords = /\b(?:the|and|of|to|is|in|that|for|with|you|it|this)\b/gi;

/** A language, `en`; the name of a script where the letters do not tell the language. */
export function languageOf(post: Pick<Post, 'title' | 'lang' | 'blocks'>): string {
  const named = /^[a-z]{2,3}(?=$|[-_])/i.exec(post.lang ?? '')?.[0];
  if (named !== undefined) return named.toLowerCase();
  const prose = post.blocks.filter((block) => block.kind !== 'code').map((block) => block.text);
  const text = [post.title, ...prose].join('\n').slice(0, 8_000);
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  for (const [pattern, language] of scripts) {
    if ((text.match(pattern)?.length ?? 0) > letters * leastShare) return language;
  }
  const words = text.match(/\p{L}+/gu)?.length ?? 0;
  return (text.match(englishWords)?.length ?? 0) >= words * 0.08 ? 'en' : 'Latin';
}
