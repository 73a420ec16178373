/**
 * Visitors for the pictures of the inbox: over real sockets, over a day and a half, on a server
 * whose clock is moved. Their questions are about the posts of the demo blog.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClockShim } from '../e2e/chaos/clock-shim.ts';
import { ownerToken } from '../e2e/browser/owner.ts';
import { chat, connectHello, contact, type WsClient } from '../e2e/server/ws-client.ts';

const browsers = {
  firefox: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0',
  chrome: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0',
  safari: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1',
};

const titles = {
  'en/back-up-and-restore': 'Back up, export and restore the data',
  'en/configuration': 'Configuration: every setting',
  'en/deploy-to-production': 'How to deploy to production',
  'en/embed-the-widget': 'Embed the chat widget in your site',
  'en/introduction': 'Get to know this project',
  'en/protocol': 'Protocol: write your own client',
  'en/tech-stack': 'The technology stack we use, and why',
  'zh/deploy-to-production': '如何部署到生产环境',
  'zh/embed-the-widget': '在你的网站上嵌入聊天组件',
};

/** Takes every notice, so that none is given up while the clock moves. */
export async function startNoticeSink(): Promise<{ readonly notify: string; stop(): void }> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(204).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    notify: `webhook+http://127.0.0.1:${port}/?secret=for-the-pictures`,
    stop: () => void server.close(),
  };
}

interface Visitor {
  readonly conversationId: string;
  /** Says it, and waits for the assistant's answer. */
  ask(text: string): Promise<void>;
  say(text: string): Promise<void>;
  /** Sends the contact form. */
  request(text: string, email: string): Promise<void>;
  wantPerson(): Promise<void>;
  /** Tells that all was read. */
  read(): void;
  leave(): Promise<void>;
}

export interface SeededInbox {
  /** Conversations that the pictures open. */
  readonly busy: string;
  readonly contact: string;
  readonly chinese: string;
  leave(): Promise<void>;
}

export async function seedInbox(
  server: { readonly url: string; readonly wsUrl: string },
  clock: ClockShim,
): Promise<SeededInbox> {
  async function api(method: string, path: string, body: object): Promise<void> {
    const response = await fetch(`${server.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${ownerToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  /** Moves the server's clock; it reads it five times a second. */
  async function minutesAgo(minutes: number): Promise<void> {
    clock.shift(-minutes * 60_000);
    await sleep(450);
  }

  async function visit(
    slug: keyof typeof titles,
    browser: keyof typeof browsers = 'firefox',
  ): Promise<Visitor> {
    const lang = slug.startsWith('zh') ? 'zh-CN' : 'en';
    const { client, session } = await connectHello(
      server.wsUrl,
      { lang, page: { url: `https://blog.example.com/${slug}`, title: titles[slug] } },
      { 'user-agent': browsers[browser] },
    );
    return visitorOf(client, session.conversation_id, browsers[browser]);
  }

  await minutesAgo(1_630);
  const backups = await visit('en/back-up-and-restore', 'chrome');
  await backups.ask('How do I make a backup every night?');
  await api('PATCH', `/conversations/${backups.conversationId}`, { done: true });
  await backups.leave();

  await minutesAgo(1_560);
  const translator = await visit('en/introduction', 'chrome');
  await translator.request(
    'I would like to translate the introduction into Portuguese. May I?',
    'translator@example.com',
  );
  await translator.leave();

  await minutesAgo(304);
  const disk = await visit('en/back-up-and-restore');
  await disk.ask('What happens when the disk is full?');
  await disk.leave();

  await minutesAgo(240);
  const client = await visit('en/protocol', 'chrome');
  await client.ask('How do I resume after a lost connection?');
  await client.say('My client sends last_seq now, and it works.');
  await api('POST', `/conversations/${client.conversationId}/messages`, {
    message: 'Good to hear. Keep the `token` beside it.',
  });
  await client.leave();

  await minutesAgo(186);
  const unsure = await visit('en/introduction', 'safari');
  await unsure.ask('Do you plan a podcast?');
  await unsure.leave();

  await minutesAgo(95);
  const stack = await visit('en/tech-stack', 'chrome');
  await stack.ask('Which technology stack does it use?');
  await stack.leave();

  await minutesAgo(41);
  const chinese = await visit('zh/embed-the-widget', 'safari');
  await chinese.ask('怎么改变按钮的位置？');
  await chinese.wantPerson();
  await chinese.say('手机上，按钮正好挡住了“下一篇”的链接。');

  await minutesAgo(23);
  const proxies = await visit('en/deploy-to-production', 'chrome');
  await proxies.ask('How do I run it behind nginx?');
  await proxies.wantPerson();
  await proxies.say('It runs. One question about the second proxy, if you have a minute.');

  await minutesAgo(11);
  const busy = await visit('en/back-up-and-restore');
  await busy.ask('May I quote a section in my newsletter?');
  await busy.wantPerson();
  await minutesAgo(9);
  const path = `/conversations/${busy.conversationId}`;
  await api('POST', `${path}/messages`, {
    message: 'Gladly, with a link to the post. Which section is it?',
  });
  busy.read();
  await api('POST', `${path}/notes`, {
    message: 'The second question about quoting. The posts should say it themselves.',
  });
  const others = await Promise.all([visit('en/configuration'), visit('zh/deploy-to-production')]);
  await others[1]?.ask('如何部署到生产环境？');
  await others[0]?.ask('Which settings are there for the port?');
  await minutesAgo(1);
  await busy.say('The one about restoring a backup, with the commands.');
  await minutesAgo(0);

  await api('PUT', '/canned-replies', {
    replies: [
      {
        id: 'thanks',
        title: 'Thanks',
        text: 'Thank you, {name}! I have read it and come back to you.',
      },
      {
        id: 'translate',
        title: 'Translations are welcome',
        text: 'Gladly, {name}. The source is in `docs/`; tell me when it is done, and I link to it.',
      },
      {
        id: 'page',
        title: 'Which part of the page?',
        text: 'Which part of “{page}” do you mean?',
      },
    ],
  });
  const online = [busy, proxies, chinese, ...others];
  return {
    busy: busy.conversationId,
    contact: translator.conversationId,
    chinese: chinese.conversationId,
    leave: async () => void (await Promise.all(online.map((visitor) => visitor.leave()))),
  };
}

function visitorOf(client: WsClient, conversationId: string, userAgent: string): Visitor {
  let seq = 0;
  const visitor: Visitor = {
    conversationId,
    async ask(text) {
      await visitor.say(text);
      const answer = await client.until('chat_message', ({ sender }) => sender === 'assistant');
      seq = answer.seq ?? seq;
    },
    async say(text) {
      client.send(chat(text));
      await client.until('chat_message_received');
    },
    async request(text, email) {
      client.send({ ...contact(text), userAgent, email });
      await client.until('contact_request_received');
    },
    async wantPerson() {
      client.send({ type: 'human_request' });
      await client.until('handler');
    },
    read() {
      const newest = client.received.findLast(
        (message) => message.type === 'chat_message' && message.seq !== undefined,
      );
      client.send({ type: 'read', seq: newest && 'seq' in newest ? newest.seq : seq });
    },
    leave: () => client.close(),
  };
  return visitor;
}
