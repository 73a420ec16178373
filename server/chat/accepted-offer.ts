/**
 * Where the posts do not cover a question the assistant offers to pass it to the owner. Whoever
 * says yes to that wishes for the owner, though `yes` alone is no wish.
 */
import type { AnswerOutcome, OwedAnswer, Store } from '../ports.ts';

/** Longer texts say more than yes. */
const longestYes = 60;

const owner = '(?:(?:the|your|this) )?(?:owner|author|blogger|him|her|them)';
const passOn =
  '(?:pass|send|forward|give|hand) (?:it|this|that|(?:my|the|this) question)(?: on| over| along)?' +
  `(?: to ${owner})?`;
const yes = [
  '(?:oh )?(?:yes|yeah|yea|yep|yup|sure|ok|okay|alright|all right|absolutely|definitely|of course|certainly|fine|right)',
  '(?:yes )?(?:please|pls|plz)(?: (?:do|do so|do that|ask))?',
  'y|yes (?:you (?:can|may|could)|i (?:do|want|would)(?: (?:like|want) (?:that|to))?)',
  `(?:go ahead|do it|do that|do so|please do|(?:please )?ask ${owner}|(?:please )?${passOn})`,
  "(?:that would be|that'd be|that is|that's) (?:great|good|nice|helpful|kind|perfect|lovely)",
  "(?:great|good|perfect|sounds good|why not|i would like that|i'?d like that)",
].join('|');
const politely =
  '(?: (?:please|pls|thanks|thank you|thank you very much|then|do|do so|do it|do that))*';
const english = new RegExp(`^(?:${yes})(?: (?:${yes}))?${politely}$`);

const chineseYes =
  '(?:好的?|好啊|好呀|好吧|好哒|可以的?|行|行啊|要|要的|需要|嗯+|是的?|对|当然|没问题|麻烦(?:你|您)?了?|(?:请|帮我|请帮我)?(?:转(?:给|告|达)?(?:一下|下)?(?:他|她|博主|站长|作者)?|问(?:一下|下)?(?:他|她|博主|站长|作者))(?:一下|下)?|拜托了?|ok|okay|yes)';
const chinese = new RegExp(
  `^(?:那就?|请)?${chineseYes}{1,3}(?:吧|啊|呀|哦|啦)?(?:谢谢(?:你|您|了|啦)?|多谢|感谢)?$`,
);

const thumbUp = /^\s*(?:(?:👍|👌|🙏)\p{EMod}?\s*)+$/u;

/** Whether a text says yes and nothing else. */
export function isAgreement(text: string): boolean {
  if (text.length > longestYes) return false;
  if (thumbUp.test(text)) return true;
  if (/[?？]\s*$/.test(text) && !/^\W*why not\b/i.test(text)) return false;
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
