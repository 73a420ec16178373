/** Longer texts are questions that mention a person, not a wish for one. */
const longestWish = 160;

const article = "(?:(?:a|an|the|your|this)\\s+)?(?:blog(?:[’']s)?\\s+|site(?:[’']s)?\\s+)?";
const owner = `${article}(?:owner|author|blogger|webmaster|admin)`;
const anyone =
  '(?:(?:a|an|the|some|your|this)\\s+)?(?:real\\s+|actual\\s+|live\\s+|human\\s+)*' +
  '(?:person|human(?:\\s+being)?|someone|somebody|agent|operator|representative|owner|author|blogger|webmaster|admin)';
const person = `(?:${anyone}|${owner})`;
const politely = '(?:(?:please|hi|hello|hey|ok)[,!.]?\\s+)*';
const wanted =
  "(?:i(?:\\s+would|['’]d)?(?:\\s+really)?\\s+(?:want|need|like|wish|prefer)\\s+to|(?:can|may|could|might)\\s+i|let\\s+me|i\\s+must|i\\s+have\\s+to)";
const talk = '(?:talk|speak|chat|write)\\s+(?:directly\\s+)?(?:to|with)';
const reach = '(?:contact|reach|message|get\\s+hold\\s+of|get\\s+in\\s+touch\\s+with)';
const end = '\\s*(?:,?\\s*(?:now|here|instead|directly|please|thanks|thank\\s+you))*\\s*[.!?]*$';
/** What ends a Chinese wish: a pause, or a word that asks or goes on to what is to be said. */
const pause = '(?=\\s*(?:$|[。！!？?，,~～;；]|本人|吗|吧|呢|一下|谢谢|来|聊|说|谈))';
const host = '(?:博主|站长|作者|人工|真人|客服)';

const wishes: readonly RegExp[] = [
  new RegExp(`\\b${wanted}\\s+(?:please\\s+)?${talk}\\s+${person}\\b`),
  new RegExp(`\\b${wanted}\\s+(?:please\\s+)?${reach}\\s+${owner}\\b`),
  new RegExp(`^${politely}${talk}\\s+${person}${end}`),
  new RegExp(`^${politely}(?:contact|message|notify|call|get|reach)\\s+${owner}${end}`),
  new RegExp(`^${politely}get\\s+in\\s+touch\\s+with\\s+${owner}${end}`),
  new RegExp(
    `^${politely}how\\s+(?:can|do|could)\\s+i\\s+(?:${reach}\\s+${owner}|${talk}\\s+${person})${end}`,
  ),
  new RegExp(`\\b(?:connect|transfer|put)\\s+me\\s+(?:through\\s+)?(?:to|with)\\s+${person}\\b`),
  new RegExp(
    `^${politely}(?:i\\s+(?:want|need)\\s+)?(?:a\\s+)?(?:real\\s+)?(?:human|person|agent|operator)${end}`,
  ),
  /转(?:接)?(?:到|给)?(?:人工|真人|客服|博主)/,
  new RegExp(`(?:联系|找|呼叫|叫)(?:一下|到|上)?${host}${pause}`),
  /(?:和|跟|与|同|找)(?:博主|站长|作者|真人|人工)(?:本人)?(?:直接)?(?:聊|说|谈|讲|沟通|对话|交流|联系)/,
  /^(?:我要|我想要|请)?(?:人工|真人)(?:客服|服务)?\s*[。！!？?]*$/,
];

/** Questions about the feature, not a use of it; and wishes to be left alone with the machine. */
const aboutIt =
  /功能|实现|配置|设置|代码|原理|文档|文章|\b(?:implement|configur|feature|code|works?\b|docs?\b|component)/;
const refused =
  /不要|不用|不想|不需要|不必|无需|别(?:转|联系|找|叫)|\b(?:not|never|without|no\s+need|don['’]?t|won['’]?t)\b/;

/**
 * Whether a message is a wish to talk to a person: 联系博主, 转人工, "I want to talk to a person".
 * Kept narrow, to what somebody says of themselves: a wish that is missed can be said again, a
 * bot that falls silent by mistake is worse.
 */
export function isHumanRequest(text: string): boolean {
  if (text.length > longestWish) return false;
  const plain = text.normalize('NFKC').toLowerCase().trim();
  if (aboutIt.test(plain) || refused.test(plain)) return false;
  return wishes.some((wish) => wish.test(plain));
}
