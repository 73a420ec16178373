/** Notices of every reason, while the channels are down and the server is killed: none is lost. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startHttpCounterpart,
  type HttpCounterpart,
} from '../../server/notifiers/http-counterpart.ts';
import {
  startSmtpCounterpart,
  type SmtpCounterpart,
} from '../../server/notifiers/smtp-counterpart.ts';
import { ask, ownerToken } from './console-client.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connectHello, contact } from './ws-client.ts';

let http: HttpCounterpart;
let smtp: SmtpCounterpart;
let server: TestServer;
beforeEach(async () => {
  http = await startHttpCounterpart();
  smtp = await startSmtpCounterpart();
  const mail = `smtp://127.0.0.1:${smtp.port}?from=blog@example.com&to=owner@example.com`;
  const hook = `webhook+${http.origin}/hook?secret=hush`;
  const env = { OWNER_TOKEN: ownerToken, DEFAULT_LANG: 'en', DEMO: 'off' };
  server = await startTestServer({ ...env, NOTIFY: `${mail},${hook}` });
});
afterEach(async () => {
  await server.stop();
  await smtp.goDown();
  await http.goDown();
});

const reasons = ['contact_request', 'human_request', 'visitor_message'] as const;
type Reason = (typeof reasons)[number];
const textOf = (reason: Reason): string =>
  reason === 'human_request' ? 'I want to talk to a person' : `This is a ${reason} of mine`;

/** Has a visitor give a reason for a notice, and resolves when the server has acknowledged it. */
async function give(reason: Reason): Promise<void> {
  const { client, session } = await connectHello(server.wsUrl);
  if (reason === 'visitor_message') {
    // The owner answered, and went.
    client.send(chat('Hello', 'first'));
    await client.until('chat_message');
    const path = `/conversations/${session.conversation_id}/messages`;
    await ask(server.url, path, 'POST', { message: 'I am on my way out.' });
    await client.until('handler', ({ answering }) => answering === 'owner');
  }
  const message = textOf(reason);
  client.send(reason === 'contact_request' ? contact(message, 'a') : chat(message, 'a'));
  const type = reason === 'contact_request' ? 'contact_request_received' : 'chat_message_received';
  await client.until(type, ({ id }) => id === 'a');
  client.terminate();
}

/** What arrived, as a program and as a person read it. */
const byHook = (): string => http.posts.map(({ body }) => body).join('\n');
const byMail = (): string => smtp.mails.map(({ mail: { text } }) => text ?? '').join('\n');

/** The test's time-out ends the waiting. */
async function untilAllArrived(): Promise<void> {
  for (;;) {
    const told = [byHook(), byMail()];
    if (reasons.every((reason) => told.every((all) => all.includes(textOf(reason))))) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}

describe('notices of every reason', { timeout: 180_000 }, () => {
  it('arrive after the server was killed between the acknowledgement and the sending [D7]', async () => {
    await Promise.all([smtp.goDown(), http.goDown()]);
    for (const reason of reasons) await give(reason);
    await server.kill('SIGKILL');
    expect(byHook() + byMail()).toBe('');
    await Promise.all([smtp.comeUp(), http.comeUp()]);
    await server.restart();
    await untilAllArrived();
    const types = http.posts.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(new Set(types)).toEqual(new Set(reasons));
  });

  it('arrive when the channels come back, each on its own [D7]', async () => {
    await Promise.all([smtp.goDown(), http.goDown()]);
    for (const reason of reasons) await give(reason);
    await http.comeUp();
    while (!reasons.every((reason) => byHook().includes(textOf(reason)))) {
      await new Promise((done) => setTimeout(done, 50));
    }
    expect(byMail()).toBe('');
    await smtp.comeUp();
    await untilAllArrived();
  });
});
