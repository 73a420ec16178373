/** Which passages answer a question best: BM25F of the passage and of its post, put together. */
import type { Script } from '../posts/read-post.ts';
import type { Bm25Index } from './bm25-index.ts';
import type { IndexedPassage, PostIndex } from './post-index.ts';
import type { Concept } from './question-concepts.ts';

export interface Found {
  readonly passage: IndexedPassage;
  /** Of the passage in the index. */
  readonly number: number;
  readonly score: number;
}

export interface Ranking {
  /** The best passage of each post, best post first. */
  readonly posts: readonly Found[];
  /** Which part of what the question says the best passage has, 0–1, by rarity of the words. */
  readonly passageCoverage: number;
  /** How much the question says at all: the sum of its words' rarity. */
  readonly mass: number;
  /** Words of the question that say something, if only a little. */
  readonly asked: number;
  /** Those of them that say what it is about. */
  readonly telling: number;
}

/** How the parts of a score are weighed. */
const weights = {
  post: 0.3,
  coverage: 0.45,
  proximity: 0.35,
  title: 0.65,
  heading: 1.2,
  sameScript: 1.3,
  contents: 0.5,
};
/** Posts and passages that are looked at closely, and passages of each post. */
const lookedPosts = 12;
const lookedFirst = 24;
const lookedPassages = 3;
/** Posts that a ranking names. */
const named = 24;

interface Scored {
  readonly scores: Float32Array;
  /** Sum of the rarity of the question's counted words that a document has. */
  readonly covered: Float32Array;
}

/** How much a word counts towards what a question says. */
const massOf = (concept: Concept): number =>
  concept.word.counted ? concept.word.weight * concept.idf : 0;

function score(index: Bm25Index, concepts: readonly Concept[]): Scored {
  const scores = new Float32Array(index.size);
  const covered = new Float32Array(index.size);
  const best = new Float32Array(index.size);
  const how = new Float32Array(index.size);
  // Plain loops: a question of common words passes here some hundred thousand times.
  for (const concept of concepts) {
    const touched: Uint32Array[] = [];
    for (const { term, weight } of concept.alternatives) {
      const found = index.term(term);
      if (!found) continue;
      touched.push(found.documents);
      for (let at = 0; at < found.documents.length; at += 1) {
        const document = found.documents[at] ?? 0;
        const value = (found.scores[at] ?? 0) * weight;
        if (value > (best[document] ?? 0)) best[document] = value;
        if (weight > (how[document] ?? 0)) how[document] = weight;
      }
    }
    const mass = massOf(concept);
    for (const documents of touched) {
      for (let at = 0; at < documents.length; at += 1) {
        const document = documents[at] ?? 0;
        scores[document] = (scores[document] ?? 0) + (best[document] ?? 0) * concept.word.weight;
        covered[document] = (covered[document] ?? 0) + mass * (how[document] ?? 0);
        best[document] = 0;
        how[document] = 0;
      }
    }
  }
  return { scores, covered };
}

/**
 * Which terms' distances count: at the number of a term stands its concept's, from 1; elsewhere 0.
 * Undefined where less than two do.
 */
function tellingTerms(concepts: readonly Concept[], index: PostIndex): Uint8Array | undefined {
  const telling = new Uint8Array(index.numbers);
  let known = 0;
  for (const [at, { word, alternatives }] of concepts.entries()) {
    if (!word.counted || word.weight < 0.5) continue;
    for (const { term } of alternatives) {
      const number = index.numberOf(term);
      if (number === undefined) continue;
      if (telling[number] === 0) known += 1;
      telling[number] = at + 1;
    }
  }
  return known < 2 ? undefined : telling;
}

/** Further apart, words earn nothing. */
const farthest = 12;

/** What neighbouring words of the question earn for standing close together in a passage. */
function proximity(terms: Uint32Array, telling: Uint8Array, concepts: readonly Concept[]): number {
  const earned = new Map<number, number>();
  let lastAt = -1;
  let last = 0;
  // A plain loop over numbers: some ten thousand terms a question pass here.
  for (let at = 0; at < terms.length; at += 1) {
    const concept = telling[terms[at] ?? 0] ?? 0;
    if (concept === 0) continue;
    const distance = at - lastAt;
    if (last > 0 && last !== concept && distance <= farthest) {
      const pair = Math.min(last, concept) * 1_000 + Math.max(last, concept);
      const rarity = Math.min(concepts[last - 1]?.idf ?? 0, concepts[concept - 1]?.idf ?? 0);
      const value = rarity / Math.sqrt(distance);
      if (value > (earned.get(pair) ?? 0)) earned.set(pair, value);
    }
    last = concept;
    lastAt = at;
  }
  let sum = 0;
  for (const value of earned.values()) sum += value;
  return sum;
}

/** Which part of a post's title the question says, 0–1, by rarity: a title says what a post is for. */
function titleSaid(
  title: readonly string[],
  wanted: ReadonlyMap<string, number>,
  index: PostIndex,
): number {
  let said = 0;
  let all = 0;
  for (const term of title) {
    const idf = index.byPost.term(term)?.idf ?? 0;
    all += idf;
    said += idf * (wanted.get(term) ?? 0);
  }
  return all === 0 ? 0 : said / all;
}

/** The numbers of the highest scores above 0, highest first. */
export function bestNumbers(scores: Float32Array, most: number): number[] {
  const best: number[] = [];
  let least = 0;
  for (let number = 0; number < scores.length; number += 1) {
    const score = scores[number] ?? 0;
    if (score <= least) continue;
    let at = best.length < most ? best.length : most - 1;
    for (; at > 0 && (scores[best[at - 1] ?? 0] ?? 0) < score; at -= 1) {
      best[at] = best[at - 1] ?? 0;
    }
    best[at] = number;
    if (best.length === most) least = scores[best[most - 1] ?? 0] ?? 0;
  }
  return best;
}

/** How well each term stands for something in the question. */
function wantedTerms(concepts: readonly Concept[]): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { alternatives } of concepts) {
    for (const { term, weight } of alternatives) {
      wanted.set(term, Math.max(weight, wanted.get(term) ?? 0));
    }
  }
  return wanted;
}

/**
 * Ranks posts by their best passage.
 *
 * @param script - of the question: at equal scores its own script comes first
 * @param open - the post that the visitor has open, and by how much it is preferred
 * @returns undefined where nothing in the blog has any word of the question
 */
export function rank(
  concepts: readonly Concept[],
  index: PostIndex,
  script: Script,
  open?: { readonly post: number; readonly times: number },
): Ranking | undefined {
  // Characters are in nearly every post: they tell passages apart, not posts.
  const ofPosts = score(
    index.byPost,
    concepts.filter(({ word }) => word.counted || word.term.length > 1),
  );
  const ofPassages = score(index.byPassage, concepts);
  const mass = concepts.reduce((sum, concept) => sum + massOf(concept), 0);
  if (mass === 0) return undefined;
  const wanted = wantedTerms(concepts);
  const telling = tellingTerms(concepts, index);
  const close: Found[] = [];
  // A long post on many things may have the best passage of all and be no great match itself.
  const posts = new Set(bestNumbers(ofPosts.scores, lookedPosts));
  for (const number of bestNumbers(ofPassages.scores, lookedFirst)) {
    posts.add(index.passages[number]?.post ?? 0);
  }
  if (open) posts.add(open.post);
  for (const post of posts) {
    const ofPost = ofPosts.scores[post] ?? 0;
    const said = titleSaid(index.titles[post] ?? [], wanted, index);
    let own = index.posts[post]?.script === script ? weights.sameScript : 1;
    if (post === open?.post) own *= open.times;
    const first = index.firstPassages[post] ?? 0;
    const inPost: { passage: IndexedPassage; number: number; score: number }[] = [];
    for (let number = first; index.passages[number]?.post === post; number += 1) {
      const passage = index.passages[number];
      if (!passage) break;
      const covered = (ofPassages.covered[number] ?? 0) / mass;
      let value = (ofPassages.scores[number] ?? 0) + weights.post * ofPost;
      value *= own * (1 + weights.coverage * covered + weights.title * said);
      if (passage.linkShare > 0.6) value *= weights.contents;
      inPost.push({ passage, number, score: value });
    }
    inPost.sort((left, right) => right.score - left.score || left.number - right.number);
    const looked = inPost.slice(0, lookedPassages);
    if (telling) {
      for (const entry of looked) {
        entry.score += weights.proximity * proximity(entry.passage.terms, telling, concepts);
      }
    }
    const best = looked.reduce((most, { score }) => Math.max(most, score), 0);
    // A heading of nothing but what is asked says which part of a post answers, not which post.
    const fit = ({ passage, score }: Found): number =>
      score * (titleSaid(passage.heading, wanted, index) > 0.95 ? weights.heading : 1);
    looked.sort((left, right) => fit(right) - fit(left) || left.number - right.number);
    if (looked[0]) close.push({ ...looked[0], score: best });
  }
  close.sort((left, right) => right.score - left.score || left.number - right.number);
  const [best] = close;
  if (!best) return undefined;
  const words = concepts.filter(({ word }) => word.counted && word.weight >= 0.5);
  return {
    posts: close.slice(0, named),
    passageCoverage: (ofPassages.covered[best.number] ?? 0) / mass,
    mass,
    asked: words.length,
    telling: words.filter(({ word }) => word.weight > 0.5).length,
  };
}
