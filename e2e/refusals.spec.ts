import { expect, test } from './browser/fixtures.ts';

const tooLong = 'x'.repeat(4001);

test('a message over the limit is refused in words, and kept', async ({
  page,
  blog,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.say(tooLong);
  await expect(widget.panel).toContainText('1 character too many');
  await expect(widget.input).toHaveValue(tooLong);
  await expect(widget.sendButton).toHaveAttribute('aria-disabled', 'true');
  await expect(widget.own).toHaveCount(0);

  await widget.input.press('Backspace');
  await expect(widget.panel).toContainText('0 characters left');
  await widget.input.press('Enter');
  await expect(widget.own.first().getByText('Sent', { exact: true })).toBeAttached();
  const [stored] = await owner.everything();
  expect(stored?.message).toBe('x'.repeat(4000));
});

test('what the server refuses for good is "Not sent", with the reason and a way out', async ({
  page,
  blog,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  // A page can send what the input would not.
  await page.evaluate((text) => {
    (document.querySelector('contact-chat') as never as { send(text: string): void }).send(text);
  }, tooLong);
  const refused = widget.own.first();
  await expect(refused).toContainText('Not sent');
  await expect(refused).toContainText(/4,?000 characters/);
  expect(await owner.everything()).toEqual([]);

  await refused.getByRole('button', { name: 'Try again' }).click();
  await expect(refused).toContainText('Not sent');
  await page.reload();
  await widget.open();
  await expect(refused).toContainText('Not sent');

  await refused.getByRole('button', { name: 'Discard' }).click();
  await expect(widget.own).toHaveCount(0);
  await widget.send('Short enough');
});

test('a refusal that was a mistake is mended by trying again, under the same id', async ({
  page,
  blog,
  owner,
  widget,
}) => {
  const ids: string[] = [];
  await page.routeWebSocket(/\/contact/, (socket) => {
    const upstream = socket.connectToServer();
    socket.onMessage((frame) => {
      const { type, id } = JSON.parse(String(frame)) as { type: string; id: string };
      if (type === 'chat_message') ids.push(id);
      if (type !== 'chat_message' || ids.length > 1) return upstream.send(frame);
      const error = { type: 'error', code: 'forbidden', message: 'Not just now.', ref: id };
      const rest = { timestamp: new Date().toISOString(), retryable: false };
      socket.send(JSON.stringify({ ...error, ...rest }));
    });
    upstream.onMessage((frame) => socket.send(frame));
  });
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.say('Please take this');
  await expect(widget.mine('Please take this')).toContainText('Not sent · Not just now.');
  await widget.own.getByRole('button', { name: 'Try again' }).click();
  await expect(widget.mine('Please take this').getByText('Sent', { exact: true })).toBeAttached();
  expect(new Set(ids).size).toBe(1);
  expect((await owner.everything()).filter(({ sender }) => sender === 'visitor')).toHaveLength(1);
});

test.describe('where few messages are allowed at a time', () => {
  test.use({ serverEnvironment: { RATE_LIMIT: '2/2s' } });

  test('a burst is sent in order, as fast as the server takes it', async ({
    page,
    blog,
    owner,
    widget,
  }) => {
    await page.goto(`${blog.url}/plain`);
    await widget.open();
    const burst = ['one', 'two', 'three', 'four', 'five'];
    for (const text of burst) await widget.say(text);
    await expect(widget.own).toHaveCount(5);
    await expect
      .poll(
        async () =>
          (await owner.everything())
            .filter(({ sender }) => sender === 'visitor')
            .map(({ message }) => message),
        { timeout: 30_000 },
      )
      .toEqual(burst);
    await expect(widget.log).not.toContainText('Not sent');
  });
});

test.describe('where this page may not connect', () => {
  test.use({ serverEnvironment: { ALLOWED_ORIGINS: 'https://blog.example.com' } });

  test('the widget says so, and stays away', async ({ page, blog, widget }) => {
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.goto(`${blog.url}/plain`);
    await widget.open();
    await expect(widget.panel).toContainText('The chat is not available to you here.');
    await widget.say('Anybody?');
    await expect(widget.mine('Anybody?')).toContainText('Not sent');
    await expect(widget.panel.getByRole('button', { name: 'Connect again' })).toBeVisible();
    expect(sockets.length).toBeLessThanOrEqual(2);
  });
});
