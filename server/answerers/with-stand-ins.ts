/** What the question's own words find, together with what stand-ins for them find. */
import type { Found } from './rank.ts';

/** So many by own words come first: they say most surely what is meant. */
const ownFirst = 2;

/**
 * The best two by own words, then by turns the best by stand-ins and the next by own words; each
 * post once. Scores are put on the scale of the first list, and no stand-in's is above that of the
 * post before it.
 */
export function withStandIns(
  own: readonly Found[],
  byStandIns: readonly Found[],
): readonly Found[] {
  const [bestOwn] = own;
  const [bestOther] = byStandIns;
  if (!bestOwn) return byStandIns;
  if (!bestOther) return own;
  // Shares of the best are what scores of two rankings have in common.
  const scale = bestOwn.score / bestOther.score;
  const found = own.slice(0, ownFirst);
  const seen = new Set(found.map(({ passage }) => passage.post));
  const add = (next: Found): void => {
    seen.add(next.passage.post);
    found.push(next);
  };
  const isNew = ({ passage }: Found): boolean => !seen.has(passage.post);
  for (let left = own.length + byStandIns.length; left > 0; left -= 1) {
    const other = byStandIns.find(isNew);
    const before = found.at(-1) ?? bestOwn;
    if (other) add({ ...other, score: Math.min(before.score, other.score * scale) });
    const next = own.find(isNew);
    if (next) add(next);
  }
  return found;
}
