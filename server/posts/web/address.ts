/** Addresses of a site: which belong to it, and which are the same page. */

/** Parameters that tell where a visitor came from, not what they see. */
const tracking = /^(?:utm_\w+|fbclid|gclid|mc_cid|mc_eid|spm|from_source)$/i;

/** An absolute http(s) address without anchor and tracking; undefined where it is none. */
export function cleanAddress(value: string, base?: string): string | undefined {
  const text = value.trim();
  if (text === '' || text.length > 2_048 || !URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    return undefined;
  }
  url.hash = '';
  for (const name of [...url.searchParams.keys()]) {
    if (tracking.test(name)) url.searchParams.delete(name);
  }
  return url.href;
}

const withoutWww = (host: string): string => host.replace(/^www\./, '');

/** Equal for addresses of one site: a host and its `www` twin, over http and https. */
export function siteOf(address: string): string {
  const url = new URL(address);
  return withoutWww(url.host);
}

/**
 * Equal for addresses that lead to the same page: http and https, with and without `www`, a slash
 * at the end, `index.html`.
 */
export function addressKey(address: string): string {
  const url = new URL(address);
  const path = url.pathname
    .replace(/\/index\.(?:html?|php)$/i, '/')
    .replace(/\/+$/, '')
    .replace(/%[\da-f]{2}/gi, (code) => code.toUpperCase());
  return `${withoutWww(url.host)}${path}${url.search}`;
}

/** What the path of an address says, as that of a file in a folder: `posts/first-steps`. */
export function readablePath(address: string): string {
  const { pathname } = new URL(address);
  let path = pathname;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // Percent signs that encode nothing stay as they are.
  }
  const trimmed = path.replace(/^\/+|\/+$/g, '').replace(/\.(?:html?|php|aspx?)$/i, '');
  return trimmed === '' ? 'index' : trimmed;
}

/** Addresses that lead to pictures, archives and the like rather than to pages. */
const noPage =
  /\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp|css|m?js|json|map|woff2?|ttf|otf|eot|pdf|zip|gz|tgz|bz2|xz|7z|rar|tar|dmg|exe|apk|iso|mp[34]|m4[av]|webm|og[gv]|wav|flac|mov|avi|docx?|xlsx?|pptx?|epub|txt|xml|rss|atom|ics|wasm)$/i;

export const mayBePage = (address: string): boolean => !noPage.test(new URL(address).pathname);
