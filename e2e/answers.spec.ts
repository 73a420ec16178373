/** Answers as visitors see them: written, called off, limited, interrupted, judged. */
import { expect, test, wordsOf } from './browser/model.ts';
import { widgetOn } from './browser/widget.ts';

const question = 'How do I deploy it to production?';
const long = `Put it behind a proxy [1].\n\n${'And then a word more about that. '.repeat(60)}`;

test('an answer grows on the page, and ends with what it cites', async ({
  page,
  server,
  model,
  widget,
}) => {
  await page.goto(server.url);
  await widget.open();
  const text =
    'Put it **behind a proxy** [1]:\n\n```sh\nnginx -t\n```\n\n- with TLS\n- with limits [1]';
  model.respond({ pieces: wordsOf(text), delayMs: 120 });
  await widget.say(question);
  const growing = widget.answers.first();
  await expect(growing).toHaveAttribute('aria-busy', 'true');
  await expect(growing).toContainText('Put it');
  await expect(growing).not.toContainText('with limits');
  await expect(growing).not.toHaveAttribute('aria-busy', 'true');
  await expect(widget.answers).toHaveCount(1);
  await expect(growing.locator('strong')).toHaveText('behind a proxy');
  await expect(growing.locator('pre')).toContainText('nginx -t');
  await expect(growing.getByRole('listitem').filter({ hasText: 'with limits' })).toBeVisible();
  await expect(growing).not.toContainText('[1]');
  await expect(widget.citations.first()).toHaveAttribute('href', /deploy/);
  await page.reload();
  await widget.open();
  await expect(widget.answers).toHaveCount(1);
  await expect(widget.answers.locator('strong')).toHaveText('behind a proxy');
});

test('what is asked while an answer is written is answered together with it', async ({
  page,
  server,
  model,
  widget,
}) => {
  await page.goto(server.url);
  await widget.open();
  model.respond((_, number) =>
    number === 0
      ? { pieces: wordsOf(`Never to be seen whole. ${long}`), delayMs: 300 }
      : { pieces: wordsOf('Both in one: a proxy [1].'), delayMs: 20 },
  );
  await widget.say(question);
  await expect(widget.answers.first()).toContainText('Never');
  await widget.say('And with nginx?');
  await expect(widget.answers.last()).toContainText('Both in one: a proxy.');
  await expect(widget.answers).toHaveCount(1);
  await expect(widget.log).not.toContainText('Never');
  await expect(widget.log.locator('.dots')).toHaveCount(0);
  await expect.poll(() => model.abandoned).toBe(1);
  await page.reload();
  await widget.open();
  await expect(widget.own).toHaveCount(2);
  await expect(widget.answers).toHaveCount(1);
});

test('an owner who comes silences the assistant in the middle of a word', async ({
  page,
  server,
  owner,
  model,
  widget,
}) => {
  await page.goto(server.url);
  await widget.open();
  model.respond({ pieces: wordsOf(`Half a thought. ${long}`), delayMs: 300 });
  await widget.say(question);
  await expect(widget.answers.first()).toContainText('Half a');
  await owner.replyToVisitor('I am here myself.');
  await expect(widget.fromOwner).toContainText('I am here myself.');
  await expect(widget.answers).toHaveCount(0);
  await expect.poll(() => model.abandoned).toBe(1);
  await page.reload();
  await widget.open();
  await expect(widget.fromOwner).toHaveCount(1);
  await expect(widget.answers).toHaveCount(0);
});

test('an answer that was being written when the server was killed comes once and whole', async ({
  page,
  server,
  model,
  widget,
}) => {
  await page.goto(server.url);
  await widget.open();
  model.respond({ pieces: ['Half '], ending: 'hang' });
  await widget.say(question);
  await expect(widget.answers.first()).toContainText('Half');
  await server.kill('SIGKILL');
  model.respond({ pieces: wordsOf('The whole of it [1].'), delayMs: 20 });
  await server.restart();
  await expect(widget.answers.first()).toContainText('The whole of it.');
  await expect(widget.answers).toHaveCount(1);
  await expect(widget.log).not.toContainText('Half');
  await expect(widget.citations.first()).toBeVisible();
});

test.describe('with a limit on what a day may cost', () => {
  test.use({ modelEnvironment: { OPENAI_TOKENS_PER_DAY: '5000' } });

  test('the posts answer when it is reached, and the inbox says what was spent', async ({
    page,
    server,
    model,
    widget,
    inbox,
  }) => {
    model.respond({ pieces: ['By the model [1].'], usage: { prompt: 4_900, completion: 10 } });
    await page.goto(server.url);
    await widget.open();
    await expect(await widget.ask(question)).toContainText('By the model.');
    const second = await widget.ask('How do I make a backup?');
    await expect(second).toContainText('backup');
    await expect(second).not.toContainText('By the model');
    await expect(widget.citations.first()).toBeVisible();
    expect(model.chats).toHaveLength(1);
    await inbox.logIn(server.url);
    await inbox.page.getByRole('button', { name: 'Settings' }).click();
    await expect(inbox.page.getByText('4,910 of 5,000 tokens today')).toBeVisible();
  });
});

test.describe('without a model', () => {
  test.use({
    serverEnvironment: { NOTIFY: 'webhook+http://127.0.0.1:9/?secret=nobody-listens-there' },
  });

  test('a question that is all about code is answered with the code', async ({
    page,
    server,
    widget,
  }) => {
    await page.goto(server.url);
    await widget.open();
    const answer = await widget.ask('How do I start the server from Node code?');
    await expect(answer.locator('pre').first()).toBeVisible();
    await expect(answer.getByRole('button', { name: 'Copy' }).first()).toBeAttached();
    await expect(widget.citations.first()).toBeVisible();
  });

  test('a Chinese question gets a Chinese answer', async ({ page, server }) => {
    await page.goto(`${server.url}/zh`);
    const widget = widgetOn(page, 'zh');
    await widget.open();
    const answer = await widget.ask('怎么备份数据？');
    await expect(answer).toContainText(/备份/);
    await expect(widget.citations.first()).toHaveAttribute('href', /\/zh\//);
  });

  test('where the posts do not cover it the owner is offered, and yes is enough', async ({
    page,
    server,
    widget,
  }) => {
    await page.goto(server.url);
    await widget.open();
    const answer = await widget.ask('What is the boiling point of tungsten on Mars?');
    await expect(answer).toContainText('Shall I pass your question to the owner?');
    await expect(await widget.ask('Yes, please')).toContainText('I have told the owner');
    await expect(widget.panel).toContainText('Away · will answer here');
  });

  test('a thumb reaches the inbox, beside the question', async ({
    page,
    server,
    owner,
    widget,
    inbox,
  }) => {
    await page.goto(server.url);
    await widget.open();
    const answer = await widget.ask(question);
    await answer.getByRole('button', { name: 'Not helpful' }).click();
    await expect(answer.getByRole('button', { name: 'Not helpful' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await expect
      .poll(async () => JSON.stringify(await owner.everything()))
      .toContain('"feedback":"down"');
    await inbox.logIn(server.url);
    await inbox.view('Assistant').click();
    await expect(inbox.rows).toContainText('Rated not helpful');
  });
});

/** Whatever a model writes is text: none of it runs, loads or changes anything. */
const written = [
  '<img src=x onerror="globalThis.ran = true">',
  '<script>globalThis.ran = true</script>',
  '<svg/onload=globalThis.ran=true>',
  '[click](javascript:globalThis.ran=true)',
  '![p](http://127.0.0.1:9/pixel.png)',
  '<iframe srcdoc="<script>parent.ran=true</script>"></iframe>',
  '[1](https://evil.example/fake) and [99] and https://evil.example/phish',
  '<a href="data:text/html,<script>ran=1</script>">x</a>',
  '```html\n<script>globalThis.ran = true</script>\n```',
  '<contact-chat open></contact-chat>',
  '<!--?lit$1$--><style>*{display:none}</style>',
  '| a |\n|--|\n| <img src=x onerror=ran=1> |',
];

test('a hostile model runs nothing and leads nowhere', async ({ page, server, model, widget }) => {
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(request.url()));
  await page.goto(server.url);
  await widget.open();
  for (const [number, text] of written.entries()) {
    model.respond({
      pieces: wordsOf(`Number ${number} [1]:\n\n${text}\n\nend ${number}.`),
      delayMs: 5,
    });
    await expect(await widget.ask(`${question} ${number}`)).toContainText(`end ${number}.`);
  }
  expect(await page.evaluate(() => Reflect.get(globalThis, 'ran'))).toBeUndefined();
  await expect(widget.log.locator('img, script, iframe, style, contact-chat')).toHaveCount(0);
  const links = await widget.log
    .getByRole('link')
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(links.length).toBeGreaterThan(0);
  for (const href of links) expect(href).toContain(server.url);
  const foreign = asked.filter((url) => !url.startsWith(server.url) && !/^(data|blob):/.test(url));
  expect(foreign).toEqual([]);
});
