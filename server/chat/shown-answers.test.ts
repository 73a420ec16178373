import { describe, expect, it } from 'vitest';
import type { ServerMessage } from '../../shared/protocol.ts';
import { change, reply } from '../owner/conversation-actions.ts';
import { chat, createTestChat, heldAnswers, textsOf, typesOf } from './chat-harness.ts';

/** What a client was shown of answers that are being written: `<id> <index> <text>`. */
const deltasOf = (messages: readonly ServerMessage[]): string[] =>
  messages.flatMap((message) =>
    message.type === 'chat_message_delta' ? `${message.id} ${message.index} ${message.delta}` : [],
  );

async function asking() {
  const { asked, answer } = heldAnswers();
  const test = createTestChat({ answer });
  const { client, session } = await test.connectHello();
  client.send(chat('x', 'a'));
  await test.settle();
  client.take();
  const [first] = asked;
  if (!first?.progress) throw new Error('nothing is asked, or nobody watches');
  return { test, asked, first, write: first.progress.delta, client, session };
}

describe('an answer that is being written', () => {
  it('is shown piece by piece, then as a whole', async () => {
    const { test, first, write, client } = await asking();
    write('about');
    await test.advance(50);
    write(' x');
    await test.settle();
    first.release();
    await test.settle();
    const common = { type: 'chat_message_delta', id: 'ai:a', in_reply_to: 'a' };
    expect(client.take()).toMatchObject([
      { ...common, index: 0, delta: 'about' },
      { ...common, index: 1, delta: ' x' },
      { type: 'chat_message', id: 'ai:a', in_reply_to: 'a', message: 'about x' },
    ]);
    expect(test.firstShownMs).toEqual([0]);
    // Nothing of it comes after the whole.
    write('late');
    await test.advance(1_000);
    expect(client.take()).toEqual([]);
  });

  it('is no longer being typed once there is something to read', async () => {
    const { test, first, write, client } = await asking();
    await test.advance(700);
    write('ab');
    await test.advance(1_000);
    write('cd');
    first.release();
    await test.settle();
    const received = client.take();
    expect(typesOf(received)).toEqual([
      ...['typing', 'typing', 'chat_message_delta', 'chat_message_delta', 'chat_message'],
    ]);
    expect(received.slice(0, 2)).toMatchObject([{ active: true }, { active: false }]);
    expect(test.firstShownMs).toEqual([700]);
  });

  it('is not shown to a client without hello, whose answerer knows that nobody watches', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const client = test.connect();
    client.send(chat('x', 'a'));
    await test.settle();
    expect(asked[0]?.progress).toBeUndefined();
    asked[0]?.release();
    await test.settle();
    expect(typesOf(client.take()).slice(1)).toEqual(['chat_message_received', 'chat_message']);
  });

  it('is shown in its conversation alone', async () => {
    const { test, write, client } = await asking();
    const other = await test.connectHello();
    write('secret');
    await test.settle();
    expect(deltasOf(client.take())).toHaveLength(1);
    expect(other.client.take()).toEqual([]);
  });

  it('is shown from its beginning to whoever comes back meanwhile', async () => {
    const { test, first, write, client, session } = await asking();
    write('one ');
    await test.advance(50);
    write('two ');
    client.leave();
    const back = await test.connectHello({ token: session.token, last_seq: 1 });
    await test.advance(50);
    write('three');
    await test.advance(50);
    expect(deltasOf(back.client.take())).toEqual(['ai:a 0 one two three']);
    first.release();
    await test.settle();
    expect(textsOf(back.client.take())).toEqual(['about x']);
  });

  it('begins anew from index 0 where its answerer does', async () => {
    const { test, first, write, client } = await asking();
    write('wrong');
    await test.advance(50);
    first.progress?.restart();
    write('right');
    await test.advance(50);
    write('ly');
    await test.advance(50);
    expect(deltasOf(client.take())).toEqual(['ai:a 0 wrong', 'ai:a 0 right', 'ai:a 1 ly']);
  });

  it('ends with a polite sentence where its answerer fails half-way', async () => {
    const { test, first, write, client } = await asking();
    write('half');
    first.fail(new Error('down'));
    await test.settle();
    const received = client.take();
    expect(typesOf(received)).toEqual(['chat_message_delta', 'chat_message']);
    expect(received[1]).toMatchObject({ id: 'ai:a', message: expect.stringContaining('抱歉') });
  });

  it('does not fill the buffer of a client that does not read, which is shown more at once', async () => {
    const { test, write, client, session } = await asking();
    const second = await test.connectHello({ token: session.token, last_seq: 1 });
    second.client.take();
    second.client.stopReading();
    for (let piece = 0; piece < 60; piece += 1) {
      write(`${'x'.repeat(999)}.`);
      await test.advance(50);
    }
    const before = deltasOf(second.client.take());
    expect(deltasOf(client.take())).toHaveLength(60);
    expect(before.join('').length).toBeLessThan(20_000);
    expect(second.client.closed).toBeUndefined();
    second.client.read();
    write('the end');
    await test.advance(50);
    const after = deltasOf(second.client.take());
    const texts = [...before, ...after].map((line) => line.split(' ').slice(2).join(' '));
    expect(texts.join('')).toBe(`${`${'x'.repeat(999)}.`.repeat(60)}the end`);
    expect([...before, ...after].map((line) => Number(line.split(' ')[1]))).toEqual(
      texts.map((_, index) => index),
    );
  });
});

it('an answer goes on where the visitor hands back to the assistant that writes it', async () => {
  const { test, first, write, client } = await asking();
  write('half ');
  await test.settle();
  client.send({ type: 'human_request', active: false });
  await test.advance(50);
  write('whole');
  await test.advance(50);
  first.release();
  await test.settle();
  const received = client.take();
  expect(deltasOf(received)).toEqual(['ai:a 0 half ', 'ai:a 1 whole']);
  expect(received.filter(({ type }) => type === 'handler')).toEqual([
    { type: 'handler', answering: 'assistant' },
  ]);
});

describe('a person who takes over', () => {
  it.each([
    ['with a word', true],
    ['without one', false],
  ])('%s ends what is being written, and everybody is told', async (_how, speaks) => {
    const { test, first, write, client, session } = await asking();
    write('The assis');
    await test.settle();
    client.take();
    const { conversation_id: id } = session;
    if (speaks) await reply(test.desk, id, { id: undefined, text: 'Me.', takesOver: true });
    else await change(test.desk, id, { answering: 'owner' });
    write('tant talks on');
    first.release();
    await test.advance(60_000);
    const received = client.take();
    expect(deltasOf(received)).toEqual([]);
    expect(received.filter(({ type }) => type === 'handler')).toEqual([
      { type: 'handler', answering: 'owner' },
    ]);
    expect(textsOf(received)).toEqual(speaks ? ['Me.'] : []);
    expect(first.signal.aborted).toBe(true);
    expect(test.calledOff).toEqual(['taken_over']);
  });

  it('after a wish for them ends it too: who answers is told again', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer, channels: ['mail'] });
    const { client, session } = await test.connectHello();
    client.send(chat('x', 'a'));
    client.send({ type: 'human_request' });
    await test.settle();
    asked[0]?.progress?.delta('What you asked before');
    await test.settle();
    const received = client.take();
    expect(received.at(-1)).toMatchObject({ type: 'chat_message_delta', id: 'ai:a' });
    expect(received.at(-2)).toMatchObject({ type: 'handler', answering: 'owner' });
    await change(test.desk, session.conversation_id, { answering: 'owner' });
    await test.settle();
    expect(client.take()).toEqual([{ type: 'handler', answering: 'owner' }]);
  });

  it('on a wish, what was asked before is shown anew, since its half has gone', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer, channels: ['mail'] });
    const { client } = await test.connectHello();
    client.send(chat('x', 'a'));
    await test.settle();
    asked[0]?.progress?.delta('half ');
    client.send({ type: 'human_request' });
    await test.advance(50);
    asked[0]?.progress?.delta('whole');
    await test.advance(50);
    expect(deltasOf(client.take())).toEqual(['ai:a 0 half ', 'ai:a 0 half whole']);
    // Asked again, which only says again who answers.
    client.send({ type: 'human_request' });
    await test.advance(50);
    asked[0]?.progress?.delta(' and more');
    await test.advance(50);
    const again = client.take();
    expect(typesOf(again)).toEqual(['handler', 'chat_message_delta']);
    expect(deltasOf(again)).toEqual(['ai:a 0 half whole and more']);
  });
});

it.each(['erased', 'blocked'] as const)(
  'a visitor who is %s is shown nothing more',
  async (how) => {
    const { test, first, write, client, session } = await asking();
    write('half');
    await test.settle();
    client.take();
    if (how === 'erased') client.send({ type: 'erase_me' });
    else await change(test.desk, session.conversation_id, { blocked: true });
    await test.settle();
    write('more');
    first.release();
    await test.advance(60_000);
    expect(typesOf(client.take())).toEqual(how === 'erased' ? ['erased'] : []);
    expect(first.signal.aborted).toBe(true);
    expect(await test.store.owedWork()).toMatchObject({ answers: 0 });
  },
);
