/**
 * How many tokens a text is, about, without the tokenizer of any model.
 *
 * DeepSeek gives 0.3 tokens for an English character and 0.6 for a Chinese one
 * (https://api-docs.deepseek.com/quick_start/token_usage); models with smaller vocabularies need
 * up to a whole token for the latter. The estimate is for limits, so it errs on the high side.
 */
const perWideCharacter = 1;
const perOtherCharacter = 0.33;
/** What a message costs besides its text: its role and its borders. */
const perMessage = 4;

const wide = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]/g;

/** @returns a whole number, 0 for an empty text */
export function estimateTokens(text: string): number {
  const wideCharacters = text.match(wide)?.length ?? 0;
  const others = text.length - wideCharacters;
  return Math.ceil(wideCharacters * perWideCharacter + others * perOtherCharacter);
}

/** The same for messages of a conversation. */
export const estimateMessages = (messages: readonly { readonly content: string }[]): number =>
  messages.reduce((sum, { content }) => sum + estimateTokens(content) + perMessage, 0);

/** The beginning of a text that is at most about so many tokens, ended with `…` where it is cut. */
export function cutToTokens(text: string, most: number): string {
  if (estimateTokens(text) <= most) return text;
  let from = 0;
  let to = text.length;
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (estimateTokens(text.slice(0, middle)) < most) from = middle;
    else to = middle - 1;
  }
  return `${text.slice(0, from).toWellFormed().trimEnd()}…`;
}
