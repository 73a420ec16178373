import { createHmac } from 'node:crypto';
import { expect, test } from './browser/fixtures.ts';
import { widgetOn } from './browser/widget.ts';

const secret = 's'.repeat(32);
const expires = 4_000_000_000;
const signed = (user: string): Record<string, unknown> => ({
  ...{ user, expires },
  signature: createHmac('sha256', secret).update(`${user}\n${expires}`).digest('hex'),
});

test('storage that breaks while the page runs takes no message off it [D8]', async ({
  page,
  blog,
  server,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await server.kill('SIGKILL');
  for (const text of ['One', 'Two']) await widget.say(text);
  await expect(widget.own).toHaveCount(3);
  await page.evaluate(() => {
    IDBDatabase.prototype.transaction = () => {
      throw new DOMException('Connection to Indexed Database server lost', 'UnknownError');
    };
    window.dispatchEvent(new PageTransitionEvent('pageshow'));
  });
  // The device says that it keeps no more once it has been asked.
  await widget.say('Three');
  await expect(widget.panel).toContainText('This browser keeps nothing');
  await expect(widget.own).toHaveCount(4);
  await server.restart();
  // The widget may wait long before it looks for the server again.
  await expect
    .poll(
      async () =>
        (await owner.everything())
          .filter(({ sender }) => sender === 'visitor')
          .map(({ message }) => message),
      { timeout: 35_000 },
    )
    .toEqual(['Hello', 'One', 'Two', 'Three']);
  await expect(widget.own).toHaveCount(4);
});

test('where tabs may not speak to each other, the widget lives all the same [D9]', async ({
  page,
  blog,
  widget,
}) => {
  await page.addInitScript(() => {
    const refuse = (): never => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    Object.defineProperty(window, 'BroadcastChannel', { value: refuse });
    Object.defineProperty(Navigator.prototype, 'locks', { get: refuse });
    Object.defineProperty(window, 'indexedDB', { get: refuse });
  });
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('How do I deploy it with nginx?');
  await expect(widget.panel).toContainText('This browser keeps nothing');
});

test('what one user left unsent reaches nobody else, and is sent once that one is back [D3] [D8]', async ({
  context,
  page,
  blog,
  server,
  owner,
  widget,
}) => {
  await server.restart({ IDENTITY_SECRET: secret, ANSWERER: 'off' });
  const identify = (user: string): Promise<void> =>
    page.evaluate(
      (given) =>
        (
          document.querySelector('contact-chat') as never as { identify(i: unknown): void }
        ).identify(given),
      signed(user),
    );
  const stored = async (): Promise<string[]> =>
    (await owner.everything()).map(({ message }) => message);
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await identify('u1');
  await widget.send('Hello from u1');
  server.signal('SIGSTOP');
  await widget.say('Secret of u1');
  await widget.input.fill('Draft of u1');
  await identify('u2');
  await expect(widget.mine('Secret of u1')).toHaveCount(0);
  await expect(widget.input).toHaveValue('');
  await page.close();
  server.signal('SIGCONT');

  const next = await context.newPage();
  await next.addInitScript((given) => {
    const page = window as unknown as { contactChat?: unknown[] };
    (page.contactChat ??= []).push(['identify', given]);
  }, signed('u2'));
  await next.goto(`${blog.url}/plain`);
  const other = widgetOn(next);
  await other.open();
  await other.send('Hello from u2');
  await expect(other.own).toHaveCount(1);
  await expect(other.input).toHaveValue('');
  const before = await owner.conversations();
  for (const { id } of before) {
    const messages = (await owner.messages(id)).map(({ message }) => message);
    if (messages.includes('Hello from u2')) expect(messages).not.toContain('Secret of u1');
  }
  await next.evaluate(
    (given) =>
      (document.querySelector('contact-chat') as never as { identify(i: unknown): void }).identify(
        given,
      ),
    signed('u1'),
  );
  await expect.poll(stored).toContain('Secret of u1');
  await expect(other.mine('Secret of u1')).toHaveCount(1);
  await expect(other.input).toHaveValue('Draft of u1');
  for (const { id } of await owner.conversations()) {
    const messages = (await owner.messages(id)).map(({ message }) => message);
    expect(messages.includes('Secret of u1')).toBe(messages.includes('Hello from u1'));
  }
});
