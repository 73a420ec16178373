/** Longer texts are questions that mention a person, not a wish for one. */
const longestWish = 160;

const person =
  '(?:(?:a|an|the|some|your|this)\\s+)?(?:real\\s+|actual\\s+|live\\s+|human\\s+)?' +
  '(?:person|people|human(?:\\s+being)?|someone|somebody|agent|operator|representative|owner|author|blogger|webmaster|admin)';

const wishes: readonly RegExp[] = [
  new RegExp(`\\b(?:talk|speak|chat)\\s+(?:directly\\s+)?(?:to|with)\\s+${person}\\b`),
  new RegExp(`\\b(?:connect|transfer|put)\\s+me\\s+(?:through\\s+)?(?:to|with)\\s+${person}\\b`),
  new RegExp(
    `\\b(?:contact|reach|message|notify|get\\s+hold\\s+of|get\\s+in\\s+touch\\s+with)\\s+${person}\\b`,
  ),
  /^(?:i\s+(?:want|need)\s+)?(?:a\s+)?(?:real\s+)?(?:human|person|agent|operator)(?:\s+please)?\s*[.!]*$/,
  /转(?:接)?(?:到|给)?(?:人工|真人|客服|博主)/,
  /(?:联系|找|呼叫|叫)(?:一下|到)?(?:博主|站长|作者|人工|真人|客服)/,
  /(?:和|跟|与|同|找)(?:博主|站长|作者|真人|人工)(?:本人)?(?:直接)?(?:聊|说|谈|讲|沟通|对话|交流|联系)/,
  /^(?:我要|我想要|请)?(?:人工|真人)(?:客服|服务)?\s*[。！!？?]*$/,
];

/** Questions about the feature, not a use of it. */
const aboutIt =
  /功能|实现|配置|设置|代码|原理|文档|\b(?:implement|configur|feature|code|works?\b|docs?\b|component)/;

/**
 * Whether a message is a wish to talk to a person: 联系博主, 转人工, "I want to talk to a person".
 * Kept narrow: a wish that is missed can be said again, a bot that falls silent by mistake is
 * worse.
 */
export function isHumanRequest(text: string): boolean {
  if (text.length > longestWish) return false;
  const plain = text.normalize('NFKC').toLowerCase().trim();
  return !aboutIt.test(plain) && wishes.some((wish) => wish.test(plain));
}
