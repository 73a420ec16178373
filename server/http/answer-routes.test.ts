import { describe, expect, it } from 'vitest';
import { answererState, answerList } from '../../shared/console-protocol.ts';
import type { Answerer, AnswererUsage } from '../answerer-ports.ts';
import { createOwnerHarness } from './owner-harness.ts';

type Harness = ReturnType<typeof createOwnerHarness>;

/** A question and its answer, so many days ago. */
async function answered(
  { store, state, visitorWrites }: Harness,
  conversationId: string,
  id: string,
  { daysAgo = 0, covered = true } = {},
): Promise<void> {
  await visitorWrites(conversationId, `What about ${id}?`, id);
  await store.append({
    conversationId,
    message: {
      ...{ id: `ai:${id}`, sender: 'assistant', text: `About ${id}.`, inReplyTo: id },
      atMs: state.nowMs - daysAgo * 86_400_000,
      outcome: covered ? 'found' : 'not_covered',
    },
  });
}

describe('answers of the assistant', () => {
  it('carry what the visitor thinks of them wherever the owner reads them', async () => {
    const harness = createOwnerHarness();
    const { store, api } = harness;
    await answered(harness, 'c', 'a', { covered: false });
    await store.setFeedback('c', 'ai:a', 'down');
    const rated = { id: 'ai:a', feedback: 'down', outcome: 'not_covered', in_reply_to: 'a' };
    expect((await api('GET', '/conversations/c/messages')).json).toMatchObject({
      messages: [{ id: 'a' }, rated],
    });
    expect((await api('GET', '/conversations/c')).json).toMatchObject({
      rated_down: 1,
      last_message: rated,
    });
    expect((await api('GET', '/search?q=about')).json).toMatchObject({
      hits: expect.arrayContaining([
        expect.objectContaining({ message: expect.objectContaining(rated) }),
      ]),
    });
    const unrated = (await api('GET', '/conversations/c/messages?limit=1&before_seq=2')).json;
    expect(JSON.stringify(unrated)).not.toMatch(/feedback|outcome/);
  });

  it('are listed newest first with their question and conversation, page by page', async () => {
    const harness = createOwnerHarness();
    const { store, api } = harness;
    for (const [at, id] of ['a', 'b', 'c'].entries()) {
      await answered(harness, 'talk', id, { daysAgo: 3 - at });
      await store.setFeedback('talk', `ai:${id}`, 'down');
    }
    const { json } = await api('GET', '/answers?limit=2');
    if (!answerList.is(json)) throw new Error(`no list: ${JSON.stringify(json)}`);
    expect(json).toMatchObject({
      answers: [
        {
          conversation: { id: 'talk', rated_down: 3 },
          question: { id: 'c', message: 'What about c?' },
          answer: { id: 'ai:c', message: 'About c.', feedback: 'down' },
        },
        { answer: { id: 'ai:b' } },
      ],
      counts: { up: 0, down: 3, not_covered: 0 },
    });
    const before = encodeURIComponent(json.cursor ?? '');
    const next = (await api('GET', `/answers?list=down&before=${before}`)).json;
    expect(next).toMatchObject({ answers: [{ answer: { id: 'ai:a' } }] });
    expect(next).not.toHaveProperty('cursor');
  });

  it('are listed apart by what was thought of them, and counted for 30 days', async () => {
    const harness = createOwnerHarness();
    const { store, api } = harness;
    await answered(harness, 'c', 'old', { daysAgo: 31, covered: false });
    await answered(harness, 'c', 'new', { daysAgo: 29, covered: false });
    await answered(harness, 'c', 'good');
    await store.setFeedback('c', 'ai:good', 'up');
    const idsOf = async (list: string) => {
      const { json } = await api('GET', `/answers?list=${list}`);
      if (!answerList.is(json)) throw new Error(`no list: ${JSON.stringify(json)}`);
      expect(json.counts).toEqual({ up: 1, down: 0, not_covered: 1 });
      return json.answers.map(({ answer }) => answer.id);
    };
    expect(await idsOf('not_covered')).toEqual(['ai:new', 'ai:old']);
    expect(await idsOf('up')).toEqual(['ai:good']);
    expect(await idsOf('down')).toEqual([]);
  });

  it('are not listed by what is no list, nor in pages that are too long', async () => {
    const { api, ask } = createOwnerHarness();
    for (const [query, field] of [
      ['list=all', 'list'],
      ['limit=51', 'limit'],
      ['limit=0', 'limit'],
      ['limit=x', 'limit'],
    ]) {
      expect(await api('GET', `/answers?${query}`)).toMatchObject({ status: 400, json: { field } });
    }
    expect((await api('GET', '/answers?before=%00~nonsense')).json).toMatchObject({ answers: [] });
    for (const path of ['/answers', '/answerer']) expect((await ask(path)).status).toBe(401);
  });
});

describe('who answers', () => {
  const answerer: Pick<Answerer, 'name' | 'describe' | 'ready'> = {
    name: 'openai',
    describe: () => '9 posts',
    ready: () => Promise.resolve(),
  };
  const usage: AnswererUsage = {
    ...{ tokensToday: 12_340, tokensPerDay: 500_000, guardedToday: 3, model: 'small-1' },
  };
  const known = { name: 'openai', description: '9 posts', ready: true };

  it('is told with what the language model cost', async () => {
    const { api } = createOwnerHarness({ answerer: { ...answerer, usage: async () => usage } });
    const { json } = await api('GET', '/answerer');
    expect(answererState.is(json)).toBe(true);
    const cost = { tokens_today: 12_340, tokens_per_day: 500_000, guarded_today: 3 };
    expect(json).toEqual({ ...known, usage: { model: 'small-1', ...cost } });
  });

  it('is told without a limit where there is none, and without a cost where there is none', async () => {
    const unlimited = { ...usage, tokensPerDay: Number.POSITIVE_INFINITY };
    const free = createOwnerHarness({ answerer: { ...answerer, usage: async () => unlimited } });
    const { json } = await free.api('GET', '/answerer');
    expect(json).toHaveProperty('usage.tokens_today', 12_340);
    expect(json).not.toHaveProperty('usage.tokens_per_day');
    const { api } = createOwnerHarness({ answerer: { ...answerer, name: 'retrieval' } });
    expect((await api('GET', '/answerer')).json).toEqual({ ...known, name: 'retrieval' });
  });

  it('is told though the cost cannot be, and though it is not ready', async () => {
    const failing = createOwnerHarness({
      answerer: { ...answerer, usage: () => Promise.reject(new Error('no disk')) },
    });
    expect((await failing.api('GET', '/answerer')).json).toEqual(known);
    expect(failing.errors).toHaveLength(1);
    const never = new Promise<void>(() => undefined);
    for (const ready of [() => never, () => Promise.reject(new Error('no folder'))]) {
      const { api } = createOwnerHarness({ answerer: { ...answerer, ready } });
      expect((await api('GET', '/answerer')).json).toEqual({ ...known, ready: false });
    }
  });

  it('is nobody where no assistant answers', async () => {
    const { api } = createOwnerHarness();
    expect(await api('GET', '/answerer')).toMatchObject({
      status: 404,
      json: { code: 'not_found', detail: 'No assistant answers here.' },
    });
  });
});
