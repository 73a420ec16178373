/** One story in two browsers: a visitor who writes, and the owner who hears of it and answers. */
import { createHmac } from 'node:crypto';
import {
  startHttpCounterpart,
  type HttpCounterpart,
} from '../server/notifiers/http-counterpart.ts';
import {
  startSmtpCounterpart,
  type SmtpCounterpart,
} from '../server/notifiers/smtp-counterpart.ts';
import { expect, sendContactRequest, test as base } from './browser/console.ts';
import { chat, connect } from './server/ws-client.ts';

interface Channels {
  readonly smtp: SmtpCounterpart;
  readonly hook: HttpCounterpart;
}

const test = base.extend<{ channels: Channels }>({
  // oxlint-disable-next-line no-empty-pattern -- how Playwright learns that nothing is needed
  channels: async ({}, use) => {
    const [smtp, hook] = await Promise.all([startSmtpCounterpart(), startHttpCounterpart()]);
    await use({ smtp, hook });
    await smtp.goDown();
    await hook.goDown();
  },
  serverEnvironment: async ({ channels: { smtp, hook } }, use) =>
    use({
      DEFAULT_LANG: 'en',
      OWNER_NAME: 'Mira',
      NOTIFY: [
        `smtp://127.0.0.1:${smtp.port}?from=blog@example.com&to=owner@example.com`,
        `webhook+${hook.origin}/hook?secret=hush`,
      ].join(','),
    }),
});

test.setTimeout(180_000);

const question = 'How do I deploy it to production?';

test('a request, a notice, a person who answers, and the assistant again', async ({
  channels,
  server,
  visitor,
  inbox,
  owner,
}) => {
  const { widget } = visitor;
  let link = '';

  await test.step('the visitor asks the assistant, then writes to the owner', async () => {
    await widget.ask(question);
    await sendContactRequest(widget, {
      message: 'May I translate your posts?',
      name: 'Ada',
      email: 'ada@example.com',
    });
  });

  await test.step('the owner is told by mail and by webhook [D7]', async () => {
    await expect.poll(() => channels.smtp.mails.length).toBe(1);
    const { mail } = channels.smtp.mails[0] ?? {};
    expect(channels.smtp.recipients).toEqual(['owner@example.com']);
    expect(mail?.subject).toContain('Ada');
    for (const words of ['May I translate your posts?', 'ada@example.com', 'A plain page']) {
      expect(mail?.text).toContain(words);
      expect(mail?.html).toContain(words);
    }
    link = /http:\/\/\S+\/console#\/c\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? '';
    expect(link).toContain(`${server.url}/console#/c/`);
    expect(mail?.html).toContain(`href="${link}"`);

    await expect.poll(() => channels.hook.posts.length).toBe(1);
    const [post] = channels.hook.posts;
    if (!post) throw new Error('There is no post.');
    const { headers, body } = post;
    const signed = `${String(headers['x-contact-chat-timestamp'])}.${body}`;
    const mac = createHmac('sha256', 'hush').update(signed).digest('hex');
    expect(headers['x-contact-chat-signature']).toBe(`sha256=${mac}`);
    expect(JSON.parse(body)).toMatchObject({ type: 'contact_request', url: link });
  });

  await test.step('its link leads through the log-in to that conversation', async () => {
    await inbox.logIn(server.url, new URL(link).hash);
    await expect(inbox.page).toHaveURL(link);
    await expect(inbox.conversation.getByRole('heading', { name: 'Ada' })).toBeVisible();
    await expect(inbox.said('May I translate your posts?')).toContainText('Contact request');
    await expect(inbox.said(question)).toHaveCount(1);
  });

  await test.step('the owner sees who it is, and where', async () => {
    await expect(inbox.visitor).toContainText('Reading now');
    await expect(inbox.visitor.getByRole('link', { name: 'A plain page' })).toHaveAttribute(
      'href',
      visitor.page.url(),
    );
    await expect(inbox.visitor).toContainText('ada@example.com');
    await expect(inbox.visitor).toContainText('Chrome on');
    await expect(inbox.visitor).toContainText('LanguageEnglish');
    await expect(inbox.row('Ada')).toContainText('Contact request');
    await expect(inbox.view('Waiting')).toHaveAccessibleName('Waiting, 1');
    // The visitor is told that somebody looks.
    await expect(widget.panel).toContainText('owner here');
  });

  await test.step('taken over, the assistant is silent', async () => {
    await inbox.act('Take over').click();
    await expect(widget.panel).toContainText('The owner has joined. The assistant is silent now.');
    await expect(inbox.conversation).toContainText('you answer');
    await inbox.view('Mine').click();
    await expect(inbox.row('Ada')).toHaveCount(1);
    await inbox.open('Ada');
    await widget.say(`Once more: ${question}`);
    await expect(inbox.said('Once more')).toHaveCount(1);
    await expect(widget.answers).toHaveCount(1);
  });

  await test.step('each sees the other write', async () => {
    await widget.input.pressSequentially('I mean the ');
    await expect(inbox.log).toContainText('The visitor is writing…');
    await widget.input.fill('');
    await expect(inbox.log).not.toContainText('The visitor is writing…');
    await inbox.input.pressSequentially('Well, ');
    await expect(widget.panel).toContainText('Mira is writing…');
    await inbox.input.fill('');
    await expect(widget.panel).not.toContainText('is writing…');
  });

  await test.step('each sees what the other has read', async () => {
    await expect(widget.mine('Once more')).toContainText('seen');
    await widget.close();
    await inbox.reply('Are you there?');
    await expect(inbox.said('Are you there?')).toContainText('delivered');
    await expect(widget.launcher).toHaveAccessibleName('Open chat, 1 new message');
    await expect(inbox.said('Are you there?')).not.toContainText('seen');
    await widget.open();
    await expect(inbox.said('Are you there?')).toContainText('seen');
  });

  await test.step('what is written in Markdown is seen as it is meant', async () => {
    await inbox.input.fill('Run `npm start`, then read https://example.com/deploy.');
    await inbox.composer.getByRole('button', { name: 'Preview' }).click();
    await expect(inbox.composer.locator('inbox-markdown code')).toHaveText('npm start');
    await inbox.composer.getByRole('button', { name: 'Send' }).click();
    const arrived = widget.fromOwner.filter({ hasText: 'npm start' });
    await expect(arrived.locator('code')).toHaveText('npm start');
    const address = arrived.getByRole('link', { name: 'https://example.com/deploy' });
    await expect(address).toHaveAttribute('rel', /noopener/);
    await expect(inbox.input).toBeFocused();
  });

  await test.step('handed back, the assistant answers what comes then, and only that', async () => {
    await inbox.act('Hand back to assistant').click();
    await expect(widget.panel).toContainText('The assistant answers again.');
    await widget.ask('And how do I deploy it with a container?');
    await expect(inbox.said('with a container?')).toHaveCount(1);
    const answers = (await owner.everything()).filter(({ sender }) => sender === 'assistant');
    expect(answers).toHaveLength(2);
    await expect(widget.answers).toHaveCount(2);
  });

  await test.step('a message to everyone is counted, shown, and reaches plain clients', async () => {
    const plain = await connect(server.wsUrl);
    await plain.next('connection_established');
    await inbox.page.getByRole('button', { name: 'Message to everyone' }).click();
    const dialog = inbox.dialog('Message to everyone');
    await dialog.getByRole('textbox').fill('The blog moves tonight.');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await expect(dialog).toContainText('This goes to 2 visitors now.');
    expect(plain.received).toHaveLength(1);
    await dialog.getByRole('button', { name: 'Send to 2 visitors' }).click();
    await expect(dialog).toContainText('Delivered to 2 visitors.');
    await expect(widget.fromOwner.filter({ hasText: 'moves tonight' })).toHaveCount(1);
    const told = await plain.until('chat_message');
    expect(told).toMatchObject({ message: 'The blog moves tonight.' });
    // Its next turn is the guide's, as ever.
    plain.send(chat('Hello'));
    await plain.next('chat_message_received');
    await plain.close();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect(dialog).toBeHidden();
  });

  await test.step('blocked, the visitor is told so in words, and nothing arrives', async () => {
    await inbox.visitor.getByRole('button', { name: 'Block' }).click();
    await inbox.dialog('Block this visitor?').getByRole('button', { name: 'Block' }).click();
    await expect(inbox.conversation.locator('header')).toContainText('Blocked');
    await expect(widget.panel).toContainText('The chat is not available to you here.');
    await widget.say('Let me in!');
    await expect(widget.mine('Let me in!')).toBeVisible();
    await widget.panel.getByRole('button', { name: 'Connect again' }).click();
    await expect(widget.panel).toContainText('The chat is not available to you here.');
    expect((await owner.everything()).map(({ message }) => message)).not.toContain('Let me in!');
    await inbox.input.fill('No.');
    await expect(inbox.composer).toContainText('This visitor is blocked: they get no replies.');
  });

  await test.step('no longer blocked, what they wrote arrives, once', async () => {
    await inbox.visitor.getByRole('button', { name: 'Unblock' }).click();
    await expect(inbox.visitor.getByRole('button', { name: 'Block', exact: true })).toBeVisible();
    await widget.panel.getByRole('button', { name: 'Connect again' }).click();
    await expect(widget.mine('Let me in!')).toContainText(/Sent|seen/);
    await expect(inbox.said('Let me in!')).toHaveCount(1);
  });

  await test.step('deleted, it is gone on both sides', async () => {
    await inbox.visitor.getByRole('button', { name: 'Delete conversation' }).click();
    const sure = inbox.dialog('Delete this conversation?');
    await sure.getByRole('button', { name: 'Delete conversation' }).click();
    await expect(inbox.row('Ada')).toHaveCount(0);
    await expect(widget.panel).toContainText('Your messages were erased.');
    await expect(widget.own).toHaveCount(0);
    const left = await owner.conversations();
    expect(left.map(({ name }) => name)).not.toContain('Ada');
  });
});
