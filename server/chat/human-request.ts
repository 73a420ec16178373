/** Longer texts are questions that mention a person, not a wish for one. */
const longestWish = 160;

// English. All is compared in lower case, a clause at a time.
const blog = '(?:this |the |your )?(?:blog|site|website)';
const owner =
  `(?:(?:an?|the|your|this) )?(?:(?:blog|site)(?:'s)? )?` +
  `(?:owner|author|blogger|webmaster|admin)(?: of ${blog})?(?! of\\b|'s)`;
const real = '(?:(?:real|actual|live|human) )*';
const human =
  `(?:(?:an?|the|some|your|this|any) )?${real}` +
  '(?:person|human(?: being)?|someone|somebody|anyone|anybody|agent|operator|representative)';
const person = `(?:${human}|${owner})`;
const machine = '(?:an?|the|this|your) (?:chat ?bot|bot|robot|machine|computer|ai)';
const wanted =
  "(?<!\\b(?:how|where|when) )(?:i(?: would|'d)?(?: really)? (?:want|need|like|wish|prefer|rather)(?: to)?|(?:can|may|could|might) i|let me|i must|i have to)";
const talking = '(?:talk|talking|speak|speaking|chat|chatting|write)(?: directly)? (?:to|with)';
const reach =
  '(?:contact|reach|message|get hold of|get in touch with|leave a message for|write to)';
/** What may follow whom somebody wants: anything else makes another thing of it. */
const after =
  '(?=$| (?:about|who|that|regarding|now|here|today|instead|directly|please|and|or|because|behind|not|again|right|thanks|thank|before|in person|on the phone)\\b)';
const end =
  '(?: (?:now|here|instead|directly|please|thanks|thank you|that|i can (?:talk|speak) to))*$';

const englishWishes = [
  `\\b${wanted} (?:please )?${talking} ${person}${after}`,
  `\\b${wanted} (?:please )?${reach} ${owner}${after}`,
  `^(?:live )?${talking} ${person}${end}`,
  `^(?:contact|message|notify|call|reach|get in touch with|(?:can you )?get(?: me)?) ${owner}${end}`,
  `^(?:get|give) me ${human}${end}`,
  `^(?:how (?:can|do|could) i|how to) (?:${reach} ${owner}|${talking} ${person})(?: about .*)?${end}`,
  `^(?:what's the best|what is the best|is there a|is there any|any) way to (?:${reach} ${owner}|${talking} ${person})${end}`,
  `\\b(?:connect|transfer|put|hand|switch) me (?:over |through )?(?:to|with) ${person}${after}`,
  `^switch to ${human}${end}`,
  `^i (?:want|need) (?:help from )?(?:an? )?${real}(?:human|person|agent|operator)${end}`,
  `^(?:i )?need human help${end}`,
  `^i have a question for ${owner}${end}`,
  `^(?:an? )?${real}(?:human|person|agent|operator|representative)(?: support)?(?: please)?$`,
  `^${owner} please$`,
  `^is (?:there )?${human} (?:here|there|online|available|around|i can (?:talk|speak) to)$`,
  `^is ${owner} (?:here|there|online|available|around)$`,
  `^are you (?:there|here|online) ${owner}$`,
  `^(?:(?:can|could) you )?(?:tell|ask|let|inform) ${owner} (?:to|that|know)\\b`,
  `^(?:can|could) ${owner} (?:call|contact|answer|help|write to|reply to) me\\b`,
  `\\b(?:do not|don't) want to ${talking} ${machine}\\b`,
  `^not ${machine}$`,
].map((wish) => new RegExp(wish));

// Chinese.
const host = '(?:你们)?(?:博主|站长|作者|人工|真人|客服)(?:客服|服务)?(?:本人)?';
const hostOwner = '(?:博主|站长|作者)(?:本人)?';
/** What ends a wish: nothing more, or a word that asks or goes on to what is to be said. */
const pause = '(?=$|[ 吗吧呢啊呀了来聊说谈问]|一下|谢谢|有事|出来|帮|一?个问题)';
const speak = '(?:直接|好好|当面)?(?:聊|说|谈|讲|沟通|对话|交流|联系)';

const chineseWishes = [
  `转(?:接)?(?:到|给)?${host}${pause}`,
  `(?<!读者|访客|用户)(?:联系|找|呼叫|换|接|(?<=^|帮我|请|去|给我|把)叫)(?:一下|下|到|上|个)?${host}${pause}`,
  `(?:想|要|能|可以|希望|找).{0,4}(?:和|跟|与|同|找)${host}${speak}`,
  `^(?:和|跟|与|同|找)${host}${speak}`,
  `^(?:我)?(?:要|想要|需要|给我|换|请|来个?)?(?:个)?(?:人工|真人)(?:客服|服务)?(?:呢)?$`,
  `有(?:没有)?(?:人工|真人)(?:客服|服务)?(?:在)?(?:吗|么)?$`,
  `^${hostOwner}(?:你|您)?(?:现在)?(?:还)?在(?:线)?(?:吗|么|不在|不)$`,
  `^(?!.*(?:怎么|如何|怎样)).*(?:通知|转告|告诉)(?:一下|下)?${hostOwner}${pause}`,
  `(?:请|让|叫)${hostOwner}(?:亲自|尽快|来|快|给我)*(?:联系我|回复|回答|找我|回个?电话)(?!的)`,
  '^有人(?:在)?(?:吗|么)$',
  '^我?(?:要|想)(?:和|跟|与)人(?:聊|说)',
  `(?:给|向)${hostOwner}(?:留言|留个言|留个话|发消息|发条消息)`,
  `(?:想|要).{0,6}(?:问|请教)(?:一下|下)?${hostOwner}${pause}`,
  '不想(?:再)?(?:和|跟|与)(?:机器人|机器|ai) ?(?:聊|说|谈|讲)',
].map((wish) => new RegExp(wish));

const wishes = [...englishWishes, ...chineseWishes];

/** Questions about the feature, not a use of it. */
const aboutIt =
  /功能|实现|配置|设置|代码|原理|文档|文章|按钮|教程|\b(?:implement|configur|feature|code|works?\b|docs?\b|component)/;
/** Wishes to be left alone with the machine; those to be rid of it are no refusals. */
const refusal =
  /不要|不用|不想|不需要|不必|无需|没必要|别(?:转|联系|找|叫|通知)|\b(?:not|never|without|no need|don't|won't)\b/;
const ofMachines = new RegExp(`机器|\\bai\\b|(?<![a-z])ai(?![a-z])|${machine}`);

/** Said in front of a wish, or by itself, without changing it. */
const politely = /^(?:(?:please|pls|hi|hello|hey|ok|okay|so|你好|您好|请问) ?)+/;
const marks = /[^\p{L}\p{N}' ]+/gu;

function isWish(clause: string): boolean {
  if (aboutIt.test(clause)) return false;
  if (refusal.test(clause) && !ofMachines.test(clause)) return false;
  return wishes.some((wish) => wish.test(clause));
}

/**
 * Whether a message is a wish to talk to a person: 联系博主, 转人工, "I want to talk to a person".
 * Kept narrow, to what somebody says of themselves: a wish that is missed can be said again, a
 * bot that falls silent by mistake is worse. Measured on `human-request-phrases.ts`.
 */
export function isHumanRequest(text: string): boolean {
  if (text.length > longestWish) return false;
  const plain = text.normalize('NFKC').toLowerCase().replace(/[’‘`]/g, "'");
  // A name that is called out belongs to what was asked of it.
  const joined = plain.replace(/\b(there|here|online), /g, '$1 ');
  return joined
    .split(/[.,;:!?。、…~\n]+/u)
    .map((clause) => clause.replace(marks, ' ').replace(/\s+/g, ' ').trim().replace(politely, ''))
    .some(isWish);
}
