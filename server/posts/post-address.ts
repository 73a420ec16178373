/** Where a post of a folder is read by visitors: the address that citations carry. */
import { headText, type FrontMatter } from './front-matter.ts';
import { fillPattern, isPattern } from './permalink-pattern.ts';

/** Stands for the blog's own origin while addresses are relative; never leaves this file. */
const placeholder = 'http://blog.invalid';

const hasScheme = /^[a-z][a-z0-9+.-]*:/i;

/** The base with exactly one slash at its end. */
export const normalizeBase = (base: string): string =>
  `${base.replace(/[?#].*$/s, '').replace(/\/+$/, '')}/`;

const encodeSegment = (segment: string): string => {
  try {
    return encodeURIComponent(segment.normalize('NFC')).replace(
      /%(?:40|3A|24|2C|2B|3D|26)/g,
      decodeURIComponent,
    );
  } catch {
    // Half of a surrogate pair cannot be encoded.
    return encodeURIComponent(segment.replace(/[\ud800-\udfff]/g, '\ufffd'));
  }
};

/** An encoded path below the base, for a path that may be encoded already. */
function encodePath(segments: readonly string[]): string {
  return segments
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
    .map((segment) => {
      if (!/%[\da-f]{2}/i.test(segment)) return encodeSegment(segment);
      try {
        return encodeSegment(decodeURIComponent(segment));
      } catch {
        return encodeSegment(segment);
      }
    })
    .join('/');
}

/** An address of the head, absolute or relative to the base; undefined where it may not be used. */
function resolveAddress(value: string, base: string): string | undefined {
  // Browsers skip white space in a scheme, so it hides none here.
  const squeezed = value.replace(/\s/g, '');
  if (hasScheme.test(squeezed) && !/^https?:/i.test(squeezed)) return undefined;
  try {
    const from = new URL(base, placeholder);
    const address = new URL(value, from);
    if (address.protocol !== 'http:' && address.protocol !== 'https:') return undefined;
    // A scheme that is not spelled out (`//elsewhere/`) is not an address of this blog.
    if (!hasScheme.test(value) && address.origin !== from.origin) return undefined;
    const whole = address.href;
    return whole.startsWith(`${placeholder}/`) ? whole.slice(placeholder.length) : whole;
  } catch {
    return undefined;
  }
}

/** A slash at the end of a pattern is one of the address. */
const withSlash = (pattern: string, address: string): string =>
  pattern.endsWith('/') && !address.endsWith('/') ? `${address}/` : address;

/**
 * The address of a post.
 *
 * @param path - of the file in the folder, with `/` and its extension: `notes/a.md`
 * @param base - `POSTS_URL`, with or without its last slash
 * @param pattern - of the generator's configuration, which counts where the head has no address
 * @returns `url`, else `permalink`, else `slug` of the head where they are http(s) or relative;
 *   (a pattern such as `/:year/:title/` is filled in where the post has what it asks for); else
 *   the path below the base, without extension and without a last `index`
 */
export function postAddress(
  path: string,
  head: FrontMatter,
  base: string,
  pattern?: string,
): string {
  const root = normalizeBase(base);
  for (const key of ['url', 'permalink']) {
    const value = headText(head, key);
    if (value === undefined) continue;
    const literal = isPattern(value) ? fillPattern(value, path, head) : value;
    const address = literal === undefined ? undefined : resolveAddress(literal, root);
    if (address !== undefined) return address;
  }
  const patterned = pattern === undefined ? undefined : fillPattern(pattern, path, head);
  if (patterned !== undefined) return withSlash(patterned, root + encodePath(patterned.split('/')));
  const segments = path.replace(/\.[^./]+$/, '').split('/');
  if (/^_?index$/i.test(segments.at(-1) ?? '')) segments.pop();
  const slug = headText(head, 'slug');
  if (slug !== undefined && !isPattern(slug)) {
    if (hasScheme.test(slug)) {
      const address = resolveAddress(slug, root);
      if (address !== undefined) return address;
    } else if (slug.startsWith('/')) {
      return root + encodePath(slug.split('/'));
    } else {
      const parts = slug.split('/').filter((part) => part !== '');
      return root + encodePath([...segments.slice(0, -1), ...parts]);
    }
  }
  return root + encodePath(segments);
}
