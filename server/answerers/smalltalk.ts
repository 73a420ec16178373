/**
 * Talk that asks nothing of the posts: greetings, thanks, farewells and the like, in English and
 * Chinese. A message is small talk only where phrases of it make up the whole; whatever is left
 * over makes it a question, however friendly it begins.
 */
import { normalize } from './tokenize.ts';

export type SmallTalk =
  | 'greeting'
  | 'wellbeing'
  | 'identity'
  | 'thanks'
  | 'farewell'
  | 'pleased'
  | 'agreed'
  | 'human'
  | 'wordless';

/** Which of several kinds in one message is answered: what asks most. */
const order: readonly SmallTalk[] = [
  ...(['human', 'identity', 'wellbeing', 'farewell', 'thanks', 'pleased'] as const),
  ...(['greeting', 'agreed', 'wordless'] as const),
];

const english: Readonly<Record<Exclude<SmallTalk, 'human' | 'wordless'>, string>> = {
  greeting: `hi|hello|hey|helo|hallo|hola|yo|hiya|howdy|greetings|salut|bonjour|good morning|morning
    |good afternoon|good evening|evening|good day|gday|whats up|sup|wassup|anyone there|anybody there
    |is anyone there|is anybody there|is someone there|anybody home|are you there|you there
    |nice to meet you|pleased to meet you|welcome|test|testing|is this thing on|does this work
    |i have a question|i have a quick question|can i ask a question|can i ask you something
    |can i ask you a question|may i ask a question|quick question|question|i got a question
    |can you help me|could you help me|can you help|please help me|please help|help|help me
    |i need help|i need some help|hello world`,
  wellbeing: `how are you|how are you doing|how are you today|how are you doing today|how r u
    |how is it going|hows it going|how are things|how do you do|how have you been|hows life
    |how is your day|hows your day|hows your day going|you ok|are you ok|how you doing|hru`,
  identity: `who are you|what are you|who is this|who am i talking to|who am i chatting with
    |are you a bot|are you a robot|are you an ai|are you ai|are you bot|are you a chatbot
    |are you human|are you a human|are you real|are you a real person|are you a person
    |are you a machine|are you chatgpt|are you gpt|are you claude|are you a computer
    |is this a bot|is this an ai|is this a chatbot|is this ai|is this a human|is this a real person
    |is this automated|am i talking to a bot|am i talking to a human|am i talking to a person
    |am i talking to a real person|am i talking to an ai|am i talking to a robot|bot or human
    |what can you do|what can you do for me|what do you do|what can i ask|what can i ask you
    |what can you help with|what can you help me with|how can you help|how can you help me
    |what is your name|whats your name|your name|do you have a name|tell me about yourself
    |introduce yourself|what are you for|how do you work|who made you|who built you|who created you
    |are you alive|what is this chat|what is this|what model are you|which model are you`,
  thanks: `thanks|thank you|thank u|thankyou|thx|thnx|thanx|ty|tysm|tks|cheers|much appreciated
    |many thanks|i appreciate it|appreciate it|appreciated|thanks a lot|thanks a bunch|thanks a ton
    |thank you so much|thank you very much|thanks so much|thanks for your help|thanks for the help
    |thank you for your help|thanks for your time|that helps|that helped|that helps a lot
    |that was helpful|very helpful|helpful|merci|gracias|danke|that was very helpful|big thanks
    |thanks for the answer|thank you for the answer|thanks anyway|thanks in advance`,
  farewell: `bye|bye bye|byebye|goodbye|good bye|see you|see ya|cya|see you later|see you soon|later
    |take care|good night|goodnight|night|nite|have a nice day|have a good day|have a great day
    |have a good one|have a nice evening|have a good night|have a nice weekend|have a good weekend
    |talk to you later|ttyl|so long|farewell|cheerio|thats all|that is all|i have to go|gotta go
    |until next time|catch you later|sleep well|ciao|adios`,
  pleased: `lol|lmao|rofl|haha|hahaha|ha|hehe|lolz|xd|nice|nice one|great|awesome|cool|amazing
    |perfect|excellent|brilliant|wonderful|fantastic|sweet|wow|omg|good|good job|great job|nice job
    |well done|good one|good bot|nice work|great work|love it|i love it|i like it|love this
    |i love this|i like this|impressive|neat|super|good stuff|great stuff|you are great|youre great
    |you are awesome|youre awesome|you rock|i love you|love you|nice blog|great blog|cool blog
    |i love your blog|i like your blog|love your blog|love the blog|great post|great article
    |great site|nice site|cool site|very good|very nice|thats great|thats awesome|thats cool
    |that is great|that is awesome|thats funny|funny|that was fun|interesting|very cool|so cool
    |that is cool|thats nice|that is nice|bravo|kudos|congrats|congratulations|hooray|yay`,
  agreed: `ok|okay|k|kk|okey|okie|oki|alright|all right|fine|sure|yes|yep|yeah|yup|ya|no|nope|nah
    |no thanks|no thank you|got it|i see|understood|makes sense|that makes sense|right|roger|sorry
    |my bad|never mind|nevermind|nvm|hm|hmm|mhm|uh|um|ah|oh|aha|of course|sounds good|deal|exactly
    |good to know|fair enough|i understand|oops|no problem|no worries|np|its fine|its ok|whatever
    |done|true|indeed|ok then|not really|maybe|i guess|works for me|that works|it works|it worked
    |that worked|solved|problem solved|that solved it|it is fixed|its fixed|fixed|works now`,
};
const englishFillers = `there|everyone|everybody|all|guys|folks|friend|my friend|mate|buddy|dude|man|sir
  |bro|so much|very much|a lot|again|really|very|so|please|then|now|and|but|well|too|also|oh|you|bot
  |team|today|for now|everything|man|just|here|dear|to you|im fine|im good|for everything|indeed|one
  |assistant|mr|it|that|this is|was|is|have|a|im back`;

const chinese: typeof english = {
  greeting: `你好|您好|你们好|大家好|哈喽|哈啰|哈罗|嗨|嘿|喂|早|早上好|早安|上午好|中午好|下午好|晚上好|在吗|在么|在不在
    |有人吗|有人在吗|有人么|在不|你在吗|您在吗|您好呀|初次见面|请多指教|测试|测试一下|打扰了|打扰一下|打扰|好久不见|新年快乐
    |我有个问题|我有一个问题|我想问个问题|我想问一下|想问一下|请问一下|请问|可以问个问题吗|能问个问题吗|问个问题|请教一下
    |可以帮我吗|能帮我吗|帮帮我|帮个忙|能帮我个忙吗|こんにちは|こんばんは|おはよう|안녕하세요|안녕|hello|吃了吗`,
  wellbeing: `你好吗|您好吗|最近怎么样|最近好吗|过得怎么样|你怎么样|你还好吗|近来可好|最近如何|最近还好吗|今天怎么样|你今天怎么样`,
  identity: `你是谁|您是谁|你是什么|你是机器人吗|你是机器人|你是不是机器人|你是人吗|你是真人吗|是真人吗|你是不是真人|你是ai吗
    |你是人工智能吗|你是程序吗|是机器人吗|是人工吗|你是人工吗|你是人还是机器人|你是人工还是机器人|你是机器人还是真人|是ai吗
    |你能做什么|你会什么|你可以做什么|你能干什么|你能干嘛|你会干什么|你有什么功能|你能帮我做什么|你能帮我什么|我可以问什么
    |我能问什么|我可以问你什么|可以问什么|你叫什么|你叫什么名字|你的名字|你叫啥|介绍一下你自己|自我介绍一下|介绍下你自己
    |介绍一下自己|请自我介绍|你是chatgpt吗|你是gpt吗|你是什么模型|你是哪个模型|谁做的你|谁开发的你|谁创造了你|你是博主吗
    |你是博主|你是博主本人吗|你是作者吗|你是客服吗|这是机器人吗|这是什么|这是ai吗|我在和谁聊天|我在跟谁说话`,
  thanks: `谢谢|谢谢你|谢谢您|谢了|谢啦|多谢|多谢你|感谢|感谢你|感谢您|非常感谢|十分感谢|太感谢了|万分感谢|谢谢你的帮助
    |谢谢您的帮助|谢谢帮助|感谢你的帮助|感谢帮助|谢谢分享|感谢分享|辛苦了|辛苦|麻烦了|麻烦你了|麻烦您了|很有帮助|有帮助|帮大忙了
    |ありがとう|ありがとうございます|감사합니다|谢谢回答|谢谢解答|解决了|搞定了|问题解决了|已经解决了|可以了|好用了|终于好了|成功了|感谢解答|谢谢你的回答|thanks`,
  farewell: `再见|拜拜|拜|回见|回头见|下次见|下次再聊|再聊|晚安|明天见|先这样|就这样|就这样吧|先走了|我走了|告辞|后会有期
    |祝你愉快|祝您愉快|保重|慢走|没有问题了|没问题了|没有其他问题了|bye|さようなら|おやすみ|改天聊|改天再聊|周末愉快|886|88`,
  pleased: `哈|哈哈|呵呵|嘿嘿|嘻嘻|厉害|真厉害|太厉害了|牛|牛逼|真牛|不错|很不错|真不错|真棒|太棒了|很棒|棒|好棒|赞|点赞|太好了
    |很好|非常好|真好|优秀|完美|有意思|真有意思|有趣|真有趣|喜欢|我喜欢|我很喜欢|很喜欢你的博客|喜欢你的博客|我喜欢你的博客|博客很棒
    |博客不错|你的博客很棒|写得真好|写得不错|写得很好|文章写得真好|太强了|强|好厉害|好用|真聪明|聪明|你真聪明|你真棒|你好厉害
    |你真厉害|666|加油|爱你|我爱你|笑死|有才`,
  agreed: `好|好的|好吧|好呀|好啊|行|可以|嗯|嗯嗯|恩|哦|噢|喔|额|呃|是|是的|对|对的|没错|不是|不|不用|不用了|不需要|没事|没事了
    |没关系|算了|知道了|我知道了|明白|明白了|我明白了|了解|了解了|懂了|我懂了|收到|原来如此|原来是这样|这样啊|这样子|没有了|没了|没有
    |当然|解决了|解决啦|问题解决了|已经解决了|搞定|搞定了|弄好了|成功了|不客气|抱歉|对不起|不好意思|确实|同意|有道理|好滴|好嘞|ok|okay|欧克|是这样|这样`,
};
const chineseFillers = `啊|呀|吧|呢|了|哦|嘛|啦|哈|哟|喔|的|您|你|我|博主|朋友|朋友们|各位|大家|老师|大佬|小助手|助手|机器人|亲|非常|真的
  |真是|太|很|那|那就|就|先|请|吗|你们|今天|一下|都|也|这|最近|诶|欸|さん|都好|各位好`;

function read(
  lists: Readonly<Record<string, string>>,
  fillers: string,
): ReadonlyMap<string, SmallTalk | 'filler'> {
  const phrases = new Map<string, SmallTalk | 'filler'>();
  const add = (text: string, kind: SmallTalk | 'filler'): void => {
    for (const phrase of text.split('|')) {
      const trimmed = squeeze(phrase.trim());
      if (trimmed !== '' && !phrases.has(trimmed)) phrases.set(trimmed, kind);
    }
  };
  for (const kind of order) if (Object.hasOwn(lists, kind)) add(lists[kind] ?? '', kind);
  add(fillers, 'filler');
  return phrases;
}

/** `hellooo` and `哈哈哈` say no more than `hello` and `哈`. */
function squeeze(text: string): string {
  return text
    .replace(/(.)\1{2,}/gu, '$1')
    .replace(/哈+/g, '哈')
    .replace(/(?:ha){2,}h?/g, 'haha');
}

const englishPhrases = read(english, englishFillers);
const chinesePhrases = read(chinese, chineseFillers);
const longestEnglish = 8;
const longestChinese = 12;

const cjk = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

// The whole message is a wish to reach a person; a question about contact forms is not.
const humanEnglish = new RegExp(
  '^(?:(?:hi|hello|hey|ok|please|yes|no|sorry|actually|well|thanks|but) )*' +
    '(?:(?:i (?:want|need|would like|wish|prefer|would prefer|would rather)(?: to)?|id (?:like|rather|prefer)(?: to)?|i d like to|let me|' +
    'can i|could i|may i|can you|could you|is it possible to|how (?:can|do|could) i|i wanna|just|please|connect me|put me through|get me|give me|transfer me) )*' +
    '(?:(?:please|directly|just|let me) )*' +
    '(?:(?:talk|speak|chat|write|connect me|put me through|transfer me|hand me over|get me|pass me|switch me|reach|contact|message|get in touch|ask)(?: (?:to|with|over to))? )?' +
    '(?:a|an|the|some|this|your|to a|to the|to)? ?(?:real |actual |live |human )?' +
    '(?:human|human being|person|someone real|real someone|owner|blog owner|site owner|author|blogger|operator|human agent|agent|staff|support|human support|customer service|admin|webmaster|owner of (?:this|the) (?:blog|site))' +
    '(?: (?:of|who wrote) (?:this|the) (?:blog|site|post))?(?: (?:please|instead|now|directly|about (?:this|it|that)|thanks|thank you|here))*$',
);
const humanChinese =
  /^(?:你好|您好|请问?|麻烦|那|好的?|可以|能不能|能|能否|帮我|我|想要?|需要|要|希望|怎么|如何|怎样|直接)*(?:转接?|联系|找|叫|呼叫|接|换|和|跟|与|同)?(?:一下|到|给|上|个|成|你们|你|的)*(?:博主|站长|人工|真人|作者|客服|人工客服|人工服务|管理员|主人|本人|人工坐席|真人客服)(?:本人)?(?:来)?(?:说话|聊聊|聊天|聊一?下|聊|交流|沟通|谈谈|谈一?下|谈|对话|联系|取得联系|服务|回答|处理)?(?:可以|行)?(?:吗|么|吧|呢|啊|一下|谢谢|可以吗|好吗|了)*$/;

/** Walks the units of a message; undefined where one belongs to no phrase. */
function kindsOf(message: string): Set<SmallTalk> | undefined {
  const kinds = new Set<SmallTalk>();
  const units = message.split(' ').flatMap((word) => (cjk.test(word) ? [...word] : [word]));
  let at = 0;
  while (at < units.length) {
    const chineseHere = cjk.test(units[at] ?? '');
    const phrases = chineseHere ? chinesePhrases : englishPhrases;
    const [most, glue] = chineseHere ? [longestChinese, ''] : [longestEnglish, ' '];
    let kind: SmallTalk | 'filler' | undefined;
    for (let length = Math.min(most, units.length - at); length > 0; length -= 1) {
      kind = phrases.get(units.slice(at, at + length).join(glue));
      if (kind) {
        at += length;
        break;
      }
    }
    if (!kind) return undefined;
    if (kind !== 'filler') kinds.add(kind);
  }
  return kinds;
}

/** Longer messages say something, in UTF-16 units. */
const longest = 160;

/** What kind of small talk a message is; undefined where it is a question. */
export function smallTalkOf(text: string): SmallTalk | undefined {
  if (text.length > longest) return /[\p{L}\p{N}]/u.test(text) ? undefined : 'wordless';
  const words = normalize(text)
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  if (words === '') return /\p{Extended_Pictographic}/u.test(text) ? 'agreed' : 'wordless';
  const message = squeeze(words);
  if (humanEnglish.test(message) || humanChinese.test(message.replaceAll(' ', ''))) return 'human';
  const kinds = kindsOf(message);
  return kinds && order.find((kind) => kinds.has(kind));
}
