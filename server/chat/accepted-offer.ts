/**
 * Where the posts do not cover a question the assistant offers to pass it to the owner. Whoever
 * says yes to that wishes for the owner, though `yes` alone is no wish.
 */
import type { AnswerOutcome, OwedAnswer, Store } from '../ports.ts';

/** Longer texts say more than yes. */
const longestYes = 60;

const yes = [
  '(?:oh )?(?:yes|yeah|yea|yep|yup|sure|ok|okay|alright|all right|absolutely|definitely|of course|certainly|fine|right)',
  '(?:yes )?(?:please|pls|plz)(?: (?:do|do so|do that|pass it on|ask|ask him|ask her|ask them))?',
  '(?:go ahead|do it|do that|do so|pass it on|please do|ask (?:him|her|them))',
  "(?:that would be|that'd be|that is|that's) (?:great|good|nice|helpful|kind|perfect|lovely)",
  '(?:great|good|perfect|sounds good|why not|i would like that|id like that)',
].join('|');
const politely =
  '(?: (?:please|pls|thanks|thank you|thank you very much|then|do|do so|do it|do that))*';
const english = new RegExp(`^(?:${yes})(?: (?:${yes}))?${politely}$`);

const chineseYes =
  '(?:好的?|好啊|好呀|好吧|好哒|可以的?|行|行啊|要|要的|需要|嗯+|是的?|对|当然|没问题|麻烦(?:你|您)?了?|请转|转吧|请转(?:给|告)(?:他|她|博主)|转给(?:他|她|博主)|帮我转(?:一下|给博主)?|拜托了?|ok|okay|yes)';
const chinese = new RegExp(
  `^(?:那就?|请)?${chineseYes}{1,3}(?:吧|啊|呀|哦|啦|了)?(?:谢谢(?:你|您|了)?|多谢|感谢)?$`,
);

/** Whether a text says yes and nothing else. */
export function isAgreement(text: string): boolean {
  if (text.length > longestYes) return false;
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’']/g, "'")
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .trim();
  return english.test(words) || chinese.test(words.replaceAll(' ', ''));
}

/** Whether what came of the last answer was such an offer. */
export const isOffer = (outcome: AnswerOutcome | undefined): boolean => outcome === 'not_covered';

/** The same of a question that is owed an answer, as stored. */
export async function acceptsOffer(
  { conversationId, questionSeq, text }: OwedAnswer,
  store: Pick<Store, 'messages'>,
): Promise<boolean> {
  if (!isAgreement(text)) return false;
  const range = { beforeSeq: questionSeq, limit: 1, maxBytes: 256 * 1024 };
  const [before] = (await store.messages(conversationId, range)).messages;
  return before?.sender === 'assistant' && isOffer(before.outcome);
}
