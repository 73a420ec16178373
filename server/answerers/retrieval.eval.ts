/**
 * Measures the retrieval answerer on a blog and a list of questions, beside a plain MiniSearch
 * index in the same run:
 *
 *     npm run eval -- [<posts> <questions.jsonl>] [--failures]
 *
 * Without arguments: the posts and questions that lie beside the project, where they do.
 */
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createPostFolder } from '../posts/post-folder.ts';
import { postAddress } from '../posts/post-address.ts';
import type { Post } from '../posts/read-post.ts';
import { createPlainSearch, evaluate, readQuestions, type Scores } from './evaluate.ts';
import { createRetrievalAnswerer } from './retrieval.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${(share * 100).toFixed(0)} %`;
const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

const options = process.argv.slice(2);
const [folder = '../shared/corpora/til', list = '../shared/eval/til.jsonl'] = options
  .filter((option) => !option.startsWith('--'))
  .map((path) => resolve(path));

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function run(): Promise<void> {
  for (const path of [folder, list]) {
    if (!(await exists(path))) return say(`Nothing to measure: ${path} is not there.`);
  }
  const questions = await readQuestions(list);
  const onError = (error: unknown): void => say(String(error));
  const never = new AbortController().signal;

  const memoryBefore = process.memoryUsage();
  let posts: readonly Post[] = [];
  let tookMs = 0;
  let passages = 0;
  const answerer = createRetrievalAnswerer({
    folder,
    baseUrl: '/',
    watch: false,
    onError,
    onIndexed: (summary) => {
      ({ tookMs, passages } = summary);
    },
  });
  await answerer.ready();
  const memory = process.memoryUsage();
  posts = (await createPostFolder({ folder, baseUrl: '/', onError }).scan(never)).posts;
  const urls = new Map(posts.map((post) => [post.path, post.url]));
  const urlOf = (path: string): string => urls.get(path) ?? postAddress(path, new Map(), '/');

  const ours = await evaluate(
    questions,
    ({ question, lang }) =>
      answerer.answer({ text: question, lang, history: [] }, { signal: never }),
    urlOf,
  );
  const plainStartedAt = performance.now();
  const ask = createPlainSearch(posts);
  const plainMs = performance.now() - plainStartedAt;
  const plain = await evaluate(questions, ask, urlOf);

  say(`${questions.length} questions about ${answerer.describe()}\n`);
  const row = (name: string, left: string, right: string): void =>
    say(`${name.padEnd(28)}${left.padStart(12)}${right.padStart(18)}`);
  const shares = (name: string, of: (scores: Scores) => number | undefined): void =>
    row(name, percent(of(ours)), percent(of(plain)));
  row('', 'retrieval', 'plain MiniSearch');
  shares('right post first', (scores) => scores.first);
  shares('right post in three', (scores) => scores.inThree);
  shares('fact shown', (scores) => scores.factShown);
  shares('off topic refused', (scores) => scores.offTopicRefused);
  shares('small talk right', (scores) => scores.smallTalkRight);
  row('median', ms(ours.medianMs), ms(plain.medianMs));
  row('99th percentile', ms(ours.p99Ms), ms(plain.p99Ms));
  row('index built in', ms(tookMs), `${ms(plainMs)} (no files)`);
  const grown = (memory.rss - memoryBefore.rss) / 1_048_576;
  say(`\n${passages} passages; memory grew by ${grown.toFixed(0)} MB while the index was built`);
  if (options.includes('--failures')) say(`\n${ours.misses.join('\n')}`);
  else if (ours.misses.length > 0) say(`${ours.misses.length} misses; --failures lists them`);
  await answerer.close();
}

await run();
