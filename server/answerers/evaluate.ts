/** How well answers meet a list of questions with known answers; for `npm run eval` and its test. */
import { readFile } from 'node:fs/promises';
import MiniSearch from 'minisearch';
import type { Answer } from '../answerer-ports.ts';
import { yieldToLoop } from '../posts/post-folder.ts';
import type { Post } from '../posts/read-post.ts';

/** One line of a list of questions. */
export interface EvalQuestion {
  readonly id: string;
  readonly kind: 'answerable' | 'offtopic' | 'smalltalk';
  readonly lang: string;
  readonly question: string;
  /** Paths of the posts that answer it. */
  readonly gold: readonly string[];
  /** Regular expressions that the text shown has to match, whatever the case. */
  readonly must: readonly string[];
}

/** Shares are 0–1, or undefined where there was no such question. */
export interface Scores {
  readonly first: number | undefined;
  readonly inThree: number | undefined;
  readonly factShown: number | undefined;
  readonly offTopicRefused: number | undefined;
  readonly smallTalkRight: number | undefined;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly misses: readonly string[];
}

export async function readQuestions(file: string): Promise<EvalQuestion[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line) as EvalQuestion);
}

const pathOf = (url: string): string => url.replace(/[#?].*$/s, '');

/**
 * Asks every question.
 *
 * @param urlOf - the address that a post of `gold` is cited as
 */
export async function evaluate(
  questions: readonly EvalQuestion[],
  ask: (question: EvalQuestion) => Promise<Answer> | Answer,
  urlOf: (path: string) => string,
): Promise<Scores> {
  const right = { first: 0, inThree: 0, factShown: 0, refused: 0, smallTalk: 0 };
  const misses: string[] = [];
  const times: number[] = [];
  const count = (kind: EvalQuestion['kind']): number =>
    questions.filter((question) => question.kind === kind).length;
  for (const question of questions) {
    // As a server is asked: other work has its turn between two questions.
    await yieldToLoop();
    const startedAt = performance.now();
    const answer = await ask(question);
    times.push(performance.now() - startedAt);
    const cited = answer.citations.map(({ url }) => pathOf(url));
    const miss = (what: string): void => {
      misses.push(
        `${question.id} ${what}: ${question.question} → ${cited.join(' ') || answer.outcome}`,
      );
    };
    if (question.kind === 'offtopic') {
      if (answer.outcome === 'not_covered' && cited.length === 0) right.refused += 1;
      else miss('not refused');
    } else if (question.kind === 'smalltalk') {
      if (answer.outcome === 'smalltalk' && cited.length === 0) right.smallTalk += 1;
      else miss('not taken as small talk');
    } else {
      const at = cited.findIndex((url) => question.gold.some((path) => urlOf(path) === url));
      const shown = question.must.every((pattern) => new RegExp(pattern, 'i').test(answer.text));
      if (at === 0) right.first += 1;
      if (at >= 0 && at < 3) right.inThree += 1;
      if (shown) right.factShown += 1;
      if (at !== 0) miss(at > 0 ? `number ${at + 1}` : 'not found');
      else if (!shown) miss('fact not shown');
    }
  }
  times.sort((left, right_) => left - right_);
  const share = (value: number, of: number): number | undefined =>
    of === 0 ? undefined : value / of;
  const quantile = (part: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return {
    first: share(right.first, count('answerable')),
    inThree: share(right.inThree, count('answerable')),
    factShown: share(right.factShown, count('answerable')),
    offTopicRefused: share(right.refused, count('offtopic')),
    smallTalkRight: share(right.smallTalk, count('smalltalk')),
    medianMs: quantile(0.5),
    p99Ms: quantile(0.99),
    misses,
  };
}

/** What an afternoon without this project gives: MiniSearch as it comes, over whole posts. */
export function createPlainSearch(posts: readonly Post[]): (question: EvalQuestion) => Answer {
  const search = new MiniSearch<{ id: number; title: string; text: string }>({
    fields: ['title', 'text'],
  });
  const textOf = (post: Post): string => post.blocks.map((block) => block.text).join('\n\n');
  search.addAll(posts.map((post, id) => ({ id, title: post.title, text: textOf(post) })));
  return ({ question }) => {
    const found = search.search(question).slice(0, 3);
    const cited = found.flatMap(({ id }) => posts[id as number] ?? []);
    const [best] = cited;
    if (!best) return { text: '–', citations: [], outcome: 'not_covered' };
    return {
      text: textOf(best).slice(0, 900),
      citations: cited.map(({ title, url }) => ({ title, url })),
      outcome: 'found',
    };
  };
}
