/** Which passages of the blog a language model gets to answer from. */
import type { Citation } from '../../shared/protocol.ts';
import type { PostIndex } from './post-index.ts';
import { cutToTokens, estimateTokens } from './estimate-tokens.ts';

/** A passage as the model sees it. */
export interface GivenPassage {
  /** Of its post in the index. */
  readonly post: number;
  readonly title: string;
  /** `Deploying › With systemd`; empty where it stands under no heading. */
  readonly heading: string;
  /** Of the post, with the heading's anchor. */
  readonly url: string;
  /** Markdown, without the heading. */
  readonly text: string;
}

export interface ChoosePassagesOptions {
  /** Numbers of passages in the index, best first; may repeat. */
  readonly ranked: readonly number[];
  readonly maxPassages?: number;
  /** About so many tokens at most, all together. */
  readonly maxTokens?: number;
}

const defaults = { maxPassages: 8, maxTokens: 2_000 };
/** So many of one post, so that it does not crowd out the others. */
const mostOfOnePost = 3;
/** A passage is cut to this many tokens, and not given at all where less is left for it. */
const longestPassage = 600;
const leastPassage = 60;

const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();

function given(index: PostIndex, number: number): GivenPassage | undefined {
  const indexed = index.passages[number];
  const post = indexed && index.posts[indexed.post];
  if (!indexed || !post) return undefined;
  const { passage } = indexed;
  let text = '';
  for (const block of post.blocks.slice(passage.start, passage.end)) {
    if (block.kind === 'heading') continue;
    if (text !== '') text += block.glue;
    text +=
      block.kind === 'code'
        ? `\`\`\`${block.label}\n${block.text.replace(/\n$/, '')}\n\`\`\``
        : block.text;
  }
  const anchored = passage.anchor !== '' && !post.url.includes('#');
  return {
    post: indexed.post,
    title: oneLine(post.title),
    heading: passage.headings.map(oneLine).join(' › '),
    url: anchored ? `${post.url}#${encodeURIComponent(passage.anchor)}` : post.url,
    text: text.trim(),
  };
}

/**
 * The best passages, and what surrounds the very best one: an answer often goes on where the
 * passage ends.
 */
export function choosePassages(index: PostIndex, options: ChoosePassagesOptions): GivenPassage[] {
  const { maxPassages, maxTokens } = { ...defaults, ...options };
  const chosen: GivenPassage[] = [];
  const seen = new Set<number>();
  const ofPost = new Map<number, number>();
  let room = maxTokens;

  function take(number: number): void {
    if (chosen.length >= maxPassages || room < leastPassage || seen.has(number)) return;
    seen.add(number);
    const passage = given(index, number);
    if (!passage || passage.text === '') return;
    const count = ofPost.get(passage.post) ?? 0;
    if (count >= mostOfOnePost) return;
    const text = cutToTokens(passage.text, Math.min(longestPassage, room));
    room -= estimateTokens(`${text}${passage.title}${passage.heading}${passage.url}`) + 10;
    ofPost.set(passage.post, count + 1);
    chosen.push({ ...passage, text });
  }

  const [best, second, ...others] = options.ranked;
  if (best === undefined) return chosen;
  const post = index.passages[best]?.post;
  const near = [best + 1, best - 1].filter((number) => index.passages[number]?.post === post);
  for (const number of [best, second ?? best, ...near, ...others]) take(number);
  return chosen;
}

/** What is cited of a passage. */
export function citationOf({ title, heading, url }: GivenPassage): Citation {
  const last = heading.split(' › ').at(-1) ?? '';
  return { title: last === '' ? title : `${title} › ${last}`, url };
}
