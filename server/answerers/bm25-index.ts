/**
 * An inverted index scored by BM25F: occurrences in the fields of a document are weighted and
 * normalised by field length first, then saturated together (S. Robertson, H. Zaragoza, M. Taylor,
 * "Simple BM25 extension to multiple weighted fields", CIKM 2004; idf as in Lucene, never below 0).
 */

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
  /** Undefined where no document holds the term. */
  term(term: string): TermScores | undefined;
  /** idf of a term that no document holds. */
  readonly unknownIdf: number;
}

interface RawPostings {
  readonly documents: number[];
  /** One occurrence count a field, document after document. */
  readonly counts: number[];
}

export interface Bm25Builder {
  /** Adds the next document: for each field its terms. Returns its number, from 0. */
  add(terms: readonly (readonly string[])[]): number;
  finish(): Bm25Index;
}

export function createBm25Builder(fields: readonly Field[]): Bm25Builder {
  const postings = new Map<string, RawPostings>();
  const lengths: number[][] = fields.map(() => []);
  let size = 0;

  return {
    add(terms) {
      const document = size;
      size += 1;
      for (const [field, list] of terms.entries()) {
        lengths[field]?.push(list.length);
        for (const term of list) {
          let entry = postings.get(term);
          if (!entry) {
            entry = { documents: [], counts: [] };
            postings.set(term, entry);
          }
          if (entry.documents.at(-1) !== document) {
            entry.documents.push(document);
            for (let at = 0; at < fields.length; at += 1) entry.counts.push(0);
          }
          const at = entry.counts.length - fields.length + field;
          entry.counts[at] = (entry.counts[at] ?? 0) + 1;
        }
      }
      return document;
    },

    finish() {
      // What one occurrence counts in each field of each document.
      const worth = fields.map(({ weight, lengthPenalty }, field) => {
        const list = lengths[field] ?? [];
        const average = list.reduce((sum, length) => sum + length, 0) / Math.max(1, size) || 1;
        return Float32Array.from(
          list,
          (length) => weight / (1 - lengthPenalty + (lengthPenalty * length) / average),
        );
      });
      const idfOf = (frequency: number): number =>
        Math.log(1 + (size + background - frequency + 0.5) / (frequency + 0.5));
      const scored = new Map<string, TermScores>();

      function score(raw: RawPostings): TermScores {
        const idf = idfOf(raw.documents.length);
        const documents = Uint32Array.from(raw.documents);
        const scores = new Float32Array(documents.length);
        for (let index = 0; index < documents.length; index += 1) {
          let occurrences = 0;
          for (let field = 0; field < fields.length; field += 1) {
            const count = raw.counts[index * fields.length + field] ?? 0;
            if (count > 0) occurrences += count * (worth[field]?.[documents[index] ?? 0] ?? 0);
          }
          scores[index] = (idf * occurrences * (k1 + 1)) / (k1 + occurrences);
        }
        return { documents, scores, idf };
      }

      return {
        size,
        unknownIdf: idfOf(0),
        term(term) {
          // Most terms of a blog are never asked for: they are scored when one is.
          let known = scored.get(term);
          const raw = known ? undefined : postings.get(term);
          if (raw) {
            known = score(raw);
            scored.set(term, known);
            postings.delete(term);
          }
          return known;
        },
      };
    },
  };
}
