import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startHttpCounterpart,
  type HttpCounterpart,
} from '../../server/notifiers/http-counterpart.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello, contact } from './ws-client.ts';

type ReceivedPost = HttpCounterpart['posts'][number];

let receiver: HttpCounterpart;
let server: TestServer | undefined;
beforeEach(async () => {
  receiver = await startHttpCounterpart();
});
afterEach(async () => {
  await server?.stop();
  await receiver.goDown();
});

async function start(): Promise<TestServer> {
  const hook = `webhook+${receiver.origin}/hook?secret=hush`;
  return (server = await startTestServer({ NOTIFY: hook, DEFAULT_LANG: 'en' }));
}

interface NoticeBody {
  readonly type: string;
  readonly conversation_id: string;
  readonly url: string;
  readonly messages: readonly { readonly message: string; readonly name?: string }[];
}
const bodyOf = (post: ReceivedPost): NoticeBody => JSON.parse(post.body) as NoticeBody;

/** Lets some time pass in which something may arrive; the time-out of the test ends the waiting. */
const arrival = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

/** Waits until a notice was taken that holds this message. */
async function noticeOf(message: string): Promise<ReceivedPost> {
  for (;;) {
    const found = receiver.posts.find((post) =>
      bodyOf(post).messages.some((one) => one.message === message),
    );
    if (found) return found;
    await arrival();
  }
}

describe('notices by webhook', { timeout: 120_000 }, () => {
  it('tell of a contact request, signed, with what the visitor left', async () => {
    const running = await start();
    const { client, session } = await connectHello(running.wsUrl);
    client.send({ ...contact('call me', 'a'), name: '李雷', email: 'li@example.com' });
    await client.next('contact_request_received');
    const post = await noticeOf('call me');
    expect(bodyOf(post)).toMatchObject({
      ...{ type: 'contact_request', conversation_id: session.conversation_id },
      url: `${running.url}/console#/c/${session.conversation_id}`,
      messages: [
        {
          ...{ id: 'a', seq: 1, message: 'call me', name: '李雷', email: 'li@example.com' },
          user_agent: 'integration test',
        },
      ],
    });
    const mac = createHmac('sha256', 'hush')
      .update(`${String(post.headers['x-contact-chat-timestamp'])}.${post.body}`)
      .digest('hex');
    expect(post.headers['x-contact-chat-signature']).toBe(`sha256=${mac}`);
    await client.close();
  });

  it('tell of a wish for a person in a chat, and the assistant falls silent', async () => {
    const running = await start();
    const { client } = await connectHello(running.wsUrl);
    client.send(chat('I want to talk to a person', 'a'));
    await client.next('chat_message_received');
    expect(await client.until('chat_message')).toMatchObject({ id: 'ai:a', sender: 'assistant' });
    expect(await client.until('handler')).toMatchObject({ answering: 'owner' });
    expect(bodyOf(await noticeOf('I want to talk to a person')).type).toBe('human_request');
    await client.close();
  });

  it('are tried again when the receiver failed', async () => {
    receiver.respond((response, post) => {
      const first = receiver.posts.length === 1 && post === receiver.posts[0];
      response.writeHead(first ? 500 : 204).end();
    });
    const running = await start();
    const client = await connect(running.wsUrl);
    client.send(contact('call me', 'a'));
    await client.until('contact_request_received');
    while (receiver.posts.length < 2) await arrival();
    expect(receiver.posts.map((post) => bodyOf(post).messages[0]?.message)).toEqual([
      ...['call me', 'call me'],
    ]);
    expect(receiver.posts[0]?.headers['x-contact-chat-id']).toBe(
      receiver.posts[1]?.headers['x-contact-chat-id'],
    );
    await client.close();
  });

  it('survive the server: killed between the acknowledgement and the sending', async () => {
    await receiver.goDown();
    const running = await start();
    const client = await connect(running.wsUrl);
    client.send(contact('before the crash', 'a'));
    await client.until('contact_request_received');
    await running.kill('SIGKILL');
    await receiver.comeUp();
    await running.restart();
    expect(bodyOf(await noticeOf('before the crash'))).toMatchObject({ type: 'contact_request' });
    // What was taken is not told again by the next start.
    for (let tried = 0; ; tried += 1) {
      const metrics = await (await fetch(`${running.url}/metrics`)).text();
      if (metrics.includes('contact_chat_owed{kind="notices"} 0')) break;
      expect(tried).toBeLessThan(1000);
      await arrival();
    }
    const told = receiver.posts.length;
    await running.restart();
    const other = await connect(running.wsUrl);
    other.send(contact('another', 'b'));
    await noticeOf('another');
    expect(receiver.posts).toHaveLength(told + 1);
    await other.close();
  });

  it('are cancelled with the conversation that is erased', async () => {
    await receiver.goDown();
    const running = await start();
    const { client } = await connectHello(running.wsUrl);
    client.send(contact('a secret', 'a'));
    await client.next('contact_request_received');
    client.send({ type: 'erase_me' });
    await client.until('erased');
    await running.kill('SIGKILL');
    await receiver.comeUp();
    await running.restart();
    const other = await connect(running.wsUrl);
    other.send(contact('another', 'b'));
    await noticeOf('another');
    expect(receiver.posts.map(({ body }) => body).join()).not.toContain('a secret');
    await other.close();
  });
});
