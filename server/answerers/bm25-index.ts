/**
 * An inverted index scored by BM25F: occurrences in the fields of a document are weighted and
 * normalised by field length first, then saturated together (S. Robertson, H. Zaragoza, M. Taylor,
 * "Simple BM25 extension to multiple weighted fields", CIKM 2004; idf as in Lucene, never below 0).
 */
import type { TermNumbers } from './term-numbers.ts';

export interface Field {
  /** What one occurrence counts. */
  readonly weight: number;
  /** How far length is held against it, 0–1. */
  readonly lengthPenalty: number;
}

/** Saturation of repeated occurrences. */
const k1 = 1.2;
/**
 * Documents about other things that every blog is taken to lie among: in a blog of ten posts on
 * one subject, a word of that subject is in all of them and still says what a question is about.
 */
const background = 300;

/** Terms asked for together whose documents are kept. */
const mostRecent = 300;

export interface TermScores {
  /** Documents that hold the term, ascending. */
  readonly documents: Uint32Array;
  /** What each gets for it, before weights of the question: idf × saturated occurrences. */
  readonly scores: Float32Array;
  /** How much the term says: high for rare terms. */
  readonly idf: number;
}

export interface Bm25Index {
  readonly size: number;
  /**
   * Undefined where no document holds the term. Several terms with blanks between them are one
   * that stands in documents which have all of them.
   */
  term(term: string): TermScores | undefined;
  /** idf of a term that no document holds. */
  readonly unknownIdf: number;
}

/** Numbers of terms, in any order. */
type Terms = ArrayLike<number>;

export interface Bm25Builder {
  /**
   * Adds the next document: for each field its terms' numbers, in as many pieces as there are.
   * Returns its own number, from 0.
   */
  add(fields: readonly (readonly Terms[])[]): number;
  finish(): Bm25Index;
}

/** A growing list of numbers below 2^32, without an object for each. */
function createNumberList(): {
  append(numbers: Terms): void;
  /** Hands them over; the list is empty then. */
  take(): Uint32Array;
} {
  let list = new Uint32Array(1_024);
  let size = 0;
  return {
    append(numbers) {
      const end = size + numbers.length;
      if (end > list.length) {
        const larger = new Uint32Array(Math.max(end, list.length * 2));
        larger.set(list.subarray(0, size));
        list = larger;
      }
      list.set(numbers, size);
      size = end;
    },
    take() {
      const all = list.subarray(0, size);
      list = new Uint32Array();
      size = 0;
      return all;
    },
  };
}

/** Of each term, where it occurs, in order: sorted by counting. */
interface Occurrences {
  /** Number of the document × number of fields + field, once for each time. */
  readonly places: Uint32Array;
  /** Where a term's places begin; those of the next one begin where they end. */
  readonly starts: Uint32Array;
}

/**
 * @param terms - of all documents one after the other, field by field
 * @param lengths - of each field of each document
 */
function occurrencesOf(terms: Uint32Array, lengths: Uint32Array, numbers: number): Occurrences {
  const starts = new Uint32Array(numbers + 1);
  for (const term of terms) starts[term + 1] = (starts[term + 1] as number) + 1;
  for (let term = 0; term < numbers; term += 1) {
    starts[term + 1] = (starts[term + 1] as number) + (starts[term] as number);
  }
  const next = starts.slice();
  const places = new Uint32Array(terms.length);
  let at = 0;
  for (let place = 0; place < lengths.length; place += 1) {
    for (const end = at + (lengths[place] as number); at < end; at += 1) {
      const term = terms[at] as number;
      const to = next[term] as number;
      places[to] = place;
      next[term] = to + 1;
    }
  }
  return { places, starts };
}

/** What one occurrence counts in each field of each document. */
function worthOf(fields: readonly Field[], lengths: Uint32Array): readonly Float32Array[] {
  const size = lengths.length / fields.length;
  return fields.map(({ weight, lengthPenalty }, field) => {
    const list = Array.from({ length: size }, (_, at) => lengths[at * fields.length + field] ?? 0);
    const average = list.reduce((sum, length) => sum + length, 0) / Math.max(1, size) || 1;
    return Float32Array.from(
      list,
      (length) => weight / (1 - lengthPenalty + (lengthPenalty * length) / average),
    );
  });
}

/** What was added, in the order that it is looked up in. */
function sorted(
  fields: readonly Field[],
  terms: Uint32Array,
  lengths: Uint32Array,
  numbers: number,
): Occurrences & { readonly worth: readonly Float32Array[] } {
  return { ...occurrencesOf(terms, lengths, numbers), worth: worthOf(fields, lengths) };
}

/** @param numbers - of the terms, which may be shared by several indexes and get more later */
export function createBm25Builder(fields: readonly Field[], numbers: TermNumbers): Bm25Builder {
  const terms = createNumberList();
  const lengths = createNumberList();
  let size = 0;

  return {
    add(document) {
      for (const pieces of document) {
        let length = 0;
        for (const piece of pieces) {
          length += piece.length;
          terms.append(piece);
        }
        lengths.append([length]);
      }
      size += 1;
      return size - 1;
    },

    finish() {
      // Handed over, not kept: what is built here lives as long as the index.
      const { places, starts, worth } = sorted(fields, terms.take(), lengths.take(), numbers.size);
      const idfOf = (frequency: number): number =>
        Math.log(1 + (size + background - frequency + 0.5) / (frequency + 0.5));
      const scored = new Map<number, TermScores>();

      function score(from: number, to: number): TermScores {
        const found: number[] = [];
        const occurrences: number[] = [];
        for (let at = from, times = 1; at < to; at += times) {
          const place = places[at] as number;
          times = 1;
          while (at + times < to && places[at + times] === place) times += 1;
          const document = Math.floor(place / fields.length);
          const field = place - document * fields.length;
          if (found[found.length - 1] !== document) {
            found.push(document);
            occurrences.push(0);
          }
          const weighted = times * (worth[field]?.[document] ?? 0);
          occurrences[occurrences.length - 1] = (occurrences.at(-1) ?? 0) + weighted;
        }
        const idf = idfOf(found.length);
        return {
          documents: Uint32Array.from(found),
          scores: Float32Array.from(occurrences, (sum) => (idf * sum * (k1 + 1)) / (k1 + sum)),
          idf,
        };
      }

      function single(term: string): TermScores | undefined {
        const number = numbers.find(term);
        if (number === undefined) return undefined;
        // Most terms of a blog are never asked for: they are scored when one is.
        let known = scored.get(number);
        const from = starts[number] ?? 0;
        const to = starts[number + 1] ?? 0;
        if (!known && from < to) {
          known = score(from, to);
          scored.set(number, known);
        }
        return known;
      }

      function intersection(left: TermScores, right: TermScores): TermScores {
        const documents: number[] = [];
        const shares: number[] = [];
        for (let at = 0, other = 0; at < left.documents.length; at += 1) {
          const document = left.documents[at] ?? 0;
          while ((right.documents[other] ?? Number.POSITIVE_INFINITY) < document) other += 1;
          if (right.documents[other] !== document) continue;
          documents.push(document);
          const share = (left.scores[at] ?? 0) / left.idf;
          shares.push(Math.min(share, (right.scores[other] ?? 0) / right.idf));
        }
        const idf = idfOf(documents.length);
        return {
          documents: Uint32Array.from(documents),
          scores: Float32Array.from(shares, (share) => share * idf),
          idf,
        };
      }

      /** What was asked for together of late: one question asks for it many times. */
      const recent = new Map<string, TermScores | undefined>();

      function together(terms: string): TermScores | undefined {
        if (recent.has(terms)) return recent.get(terms);
        let found: TermScores | undefined;
        for (const [at, term] of terms.split(' ').entries()) {
          const next = single(term);
          if (!next || (at > 0 && !found)) {
            found = undefined;
            break;
          }
          found = found ? intersection(found, next) : next;
          if (found.documents.length === 0) found = undefined;
        }
        if (recent.size >= mostRecent) recent.clear();
        recent.set(terms, found);
        return found;
      }

      return {
        size,
        unknownIdf: idfOf(0),
        term: (term) => (term.includes(' ') ? together(term) : single(term)),
      };
    },
  };
}
