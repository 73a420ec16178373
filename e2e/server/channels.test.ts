import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startHttpCounterpart,
  type HttpCounterpart,
} from '../../server/notifiers/http-counterpart.ts';
import {
  startSmtpCounterpart,
  type SmtpCounterpart,
} from '../../server/notifiers/smtp-counterpart.ts';
import { startTestServer, type ServerEnv, type TestServer } from './start-test-server.ts';
import { connect, connectHello, contact } from './ws-client.ts';

const secrets = {
  token: '123456789:AAF-telegram-secret',
  topic: 'ntfy-topic-secret',
  access: 'tk_ntfy_access_secret',
  slack: 'slackSecret0123456789',
  discord: 'discordSecret-0123456789',
  webhook: 'webhook-signing-secret',
  password: 'smtp-password-secret',
};

let http: HttpCounterpart;
let smtp: SmtpCounterpart;
let server: TestServer | undefined;
beforeEach(async () => {
  http = await startHttpCounterpart();
  http.respond((response, { url }) => {
    response.writeHead(200).end(url.startsWith('/bot') ? '{"ok":true}' : 'ok');
  });
  smtp = await startSmtpCounterpart({ onAuth: (_auth, _session, done) => done(null, { user: 1 }) });
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await smtp.goDown();
  await http.goDown();
});

const channels = (): string =>
  [
    `telegram://${secrets.token}@-100987654321?api=${http.origin}`,
    `ntfy://${secrets.access}@ntfy.sh/${secrets.topic}?api=${http.origin}/ntfy`,
    `slack+https://hooks.slack.com/services/T0123ABCD/B0123ABCD/${secrets.slack}?api=${http.origin}`,
    `discord+https://discord.com/api/webhooks/1234567890/${secrets.discord}?api=${http.origin}`,
    `webhook+${http.origin}/hook?secret=${secrets.webhook}`,
    `smtp://me:${secrets.password}@127.0.0.1:${smtp.port}?from=blog@example.com&to=owner@example.com`,
  ].join(',');

async function start(env: ServerEnv = {}): Promise<TestServer> {
  return (server = await startTestServer({ NOTIFY: channels(), ...env }));
}

/** Lets some time pass in which something may arrive; the time-out of the test ends the waiting. */
const arrival = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

const postsTo = (path: string): string[] =>
  http.posts.filter(({ url }) => url.startsWith(path)).map(({ body }) => body);

/** What was posted to each service, once each of them has what a test waits for. */
async function everywhere(words: string): Promise<readonly string[]> {
  const paths = [`/bot${secrets.token}/sendMessage`, '/ntfy', '/services/', '/api/v10/', '/hook'];
  for (;;) {
    const posts = paths.map((path) => postsTo(path).find((body) => body.includes(words)));
    const mail = smtp.mails.find(({ mail: { text } }) => text?.includes(words))?.mail.text;
    const all = [...posts, mail].filter((one) => one !== undefined);
    if (all.length === paths.length + 1) return all;
    await arrival();
  }
}

async function settled(running: TestServer): Promise<string> {
  for (;;) {
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    if (metrics.includes('contact_chat_owed{kind="notices"} 0')) return metrics;
    await arrival();
  }
}

describe('channels to the owner', { timeout: 120_000 }, () => {
  it('all tell of a contact request in the owner’s language, and nothing tells their secrets [D7]', async () => {
    const running = await start({ LOG_LEVEL: 'trace' });
    const { client, session } = await connectHello(running.wsUrl, { lang: 'en' });
    client.send({
      ...contact('call me about the garden', 'a'),
      ...{ name: '李雷', email: 'li@example.com' },
      page: { url: 'https://blog.example.com/post', title: 'A post' },
    });
    await client.next('contact_request_received');
    const link = `${running.url}/console#/c/${session.conversation_id}`;
    const told = await everywhere('call me about the garden');
    for (const body of told) {
      for (const words of ['李雷', 'li@example.com', 'https://blog.example.com/post', link]) {
        expect(body).toContain(words);
      }
    }
    // The webhook speaks to programs; the others to a person.
    expect(told.filter((body) => body.includes('李雷发来联系请求'))).toHaveLength(5);
    expect(smtp.mails[0]?.mail.subject).toContain('李雷发来联系请求');

    const metrics = await settled(running);
    await client.close();
    await running.stop();
    for (const text of [metrics, running.log()]) {
      for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
      expect(text).not.toContain('987654321');
      expect(text).not.toContain('garden');
    }
    expect(metrics).toMatch(/contact_chat_notifications_total\{channel="telegram:123456789#/);
  });

  it('deliver what a killed server owed, after each of them has failed [D7]', async () => {
    http.respond((response) => void response.writeHead(500).end());
    smtp.onData(() => Promise.reject(Object.assign(new Error('later'), { responseCode: 451 })));
    const running = await start();
    const client = await connect(running.wsUrl);
    client.send(contact('before the crash', 'a'));
    await client.until('contact_request_received');
    // Noted as failed: what is under way belongs to a killed server for another minute.
    for (;;) {
      const metrics = await (await fetch(`${running.url}/metrics`)).text();
      const failed = metrics.match(/^contact_chat_notifications_total\{.*outcome="failed"\}/gm);
      if (failed?.length === 6) break;
      await arrival();
    }
    await running.kill('SIGKILL');
    http.respond((response, { url }) => {
      response.writeHead(200).end(url.startsWith('/bot') ? '{"ok":true}' : 'ok');
    });
    smtp.onData(async () => undefined);
    await running.restart();
    await everywhere('before the crash');
    await settled(running);
  });

  it('tell of a wish for a person that came without words', async () => {
    const running = await start({ DEFAULT_LANG: 'en' });
    const { client, session } = await connectHello(running.wsUrl);
    client.send({ type: 'human_request' });
    await client.until('handler');
    const told = await everywhere(session.conversation_id);
    const words = 'asked for you without writing a message';
    expect(told.filter((body) => body.includes(words))).toHaveLength(5);
    expect(JSON.parse(postsTo('/hook')[0] ?? '')).toMatchObject({
      type: 'human_request',
      message: '',
    });
    await client.close();
  });
});
