import type { Sentences } from './sentences.ts';

export const zhCn: Sentences = {
  lang: 'zh-CN',
  connected: 'WebSocket连接已建立',
  chatMessageReceived: '消息已收到',
  contactRequestReceived: '联系请求已收到，博主将尽快回复您',
  answerFailed: '抱歉，我暂时无法处理您的请求，请稍后再试。',
  ownerNotified: '好的，我已通知博主，博主会在这里回复您。在此期间我不再自动回答。',
  ownerUnreachable:
    '抱歉，目前没有可以通知博主的渠道。您可以继续向我提问，我会从博客文章里找答案。',
  nobodyThere: '抱歉，目前没有可以通知博主的渠道。您的消息已保存，博主之后可以看到。',
  sources: '参考：',
  errors: {
    invalidJson: '消息格式错误，必须是有效的JSON',
    notAnObject: '消息格式错误，必须是JSON对象',
    invalidField: (field) => `消息格式错误：字段 ${field} 缺失或无效`,
    unknownType: (type) => `未知的消息类型: ${type}`,
    messageTooLong: (limit) => `消息过长，最多 ${limit} 个字符`,
    frameTooLarge: (limit) => `数据帧过大，最多 ${limit} 字节`,
    binaryUnsupported: '不支持二进制消息，请发送JSON文本',
    rateLimited: (seconds) => `发送过于频繁，请在 ${seconds} 秒后重试`,
    helloTwice: '每个连接只能发送一次 hello',
    helloTooLate: 'hello 必须在第一条消息之前发送',
    helloNeeded: '请先发送 hello',
    unknownAnswer: '找不到要评价的回答',
    idConflict: '该消息 id 已用于另一条内容不同的消息',
    storeUnavailable: '消息暂时无法保存，请稍后重试',
    overloaded: '服务器繁忙，请稍后重试',
    internal: '服务器内部错误，请稍后重试',
  },
};
