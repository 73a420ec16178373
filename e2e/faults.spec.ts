import { expect, test } from './browser/fixtures.ts';
import { widgetOn } from './browser/widget.ts';

const texts = (messages: readonly { readonly message: string }[]): string[] =>
  messages.map(({ message }) => message);

const lost = 'Connection lost, reconnecting… nothing will be lost';

test('a server that is killed while a message is typed loses nothing', async ({
  page,
  blog,
  server,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await widget.input.pressSequentially('Half a sent');
  await server.kill('SIGKILL');
  await expect(widget.panel).toContainText(lost);
  await expect(widget.input).toHaveValue('Half a sent');
  await widget.input.pressSequentially('ence, and the rest.');

  await server.restart();
  await expect(widget.panel).not.toContainText(lost);
  await expect(widget.input).toHaveValue('Half a sentence, and the rest.');
  await widget.input.press('Enter');
  await expect(widget.mine('Half a sentence').getByText('Sent', { exact: true })).toBeAttached();
  const stored = texts(await owner.everything());
  expect(stored.filter((text) => text === 'Half a sentence, and the rest.')).toHaveLength(1);
  await expect(widget.mine('Hello')).toHaveCount(1);
});

test('a draft outlives the page', async ({ page, blog, widget }) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.send('Hello');
  await widget.input.pressSequentially('To be continued');
  await page.reload();
  await widget.open();
  await expect(widget.input).toHaveValue('To be continued');
});

test('a message in flight when the server is killed arrives once', async ({
  page,
  blog,
  server,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  // Stopped, the server takes the frame from the network and never sees it.
  server.signal('SIGSTOP');
  await widget.say('Did this arrive?');
  await expect(widget.mine('Did this arrive?')).toContainText('Sending…');
  await server.kill('SIGKILL');
  await expect(widget.mine('Did this arrive?')).toContainText('Waiting for the connection…');

  await server.restart();
  await expect(widget.mine('Did this arrive?').getByText('Sent', { exact: true })).toBeAttached();
  await expect(widget.mine('Did this arrive?')).toHaveCount(1);
  await expect(widget.answers).toHaveCount(2);
  const stored = texts(await owner.everything());
  expect(stored.filter((text) => text === 'Did this arrive?')).toHaveLength(1);
});

test('a message whose acknowledgement is lost is neither lost nor doubled', async ({
  page,
  blog,
  server,
  owner,
  widget,
}) => {
  let deaf = false;
  let duplicates = 0;
  await page.routeWebSocket(/\/contact/, (socket) => {
    const upstream = socket.connectToServer();
    upstream.onMessage((frame) => {
      const { duplicate } = JSON.parse(String(frame)) as { duplicate?: boolean };
      if (duplicate) duplicates += 1;
      if (!deaf) socket.send(frame);
    });
  });
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  deaf = true;
  await widget.say('Stored, but nobody said so.');
  await expect
    .poll(async () => texts(await owner.everything()))
    .toContain('Stored, but nobody said so.');
  await expect(widget.mine('Stored, but')).toContainText('Sending…');
  await server.kill('SIGKILL');
  deaf = false;
  await server.restart();

  await expect(widget.mine('Stored, but').getByText('Sent', { exact: true })).toBeAttached();
  await expect(widget.mine('Stored, but')).toHaveCount(1);
  await expect(widget.answers).toHaveCount(2);
  const stored = texts(await owner.everything());
  expect(stored.filter((text) => text.startsWith('Stored, but'))).toHaveLength(1);
  // Where the resumed history shows the message, nothing need be sent again.
  expect(duplicates).toBeLessThanOrEqual(1);
});

test('what a closed page could not send is sent by the next one', async ({
  page,
  context,
  blog,
  server,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await server.kill('SIGKILL');
  await widget.say('Written without a server');
  await expect(widget.mine('Written without')).toContainText('Waiting for the connection…');
  await page.close();
  await server.restart();

  const next = await context.newPage();
  await next.goto(`${blog.url}/plain`);
  const again = widgetOn(next);
  await again.open();
  await expect(again.mine('Written without').getByText('Sent', { exact: true })).toBeAttached();
  await expect(again.mine('Written without')).toHaveCount(1);
  const stored = texts(await owner.everything());
  expect(stored.filter((text) => text.startsWith('Written without'))).toHaveLength(1);
});

test('a restart of the server is survived without a word', async ({
  page,
  blog,
  server,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await server.restart();
  await widget.ask('Hello again');
  await expect(widget.own).toHaveCount(2);
  await expect(widget.panel).not.toContainText(lost);
});

test('offline, messages wait; online, they go', async ({ page, context, blog, owner, widget }) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await context.setOffline(true);
  await expect(widget.panel).toContainText('You are offline. What you write is kept');
  await widget.say('Written in a tunnel');
  await widget.say('And this too');
  await expect(widget.mine('Written in a tunnel')).toContainText('Waiting for the connection…');
  expect(texts(await owner.everything())).not.toContain('Written in a tunnel');

  await context.setOffline(false);
  await expect(widget.panel).not.toContainText('You are offline');
  await expect(widget.answers).toHaveCount(3);
  const stored = (await owner.everything()).filter(({ sender }) => sender === 'visitor');
  expect(texts(stored)).toEqual(['Hello', 'Written in a tunnel', 'And this too']);
});

test('a bad server address on the script is said by the launcher', async ({
  page,
  blog,
  widget,
}) => {
  for (const wrong of ['http://127.0.0.1:9', 'http://[not-an-address']) {
    await page.goto(`${blog.url}/bad-server?wrong=${encodeURIComponent(wrong)}`);
    // The rest of the widget would come from there, too.
    await widget.launcher.click();
    await expect(widget.host).toContainText('The chat could not be loaded. Touch to try again.');
  }
});

test('a server that does not answer says so in words and is tried again, at growing intervals', async ({
  page,
  blog,
  server,
  widget,
}) => {
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  const use = (url: string): Promise<void> =>
    widget.host.evaluate((element, address) => element.setAttribute('server', address), url);
  await use('http://127.0.0.1:9');
  await expect(widget.panel).toContainText('The chat cannot be reached at the moment.');
  await widget.say('Is anybody there?');
  await expect(widget.mine('Is anybody there?')).toContainText('Waiting for the connection…');
  const tried = sockets.length;
  await expect.poll(() => sockets.length, { timeout: 30_000 }).toBeGreaterThan(tried);
  expect(sockets.at(-1)).toContain('ws://127.0.0.1:9/contact');
  expect(sockets.length).toBeLessThan(20);

  await use(server.url);
  await expect(widget.panel).not.toContainText('The chat cannot be reached');
  await widget.ask('Hello');
});
