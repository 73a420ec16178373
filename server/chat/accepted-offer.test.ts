import { describe, expect, it } from 'vitest';
import type { Answer, Question } from '../answerer-ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { isAgreement } from './accepted-offer.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { chat, createTestChat, echo } from './chat-harness.ts';

describe('yes', () => {
  it.each([
    ...['yes', 'Yes please!', 'yeah, sure', 'OK', 'ok thanks', 'Please do.', 'go ahead', 'Sure'],
    ...['Yes, pass it to the owner', 'Yes, pass my question on to the owner please', 'y', '👍🏽'],
    ...['please ask the owner', 'Yes, you can', 'please send it to them', '请帮我问一下博主'],
    ...['要，请帮我转给他', '麻烦转一下', '好呀！谢谢啦', 'I’d like that'],
    ...['yes, that would be great', 'please pass it on', 'Yes, please ask them', 'why not?'],
    ...[
      '好',
      '好的',
      '好的，谢谢',
      '可以',
      '行',
      '要',
      '嗯嗯',
      '麻烦你了',
      '请转给博主',
      '那就转吧',
      '好的 麻烦您了',
    ],
  ])('is %s', (text) => expect(isAgreement(text)).toBe(true));

  it.each([
    ...[
      'no',
      'no thanks',
      'yes, but how do I install it?',
      'ok google',
      'what?',
      '',
      '?',
      'yesterday',
    ],
    ...['ok?', 'right?', 'please pass the salt', 'give it a try', '好了', '行了', '问', '👎'],
    ...[
      'please explain more',
      'sure about that?',
      '不用了',
      '好的，那怎么部署？',
      '好看吗',
      '是什么',
      '要钱吗',
      '可以吗',
    ],
  ])('is not %s', (text) => expect(isAgreement(text)).toBe(false));
});

describe('whoever says yes to the offer to ask the owner', () => {
  const unsure = ({ text, lang }: Question): Answer =>
    text.startsWith('known')
      ? echo({ text, lang, history: [] })
      : { text: 'Not covered. Shall I ask the owner?', citations: [], outcome: 'not_covered' };

  it.each([true, false])('is passed on and told so (hello: %s)', async (hello) => {
    const test = createTestChat({ answer: unsure, channels: ['mail'] });
    const client = hello ? (await test.connectHello({ lang: 'en' })).client : test.connect();
    client.send(chat('what is this?', 'q1'));
    await test.settle();
    client.send(chat('Yes, please!', 'q2'));
    await test.settle();
    const answers = client.take().filter(({ type }) => type === 'chat_message');
    expect(answers.at(-1)).toMatchObject({ in_reply_to: 'q2' });
    expect(test.answered).toEqual(['not_covered', 'human_request']);
    expect((await test.store.owedWork()).notices).toBe(1);
    const [conversation] = (await test.store.conversations({ limit: 1 })).conversations;
    expect(conversation).toMatchObject({ answering: 'owner', waiting: 'human_request' });
  });

  it.each([0, 2, undefined])('comes back from %s in between and says it then', async (last_seq) => {
    const test = createTestChat({ answer: unsure, channels: ['mail'] });
    const { client, session } = await test.connectHello();
    client.send(chat('what is this?', 'q1'));
    await test.settle();
    client.leave();
    const back = await test.connectHello({ token: session.token, last_seq });
    back.client.send(chat('好的', 'q2'));
    await test.settle();
    expect(test.answered).toEqual(['not_covered', 'human_request']);
    expect((await test.store.owedWork()).notices).toBe(1);
  });

  it('is answered in turn though the store cannot be read for a while', async () => {
    const store = createMemoryStore();
    const { messages } = store;
    const test = createTestChat({ answer: unsure, channels: ['mail'], store });
    const { client } = await test.connectHello();
    client.send(chat('what is this?', 'q1'));
    await test.settle();
    store.messages = () => Promise.reject(new StoreUnavailable('The disk is away.'));
    client.send(chat('yes', 'q2'));
    client.send(chat('known thing', 'q3'));
    await test.settle();
    expect(test.answered).toEqual(['not_covered']);
    store.messages = messages;
    await test.advance(5_000);
    expect(test.answered).toEqual(['not_covered', 'human_request', 'found']);
  });

  it('has to say it to the offer, not to anything else', async () => {
    const test = createTestChat({ answer: unsure, channels: ['mail'] });
    const { client } = await test.connectHello();
    for (const text of ['what is this?', 'known thing', 'yes']) {
      client.send(chat(text, text.replaceAll(/\W/g, '')));
      await test.settle();
    }
    expect(test.answered).toEqual(['not_covered', 'found', 'not_covered']);
    expect((await test.store.owedWork()).notices).toBe(0);
  });
});
