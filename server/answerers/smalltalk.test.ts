import { describe, expect, it } from 'vitest';
import { smallTalkOf } from './smalltalk.ts';

describe('small talk', () => {
  it.each([
    [
      'greeting',
      'hello',
      'Hi!',
      'Hellooooo',
      'hey there',
      'Good morning everyone',
      'is anyone there?',
      'ＨＥＬＬＯ',
    ],
    ['greeting', '你好', '您好！', '你好呀～', '在吗？', '早上好', '你好 hello', 'h\u200bello'],
    ['wellbeing', 'how are you?', "hi, how's it going", '你好吗？', '最近怎么样'],
    ['identity', 'are you a bot?', 'Who are you', 'what can you do?', 'hi, are you human?'],
    ['identity', '你是谁？', '你是机器人吗', '你好，你能做什么？', '你叫什么名字'],
    [
      'thanks',
      'thank you so much!',
      'thx',
      'Thanks, that helps a lot',
      '谢谢',
      '非常感谢！',
      '谢谢你的帮助',
    ],
    ['farewell', 'good night', 'bye', 'thanks, bye!', '再见', '晚安', '拜拜～'],
    ['pleased', 'lol nice one', 'great', 'hahaha', '哈哈哈哈', '太棒了！', '写得真好'],
    ['agreed', 'ok', 'Okay.', 'yes', 'no thanks', 'got it', '好的', '嗯嗯', '明白了', '👍'],
    [
      'human',
      "I'd like to chat with a human please",
      'talk to a person',
      'can I speak to the owner?',
    ],
    ['human', '联系博主', '转人工', '我想和博主聊聊', '怎么联系作者？', 'human'],
    ['wordless', '?', '...', '  ', '！！！', '\u200b'],
  ] as const)('%s: %s, %s, %s …', (kind, ...messages) => {
    for (const message of messages)
      expect([message, smallTalkOf(message)]).toEqual([message, kind]);
  });

  it.each([
    '你好，这个博客系统是怎么构建的？',
    '能介绍一下使用的技术栈吗？',
    '如何部署到生产环境？',
    '你好，我想了解这个项目',
    'hello, how do I deploy?',
    'hi! what database do you use',
    'thanks, and how do I back it up?',
    'ok but why does it fail with systemd',
    'how are you storing messages?',
    'who are you deploying for',
    'what can you do with systemd timers',
    'how do I write a chat bot',
    'hello world program in rust',
    'good morning routine for developers',
    'nice command examples',
    'how do I contact the database owner with psql',
    'is there an agent for monitoring',
    'how does the owner get notified',
    '博主怎么收到通知',
    '联系表单是怎么实现的',
    '人工智能是什么',
    '作者怎么做备份',
    '谢谢，那怎么备份数据库？',
    'docker',
    '部署',
    'constructor',
    '__proto__',
  ])('a question: %s', (message) => {
    expect(smallTalkOf(message)).toBeUndefined();
  });
});
