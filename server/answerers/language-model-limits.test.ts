import { describe, expect, it } from 'vitest';
import { startModelHarness } from './language-model-harness.ts';

const question = 'How do I deploy with systemd?';
const fromThePosts = expect.stringMatching(/^(?!The language model).*unit file/s);

describe('what a language model may cost', () => {
  it('is counted as the server says', async () => {
    const { model, ask, answerer } = await startModelHarness();
    model.respond({ pieces: ['Yes [1].'], usage: { prompt: 1_234, completion: 56 } });
    await ask(question);
    expect(await answerer.usage?.()).toEqual({
      ...{ model: 'test-model', tokensToday: 1_290, tokensPerDay: 100_000, guardedToday: 0 },
    });
  });

  it('is estimated where it does not say, and where the answer was cut', async () => {
    const { model, ask, answerer, observed } = await startModelHarness();
    model.respond({ pieces: ['Yes [1].'] });
    await ask(question);
    const first = (await answerer.usage?.())?.tokensToday ?? 0;
    expect(first).toBeGreaterThan(300);
    expect(first).toBeLessThan(3_000);
    model.respond({ pieces: ['Yes '], ending: 'cut' });
    await ask(question);
    expect((await answerer.usage?.())?.tokensToday).toBeGreaterThan(2.5 * first);
    expect(observed.filter((line) => line.startsWith('spent completion'))).toHaveLength(3);
  });

  it.each([
    { prompt: 0, completion: 0 },
    { prompt: -5_000, completion: 1 },
    { prompt: 1e12, completion: 1 },
  ])('is estimated where what the server says cannot be true: %j', async (usage) => {
    const { model, ask, answerer } = await startModelHarness();
    model.respond({ pieces: ['Yes [1].'], usage });
    expect(await ask(question)).toMatchObject({ text: 'Yes.' });
    const { tokensToday = 0 } = (await answerer.usage?.()) ?? {};
    expect(tokensToday).toBeGreaterThan(300);
    expect(tokensToday).toBeLessThan(3_000);
  });

  it('is nothing where the server refused', async () => {
    const { model, ask, answerer } = await startModelHarness();
    model.respond({ status: 401 });
    await ask(question);
    await model.goDown();
    await ask(question);
    expect((await answerer.usage?.())?.tokensToday).toBe(0);
  });

  it('ends with the limit of the day: then the posts answer as ever', async () => {
    const { model, ask, answerer, observed, errors } = await startModelHarness({
      tokensPerDay: 5_000,
    });
    model.respond({ pieces: ['Yes [1].'], usage: { prompt: 4_000, completion: 500 } });
    expect(await ask(question, { visitor: '203.0.113.1' })).toMatchObject({ text: 'Yes.' });
    const guarded = await ask(question, { visitor: '203.0.113.2' });
    expect(guarded).toMatchObject({ text: fromThePosts, outcome: 'found' });
    expect(model.chats).toHaveLength(1);
    expect(observed.at(-1)).toBe('guarded day');
    expect(await answerer.usage?.()).toMatchObject({ tokensToday: 4_500, guardedToday: 1 });
    expect(errors).toEqual([]);
  });

  it('ends with the limit of a visitor, whose new conversations do not help', async () => {
    const { model, ask, observed } = await startModelHarness({ tokensPerVisitor: 5_000 });
    model.respond({ pieces: ['Yes [1].'], usage: { prompt: 4_000, completion: 500 } });
    const visitor = '203.0.113.1';
    expect(await ask(question, { visitor, conversationId: 'a' })).toMatchObject({ text: 'Yes.' });
    expect(await ask(question, { visitor, conversationId: 'b' })).toMatchObject({
      text: fromThePosts,
    });
    expect(observed.at(-1)).toBe('guarded visitor');
    expect(await ask(question, { visitor: '203.0.113.2' })).toMatchObject({ text: 'Yes.' });
  });

  it('holds for many who ask at once', async () => {
    const { model, ask } = await startModelHarness({ tokensPerDay: 10_000 });
    model.respond({ pieces: ['Yes [1].'], delayMs: 50, usage: { prompt: 2_000, completion: 100 } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => ask(question, { visitor: `203.0.113.${at}` })),
    );
    expect(answers.every(({ outcome }) => outcome === 'found')).toBe(true);
    expect(model.chats.length).toBeLessThan(10);
    expect(model.chats.length).toBeGreaterThan(1);
  });

  it('includes a second attempt, which a limit may refuse', async () => {
    const { model, ask } = await startModelHarness({ tokensPerDay: 1_500 });
    model.respond({ pieces: ['Half '], ending: 'cut' });
    const answer = await ask(question);
    expect(answer).toMatchObject({ text: fromThePosts });
    expect(answer.shown).toBe('Half⟲');
    expect(model.chats).toHaveLength(1);
  });
});
