/**
 * Words of one family that the stemmer keeps apart, since they often mean other things: `simplest`
 * and `simple`, `transformer` and `transformation`. Endings as of English word formation (L. Bauer,
 * "English Word-formation", 1983), and as the stemmer leaves them.
 */

const endings = (
  'ations ation ement ness ment ance ence able ible less ator tion ion est ist ful ity ive ing ' +
  'ize ise ate er or ed al ly li ic at iv e i y'
).split(' ');
/** What is left of a word without its ending, in letters. */
const shortest = 4;

/** Terms that may be of the family of a term, itself left out; few of them are words. */
export function familyOf(term: string): ReadonlySet<string> {
  const found = new Set<string>();
  if (!/^[a-z]{4,20}$/.test(term)) return found;
  const roots = [term];
  for (const ending of endings) {
    if (term.length - ending.length >= shortest && term.endsWith(ending)) {
      roots.push(term.slice(0, -ending.length));
    }
  }
  for (const root of roots) {
    found.add(root);
    for (const ending of endings) found.add(root + ending);
  }
  found.delete(term);
  return found;
}
