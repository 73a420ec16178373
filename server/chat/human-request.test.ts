import { describe, expect, it } from 'vitest';
import { change, reply } from '../owner/conversation-actions.ts';
import { chat, contact, createTestChat, echo, textsOf, typesOf } from './chat-harness.ts';
import { isHumanRequest } from './human-request.ts';

const notified = '好的，我已通知博主，博主会在这里回复您。在此期间我不再自动回答。';
const unreachable =
  '抱歉，目前没有可以通知博主的渠道。您可以继续向我提问，我会从博客文章里找答案。';

describe('a wish for a person', () => {
  it.each([
    '联系博主',
    '转人工',
    '我想转人工客服',
    '请帮我联系一下博主',
    '我要找站长',
    '能和博主直接聊聊吗？',
    '我想跟作者沟通',
    '人工客服',
    '转接到真人',
    'I want to talk to a person',
    'Can I speak with a human?',
    'please connect me to the owner',
    'put me through to a real person',
    'How can I contact the owner?',
    'talk to a human being',
    'TALK TO A PERSON!',
    'I need a human',
    'get in touch with the author',
    'human please',
    "I'd like to speak with the blog's owner",
    'May I contact the author?',
    'please, notify the owner',
    '如何联系博主？',
    '帮我找一下作者吧',
    '联系博主，我有个问题',
  ])('is %s', (text) => {
    expect(isHumanRequest(text)).toBe(true);
  });

  it.each([
    '你好，这个博客系统是怎么构建的？',
    '能介绍一下使用的技术栈吗？',
    '如何部署到生产环境？',
    '你好，我想了解这个项目',
    '人工智能是什么？',
    '怎么实现转人工功能？',
    '联系表单怎么配置？',
    '博主是谁？',
    '博主用的什么框架？',
    'Who is the owner of this blog?',
    'How do I implement a contact form?',
    'How does the contact the owner feature work?',
    'What is a user agent?',
    'Which people wrote this?',
    'Does the author talk about Rust?',
    'Is there a person class in the Python examples?',
    'human-readable dates in JavaScript',
    'How do I notify the owner by e-mail?',
    'How do I notify people about new posts?',
    'Does the widget notify the owner when a visitor writes?',
    'How can I reach people who use screen readers?',
    'How do I contact someone at GitHub support?',
    'Can visitors talk to the owner?',
    'How do you speak to people about type safety?',
    '找作者写的关于 SQLite 的文章',
    '怎么找作者以前的文章？',
    'I do not want to talk to a person',
    "I don't want to talk to the owner",
    '不要转人工',
    '不用联系博主',
    '博主怎么联系读者的',
    'message the author field in front matter',
    `${'a long story '.repeat(20)} and I want to talk to a person`,
    '',
  ])('is not %s', (text) => {
    expect(isHumanRequest(text)).toBe(false);
  });
});

describe('in a chat message', () => {
  it('is answered as any question, tells the owner, and then the assistant falls silent', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    const { client } = await test.connectHello();
    client.send(chat('转人工', 'a'));
    await test.settle();
    expect(client.take()).toMatchObject([
      { type: 'chat_message_received', id: 'a', seq: 1 },
      { type: 'chat_message', id: 'ai:a', seq: 2, sender: 'assistant', message: notified },
      { type: 'handler', answering: 'owner' },
    ]);
    client.send(chat('有人吗', 'b'));
    await test.settle();
    expect(typesOf(client.take())).toEqual(['chat_message_received']);
    expect(await test.store.owedWork()).toMatchObject({ answers: 0, notices: 2 });
    expect(test.notices.length).toBeGreaterThan(0);
  });

  it('also of a client without hello, which gets no other types', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    const client = test.connect();
    client.send(chat('I want to talk to a person', 'a'));
    await test.settle();
    client.send(chat('anybody?', 'b'));
    await test.settle();
    expect(typesOf(client.take())).toEqual([
      ...['connection_established', 'chat_message_received', 'chat_message'],
      'chat_message_received',
    ]);
  });

  it('says so where nobody can be told, and goes on answering', async () => {
    const test = createTestChat({ answer: echo });
    const { client } = await test.connectHello();
    client.send(chat('联系博主', 'a'));
    client.send(chat('技术栈', 'b'));
    await test.settle();
    expect(textsOf(client.take())).toEqual([unreachable, 'about 技术栈']);
  });

  it('answers what was asked in the same breath, in order', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    const { client } = await test.connectHello();
    client.send(chat('one', 'a'));
    client.send(chat('转人工', 'b'));
    client.send(chat('three', 'c'));
    await test.settle();
    await test.settle();
    expect(textsOf(client.take())).toEqual(['about one', notified, 'about three']);
  });

  it('is not looked for in a contact request', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    const { client } = await test.connectHello();
    client.send(contact('转人工', 'a'));
    client.send(chat('技术栈', 'b'));
    await test.settle();
    expect(textsOf(client.take())).toEqual(['about 技术栈']);
  });
});

describe('human_request', () => {
  it('hands over to the owner, survives a reconnect, and can be taken back', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    const { client, session } = await test.connectHello();
    client.send({ type: 'human_request' });
    await test.settle();
    expect(client.take()).toMatchObject([
      { type: 'chat_message', sender: 'system', message: notified, seq: 1 },
      { type: 'handler', answering: 'owner' },
    ]);
    const again = await test.connectHello({ token: session.token });
    expect(again.session.answering).toBe('owner');
    again.client.send(chat('hello?', 'a'));
    again.client.send({ type: 'human_request', active: false });
    await test.settle();
    again.client.send(chat('and now?', 'b'));
    await test.settle();
    expect(again.client.take()).toMatchObject([
      { type: 'chat_message_received', id: 'a' },
      { type: 'handler', answering: 'assistant' },
      { type: 'chat_message_received', id: 'b' },
      { type: 'chat_message', id: 'ai:b' },
    ]);
  });

  it('twice tells the owner once', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    const { client } = await test.connectHello();
    client.send({ type: 'human_request' });
    client.send({ type: 'human_request', active: true });
    await test.settle();
    expect(typesOf(client.take())).toEqual(['chat_message', 'handler', 'handler']);
    expect(await test.store.owedWork()).toMatchObject({ notices: 1 });
  });

  it('brings a conversation back that was done, once', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'], ownerOnline: true });
    const { client, session } = await test.connectHello();
    const id = session.conversation_id;
    client.send({ type: 'human_request' });
    await test.settle();
    await change(test.desk, id, { done: true });
    client.take();
    for (let pressed = 0; pressed < 3; pressed += 1) client.send({ type: 'human_request' });
    await test.settle();
    expect(await test.store.conversation(id)).toMatchObject({
      ...{ view: 'waiting', waiting: 'human_request', lastSeq: 2 },
    });
    expect(textsOf(client.take())).toEqual([notified]);
    expect(await test.store.owedWork()).toMatchObject({ notices: 2 });
  });

  it('is heard where the owner answered and nobody waits any more, once', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    const { client, session } = await test.connectHello();
    const id = session.conversation_id;
    client.send(chat('x', 'a'));
    await test.settle();
    await reply(test.desk, id, { id: 'o', text: 'hello', takesOver: true });
    client.take();
    for (let pressed = 0; pressed < 3; pressed += 1) client.send({ type: 'human_request' });
    await test.settle();
    expect(textsOf(client.take())).toEqual([notified]);
    expect(await test.store.conversation(id)).toMatchObject({ waiting: 'human_request' });
  });

  it('is told again after a minute while the owner is away, and not while they are there', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    const { client, session } = await test.connectHello();
    client.send({ type: 'human_request' });
    await test.advance(40_000);
    client.send(chat('hello?', 'a'));
    await test.advance(19_999);
    client.send({ type: 'human_request' });
    await test.settle();
    expect(textsOf(client.take())).toEqual([notified]);
    await test.advance(1);
    client.send({ type: 'human_request' });
    client.send({ type: 'human_request' });
    await test.settle();
    expect(textsOf(client.take())).toEqual([notified]);
    // Whoever comes back is measured by what was last written.
    const { client: again } = await test.connectHello({ token: session.token });
    again.send({ type: 'human_request' });
    test.setOwnerOnline(true);
    await test.advance(120_000);
    again.send({ type: 'human_request' });
    await test.settle();
    expect(textsOf(again.take())).toEqual([]);
    test.setOwnerOnline(false);
    again.send({ type: 'human_request' });
    await test.settle();
    expect(textsOf(again.take())).toEqual([notified]);
  });

  it('in the hands of an owner who cannot be told promises no answers of the assistant', async () => {
    const test = createTestChat({ answer: echo });
    const { client, session } = await test.connectHello({ lang: 'en' });
    client.send(chat('x', 'a'));
    await test.settle();
    await reply(test.desk, session.conversation_id, { id: 'o', text: 'hello', takesOver: true });
    client.take();
    client.send({ type: 'human_request' });
    await test.settle();
    expect(textsOf(client.take())).toEqual([expect.stringContaining('Your messages are kept')]);
    expect(await test.store.conversation(session.conversation_id)).toMatchObject({
      ...{ answering: 'owner', waiting: 'human_request' },
    });
  });

  it('where nobody can be told says so, and the assistant goes on', async () => {
    const test = createTestChat({ answer: echo });
    const { client } = await test.connectHello();
    client.send({ type: 'human_request' });
    client.send(chat('技术栈', 'b'));
    await test.settle();
    expect(client.take()).toMatchObject([
      { type: 'chat_message', sender: 'system', message: unreachable },
      { type: 'chat_message_received' },
      { type: 'chat_message', message: 'about 技术栈' },
    ]);
  });
});
