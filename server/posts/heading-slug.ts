/**
 * Anchors of headings as GitHub makes them, so that a citation lands where the blog's own
 * renderer put the heading. Described by the tests of the `github-slugger` package and
 * https://docs.github.com/en/get-started/writing-on-github (section links).
 */
const neitherWordNorHyphen = /[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu;

/** The anchor of a heading's plain text, without `#`: `Set up & run` → `set-up--run`. */
export const headingSlug = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/\s/g, ' ')
    .replace(neitherWordNorHyphen, '')
    .replaceAll(' ', '-');

/**
 * A slugger for one document: the second heading of a name gets `-1`, the third `-2`.
 *
 * @example
 * const slug = createHeadingSlugger();
 * slug('Usage'); // 'usage'
 * slug('Usage'); // 'usage-1'
 */
export function createHeadingSlugger(): (heading: string) => string {
  const uses = new Map<string, number>();
  return (heading) => {
    const base = headingSlug(heading);
    let slug = base;
    let count = uses.get(base) ?? 0;
    // A heading may be called `Usage 1` itself, so the number goes on until the name is free.
    while (uses.has(slug)) {
      count += 1;
      slug = `${base}-${count}`;
    }
    uses.set(base, count);
    if (slug !== base) uses.set(slug, 0);
    return slug;
  };
}
