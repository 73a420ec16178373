/** Everyday questions about the documentation, which the demo answers from. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docsDir } from '../paths.ts';
import { evaluate, readQuestions } from './evaluate.ts';
import { createRetrievalAnswerer } from './retrieval.ts';

describe('questions about the documentation', async () => {
  const errors: string[] = [];
  const answerer = createRetrievalAnswerer({
    folder: docsDir,
    baseUrl: '/',
    watch: false,
    onError: (error) => errors.push(String(error)),
  });
  await answerer.ready();
  const { signal } = new AbortController();
  const ask = (text: string): ReturnType<typeof answerer.answer> =>
    answerer.answer({ text, lang: 'en', history: [] }, { signal });

  it('are mostly answered, by the right page in the right language', async () => {
    const scores = await evaluate(
      await readQuestions(join(import.meta.dirname, 'docs-questions.jsonl')),
      ({ question }) => ask(question),
      (path) => `/${path.replace(/\.md$/, '')}`,
    );
    expect(errors).toEqual([]);
    expect(scores.misses.length).toBeLessThanOrEqual(12);
    expect(scores.first).toBeGreaterThanOrEqual(0.65);
    expect(scores.inThree).toBeGreaterThanOrEqual(0.77);
    expect(scores.factShown).toBeGreaterThanOrEqual(0.65);
    expect(scores.offTopicRefused).toBe(1);
    expect(scores.smallTalkRight).toBe(1);
  });

  it.each([
    ['How do I back up?', '/en/back-up-and-restore#how-do-i-make-a-backup', 'contact-chat backup'],
    ['怎么备份？', '/zh/back-up-and-restore', 'contact-chat backup'],
  ])('%s', async (question, url, said) => {
    const { citations, text } = await ask(question);
    expect(decodeURIComponent(citations[0]?.url ?? '').startsWith(url)).toBe(true);
    expect(text).toContain(said);
  });

  it.each(['Prometheus', 'what is Prometheus', 'SIGTERM', 'OPENAI_MODEL', 'Jekyll', 'ETag'])(
    'one word that the pages have is enough: %s',
    async (question) => {
      expect((await ask(question)).outcome).toBe('found');
    },
  );
});

describe('questions about the English pages alone', async () => {
  const answerer = createRetrievalAnswerer({
    folder: join(docsDir, 'en'),
    baseUrl: '/',
    watch: false,
    onError: () => undefined,
  });
  const { signal } = new AbortController();
  const ask = async (text: string, lang: string) =>
    answerer.answer({ text, lang, history: [] }, { signal });

  it('in other words than the pages’ find the page that is meant', async () => {
    const { citations } = await ask('get a message on my phone when somebody writes', 'en');
    expect(citations[0]?.url).toMatch(/^\/notify-the-owner/);
  });

  it('cite one page where no other comes near it', async () => {
    const { citations } = await ask('move everything to another computer', 'en');
    expect(citations).toHaveLength(1);
    expect(citations[0]?.url).toMatch(/^\/back-up-and-restore/);
  });

  it.each(['如何减肥', '房价什么时候下降'])(
    'of another matter, in Chinese: %s',
    async (question) => {
      expect((await ask(question, 'zh')).outcome).toBe('not_covered');
    },
  );
});
