/** The best passage as an answer: what to show of its post, and what to cite. */
import type { Citation } from '../../shared/protocol.ts';
import { group, sentences } from '../posts/cut-text.ts';
import { codeGlue, type Block } from '../posts/markdown-blocks.ts';
import { isTitle } from '../posts/passages.ts';
import type { Post } from '../posts/read-post.ts';
import type { IndexedPassage, PostIndex } from './post-index.ts';
import type { Concept } from './question-concepts.ts';
import type { Found } from './rank.ts';

/** How much of a post is shown, in letters; a Chinese character says as much as two or three. */
const shown = 1_100;
/** Code is not cut before this length. */
const longestCode = 1_800;
/** What a last sentence leads to (`… like this:`) may make it this long. */
const shownWithLast = 1_400;
/** Code that comes next is often the point: it may make it this long. */
const shownWithCode = 2_000;
/** Nothing is ever longer. */
const limit = 3_400;
/** Blocks around the passage that may be shown with it. */
const reach = 14;
/** Further posts are cited where they come near the first. */
const citedFrom = 0.5;
/** An answer shorter than this goes on under the next heading in any case, in letters. */
const shortAnswer = 400;
const maxCitations = 3;

interface Shown {
  readonly from: number;
  readonly to: number;
}

/** Rarity of the question's words in a text. */
function relevance(terms: readonly string[], concepts: readonly Concept[]): Map<Concept, number> {
  const present = new Set(terms);
  const found = new Map<Concept, number>();
  for (const concept of concepts) {
    let best = 0;
    for (const { term, weight } of concept.alternatives) {
      if (weight > best && present.has(term)) best = weight;
    }
    if (best > 0) found.set(concept, best * concept.idf * concept.word.weight);
  }
  return found;
}

const wide = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/g;
const lettersPerWide = 2.2;

/** How much a text is to read, in letters. */
const weightOf = (text: string): number =>
  text.length + (text.match(wide)?.length ?? 0) * (lettersPerWide - 1);

const lengthOf = (block: Block): number => weightOf(block.text) + (block.kind === 'code' ? 10 : 2);

/**
 * The run of blocks to show: the part of the passage that says most of the question, then what
 * follows in its section, what leads to it, and what comes after, as long as there is room.
 */
function choose(
  post: Post,
  found: IndexedPassage,
  concepts: readonly Concept[],
  index: PostIndex,
): Shown {
  const { blocks } = post;
  const { passage } = found;
  const start = blocks[passage.start]?.kind === 'heading' ? passage.start + 1 : passage.start;
  const says = blocks
    .slice(start, passage.end)
    .map((block) =>
      relevance(index.termsOf(block.text, { code: block.kind === 'code' }), concepts),
    );
  let best: Shown = { from: start, to: Math.min(start + 1, passage.end) };
  let bestValue = -1;
  for (let from = start; from < passage.end; from += 1) {
    const together = new Map<Concept, number>();
    let size = 0;
    for (let to = from; to < passage.end; to += 1) {
      const block = blocks[to];
      if (!block) break;
      size += lengthOf(block);
      const isFirst = to === from;
      if (size > shown && !isFirst) break;
      for (const [concept, value] of says[to - start] ?? []) {
        together.set(concept, Math.max(value, together.get(concept) ?? 0));
      }
      // Of runs that say the same, the shorter; a small price a character finds it.
      let value = -size / 100_000;
      for (const part of together.values()) value += part;
      if (value > bestValue) {
        bestValue = value;
        best = { from, to: to + 1 };
      }
    }
  }
  const isMeant = (at: number): boolean => {
    const text = `${blocks[at]?.text ?? ''}\n${blocks[at + 1]?.text ?? ''}`;
    return relevance(index.termsOf(text), concepts).size > 0;
  };
  return extend(blocks, best, post.title, isMeant);
}

/** @param isMeant - whether a heading, or what stands under it, has anything of the question */
function extend(
  blocks: readonly Block[],
  run: Shown,
  title: string,
  isMeant: (at: number) => boolean,
): Shown {
  let { from, to } = run;
  let size = 0;
  for (const block of blocks.slice(from, to)) size += lengthOf(block);
  const fits = (at: number): boolean => {
    const block = blocks[at];
    return block !== undefined && size + lengthOf(block) <= shown;
  };
  const after = (acrossHeadings: boolean): void => {
    while (to < run.to + reach && fits(to)) {
      const block = blocks[to];
      if (!block || (block.kind === 'heading' && !acrossHeadings)) break;
      // Under another heading comes another matter, unless there is hardly anything yet.
      if (block.kind === 'heading' && size >= shortAnswer && !isMeant(to)) break;
      // A heading with nothing under it is not shown.
      const next = blocks[to + 1];
      if (block.kind === 'heading' && (!next || size + lengthOf(block) + lengthOf(next) > shown))
        break;
      size += lengthOf(block);
      to += 1;
    }
  };
  const before = (): void => {
    for (let count = 0; count < reach && from > 0 && fits(from - 1); count += 1) {
      const block = blocks[from - 1];
      if (!block || block.kind === 'heading') break;
      size += lengthOf(block);
      from -= 1;
    }
  };
  // What leads to code explains it.
  const lead = blocks[from - 1];
  if (blocks[from]?.kind === 'code' && lead && lead.kind !== 'heading' && lead.kind !== 'code') {
    size += lengthOf(lead);
    from -= 1;
  }
  after(false);
  before();
  after(true);
  const next = blocks[to];
  const isCode =
    next?.kind === 'code' && next.glue !== codeGlue && blocks[to + 1]?.glue !== codeGlue;
  if (next && (isCode || (next.kind !== 'heading' && leadsOn(blocks[to - 1])))) {
    if (size + lengthOf(next) <= (isCode ? shownWithCode : shownWithLast)) to += 1;
  }
  // A heading, or a sentence that leads to what is not shown, is no end.
  while (to > from + 1 && to < blocks.length && leadsOn(blocks[to - 1])) to -= 1;
  // The title over the first words says nothing that the citation does not.
  while (from < to - 1 && blocks[from] && isTitle(blocks[from] as Block, title)) from += 1;
  return { from, to };
}

const leadsOn = (block: Block | undefined): boolean =>
  block?.kind === 'heading' || (block?.kind === 'text' && /[:：]\s*$/.test(block.text));

const fenceFor = (code: string): string => {
  const longest = Math.max(2, ...(code.match(/`{3,}/g) ?? []).map((run) => run.length));
  return '`'.repeat(longest + 1);
};

/** @param size - in letters */
function cut(text: string, size: number): string {
  const weight = weightOf(text);
  if (weight <= size) return text;
  const units = Math.max(1, Math.floor((size * text.length) / weight));
  return `${(group(sentences(text), units)[0] ?? '').trimEnd()} …`;
}

/** The line of a table that names its columns, which may stand in an earlier piece of it. */
function tableHead(blocks: readonly Block[], at: number): string {
  let first = at;
  while (first > 0 && blocks[first]?.glue === '' && blocks[first]?.kind === 'table') first -= 1;
  return blocks[first]?.text.split('\n', 1)[0] ?? '';
}

const cells = (row: string): string[] => row.replace(/^\| | \|$/g, '').split(' | ');

/**
 * A table as a list, which reads well where nothing is rendered and on a phone: a row is its
 * first cell and the others, named by their columns where there is more than one.
 */
function tableAsList(head: string, text: string): string {
  const [, ...names] = cells(head);
  const lines = text.split('\n');
  const hasHead = /^\|( --- \|)+$/.test(lines[1] ?? '');
  const rows = hasHead && lines.length > 2 ? lines.slice(2) : lines;
  return rows
    .map((row) => {
      const [first = '', ...rest] = cells(row);
      const said = rest.map((cell, at) =>
        names.length > 1 ? `${names[at] ?? ''}: ${cell}` : cell,
      );
      return said.length === 0 ? `- ${first}` : `- ${first}: ${said.join(' · ')}`;
    })
    .join('\n');
}

/** Words that only look like an image are no image: a post's pictures are not shown. */
const withoutImages = (text: string): string =>
  text.replace(/(`+)[^`][^]*?\1|!\[/g, (found) => (found === '![' ? '!\\[' : found));

function render(blocks: readonly Block[], { from, to }: Shown): string {
  let text = '';
  for (const [offset, block] of blocks.slice(from, to).entries()) {
    if (offset > 0) text += block.glue;
    if (block.kind === 'code') {
      const fence = fenceFor(block.text);
      const [code] = group(block.text.match(/[^\n]*\n|[^\n]+$/g) ?? [], longestCode);
      text += `${fence}${block.label}\n${(code ?? '').replace(/\n$/, '')}\n${fence}`;
    } else if (block.kind === 'heading') {
      text += `${'#'.repeat(Math.max(2, block.depth))} ${withoutImages(block.text)}`;
    } else if (block.kind === 'table') {
      const list = tableAsList(tableHead(blocks, from + offset), block.text);
      text += cut(withoutImages(list), shown * 1.1);
    } else {
      text += cut(withoutImages(block.text), shown * 1.1);
    }
  }
  const whole = text.trim();
  return whole.length <= limit ? whole : cut(whole, limit);
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();

function cite(post: Post, { passage }: IndexedPassage): Citation {
  const heading = oneLine(passage.headings.at(-1) ?? '');
  const title = oneLine(post.title);
  if (heading === '' || passage.anchor === '') return { title, url: post.url };
  const separator = post.url.includes('#') ? '' : `#${encodeURIComponent(passage.anchor)}`;
  return { title: `${title} › ${heading}`, url: post.url + separator };
}

export interface ComposedAnswer {
  readonly text: string;
  /** 1–3, best first, one a post. */
  readonly citations: readonly Citation[];
}

/** @param posts - as ranked, best first, at least one */
export function composeAnswer(
  posts: readonly Found[],
  concepts: readonly Concept[],
  index: PostIndex,
): ComposedAnswer | undefined {
  const [best] = posts;
  const post = best && index.posts[best.passage.post];
  if (!best || !post) return undefined;
  const citations: Citation[] = [];
  const addresses = new Set<string>();
  for (const { passage, score } of posts) {
    const cited = index.posts[passage.post];
    if (!cited || score < best.score * citedFrom || addresses.has(cited.url)) continue;
    addresses.add(cited.url);
    citations.push(cite(cited, passage));
    if (citations.length === maxCitations) break;
  }
  const run = choose(post, best.passage, concepts, index);
  return { text: render(post.blocks, run), citations };
}
