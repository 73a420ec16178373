import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../e2e/server/openai-counterpart.ts';
import { startModelHarness, watchProgress } from './language-model-harness.ts';
import { ownSentences } from './own-sentences.ts';

const question = 'How do I deploy with systemd?';
const deploying = expect.stringMatching(/^\/blog\/?en\/deploying/);

describe('an answer that a language model writes', () => {
  it('is shown while it comes, without marks, and cites what it was given', async () => {
    const { model, ask, observed } = await startModelHarness();
    model.respond({
      pieces: wordsOf('Write a unit file [1]. Then run `systemctl enable --now blog` [1][9].'),
      delayMs: 1,
      usage: { prompt: 900, completion: 30 },
    });
    const answer = await ask(question);
    expect(answer).toMatchObject({
      text: 'Write a unit file. Then run `systemctl enable --now blog`.',
      outcome: 'found',
      citations: [{ title: 'Deploying the service › With systemd', url: deploying }],
    });
    expect(answer.shown).toBe(answer.text);
    expect(observed).toEqual(['spent prompt 900', 'spent completion 30', 'called answered']);
  });

  it('is asked for with the passages, the rules and nothing that was not needed', async () => {
    const { model, ask } = await startModelHarness({ apiKey: 'sk-secret' });
    model.respond({ pieces: ['Yes [1].'] });
    await ask(question);
    const [call] = model.chats;
    expect(call?.headers.authorization).toBe('Bearer sk-secret');
    expect(call?.body).toMatchObject({
      ...{ model: 'test-model', stream: true, stream_options: { include_usage: true } },
      ...{ max_tokens: 700, temperature: 0.2 },
    });
    expect(call?.body.messages?.map(({ role }) => role)).toEqual(['system', 'user']);
    const [system, user] = call?.body.messages ?? [];
    expect(system?.content).toContain(
      '<<DATA-abc123 passage 1\nDeploying the service\nWith systemd',
    );
    expect(system?.content).toContain('ExecStart=/usr/bin/node server.js');
    expect(user?.content).toContain(`<<DATA-abc123 question\n${question}\nDATA-abc123>>`);
  });

  it('asks in the language of the visitor, with rules in it', async () => {
    const { model, ask } = await startModelHarness();
    model.respond({ pieces: wordsOf('用 systemd 运行【1】。') });
    const answer = await ask('怎么用 systemd 部署？', { lang: 'zh-CN' });
    expect(answer).toMatchObject({ text: '用 systemd 运行。', outcome: 'found' });
    expect(model.chats[0]?.body.messages?.[0]?.content).toContain('你为一个博客的访客解答问题');
    const passage = model.chats[0]?.body.messages?.[0]?.content.split('passage 1\n')[1];
    expect(passage).toMatch(/^如何部署到生产环境/);
  });

  it.each(['[0]', ' [0] ', 'The passages do not mention that. [0]'])(
    'says honestly that the posts do not answer where the model says %j',
    async (said) => {
      const { model, ask, observed } = await startModelHarness();
      model.respond({ pieces: wordsOf(said) });
      const answer = await ask(question);
      expect(answer).toMatchObject({
        ...{ text: ownSentences.en.notCovered, citations: [], outcome: 'not_covered' },
      });
      expect(answer.shown).toMatch(/^$|⟲$/);
      expect(observed).toContain('called not_covered');
    },
  );

  it('is not shown where it rests on nothing that was given', async () => {
    const { model, ask } = await startModelHarness();
    model.respond({ pieces: wordsOf('Paris is the capital of France, famous for the Louvre.') });
    expect(await ask(question)).toMatchObject({ citations: [], outcome: 'not_covered' });
    model.respond({ pieces: ['I am sorry, but the passages contain no information about it.'] });
    expect(await ask(question)).toMatchObject({ citations: [], outcome: 'not_covered' });
  });

  it('cites what supports it where the model forgot to', async () => {
    const { model, ask } = await startModelHarness();
    const text = 'Write a unit file and start it, so that it survives a reboot.';
    model.respond({ pieces: wordsOf(text) });
    expect(await ask(question)).toMatchObject({
      ...{ text, outcome: 'found', citations: [{ url: deploying }] },
    });
  });

  it('cites each post once, what is named most first, three at most', async () => {
    const { model, ask } = await startModelHarness();
    model.respond({ pieces: ['a [2] b [1] c [2] d [3] e [4] f [5] g [6]'] });
    const { citations } = await ask(question);
    const posts = citations.map(({ url }) => url.replace(/#.*/, ''));
    expect(new Set(posts).size).toBe(posts.length);
    expect(posts.length).toBeLessThanOrEqual(3);
  });

  it('costs nothing where the posts have nothing, or nothing is asked', async () => {
    const { model, ask, observed } = await startModelHarness();
    expect(await ask('What is the boiling point of liquid helium?')).toMatchObject({
      ...{ text: ownSentences.en.notCovered, outcome: 'not_covered' },
    });
    expect(await ask('Thank you!')).toMatchObject({ outcome: 'smalltalk' });
    expect(model.chats).toEqual([]);
    expect(observed).toEqual([]);
  });

  it('goes on with what was asked before', async () => {
    const { model, ask } = await startModelHarness();
    model.respond({ pieces: ['Build the image [1].'] });
    const history = [
      { sender: 'visitor', text: question } as const,
      { sender: 'assistant', text: 'Write a unit file.' } as const,
      { sender: 'owner', text: 'I use it myself.' } as const,
    ];
    expect(await ask('And on Windows?', { history })).toMatchObject({ outcome: 'found' });
    expect(model.chats[0]?.body.messages?.map(({ role, content }) => [role, content])).toEqual([
      ['system', expect.stringContaining('Deploying the service')],
      ['user', expect.stringContaining(question)],
      ['assistant', 'Write a unit file.\n\nThe owner of the blog wrote:\nI use it myself.'],
      ['user', expect.stringContaining('And on Windows?')],
    ]);
    expect(await ask('And on Windows?')).toMatchObject({ outcome: 'not_covered' });
  });

  it('covers a burst with one answer', async () => {
    const { model, ask, answerer } = await startModelHarness();
    expect(answerer.combines).toBe(true);
    model.respond({ pieces: ['Both [1].'] });
    const burst = ['hello', 'How do I restore a backup?'];
    await ask(question, { burst });
    const asked = model.chats[0]?.body.messages?.at(-1)?.content ?? '';
    expect(asked).toContain(burst[1]);
    expect(asked).toContain(question);
    expect(asked).not.toContain('hello');
    await ask('thanks', { burst });
    expect(model.chats[1]?.body.messages?.at(-1)?.content).toContain(burst[1]);
  });

  it('never shows what a reasoning model thinks', async () => {
    const { model, ask } = await startModelHarness();
    for (const pieces of [
      [{ reasoning: 'Hmm, secret' }, ...wordsOf('Use systemd [1].')],
      ['<thi', 'nk>secret', ' [2]</th', 'ink>Use ', 'systemd [1].'],
      ['secret thoughts', '</think>', 'Use systemd [1].'],
      ['secret [3] thoughts', ' again</think>Use', ' systemd [1].'],
    ]) {
      model.respond({ pieces });
      const answer = await ask(question);
      expect(answer.text).toBe('Use systemd.');
      expect(answer.shown.split('⟲').at(-1)).toBe('Use systemd.');
    }
  });

  it('shows no script, image, link or source that nobody gave', async () => {
    const { model, ask } = await startModelHarness();
    const said =
      'Run it [1]. ![x](https://evil.example/p.gif) [Click](https://evil.example/) <script>alert(1)</script> [7] https://evil.example/ and [this](/blog/en/deploying).\n\nSources: [42](https://evil.example/)';
    model.respond({ pieces: wordsOf(said) });
    const answer = await ask(question);
    expect(answer.text).not.toMatch(/evil|!\[|\[7\]|42/);
    expect(answer.text).toContain('<script>alert(1)</script>');
    expect(answer.shown).toBe(answer.text);
    expect(answer.citations).toEqual([{ title: expect.anything() as string, url: deploying }]);
  });

  it('ends an answer that does not end', async () => {
    const { model, ask } = await startModelHarness();
    const endless = {
      *[Symbol.iterator]() {
        yield 'Run it [1]. ';
        for (;;) yield 'again and again ';
      },
    };
    model.respond({ pieces: endless });
    const answer = await ask(question);
    expect(answer.text.length).toBeLessThan(6_100);
    expect(answer.text).toMatch(/ …$/);
    await expect.poll(() => model.abandoned).toBe(1);
    model.respond({ pieces: ['Run it [1]. ', 'again 🎉 '.repeat(9_000)] });
    const inOnePiece = await ask(question);
    expect(inOnePiece.text.length).toBeLessThan(6_100);
    expect(inOnePiece.text).toMatch(/ …$/);
    expect(inOnePiece.text.isWellFormed()).toBe(true);
  });

  it('closes the connection where nobody wants it any more', async () => {
    const { model, answerer, observed } = await startModelHarness();
    model.respond({ pieces: ['Run it [1]. '], ending: 'hang' });
    const control = new AbortController();
    const { progress, shown } = watchProgress();
    const asked = { text: question, lang: 'en', history: [] };
    const answer = answerer.answer(asked, { signal: control.signal, progress });
    await expect.poll(shown).toBe('Run it.');
    control.abort(new Error('Somebody took over'));
    await expect(answer).rejects.toThrow('Somebody took over');
    await expect.poll(() => model.abandoned).toBe(1);
    expect(observed).toContain('called called_off');
    expect(model.chats).toHaveLength(1);
  });
});
