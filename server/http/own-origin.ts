import { isLoopbackHost } from './origins.ts';

export interface OwnOriginOptions {
  /** Known when the port is taken. */
  readonly publicUrl: () => string;
  /** Whether the owner configured it, else it is guessed from where the server listens. */
  readonly publicUrlGiven: boolean;
  /** Whether the server listens on loopback only. */
  readonly loopback: boolean;
}

/** Where a request comes from, by its headers; empty where absent. */
export interface Provenance {
  readonly origin: string;
  /** `Sec-Fetch-Site`. */
  readonly fetchSite: string;
  readonly host: string;
}

/**
 * Whether an `Origin` is the server's own: the inbox's. `ALLOWED_ORIGINS`, which says whose
 * pages may open a chat, has no say in it.
 */
export function isOwnOrigin(
  origin: string,
  host: string,
  { publicUrl, publicUrlGiven, loopback }: OwnOriginOptions,
): boolean {
  const own = new URL(publicUrl());
  if (origin === own.origin) return true;
  // Otherwise it is what the browser calls the server, where nobody said what that has to be.
  if (origin !== `http://${host}` && origin !== `https://${host}`) return false;
  if (!publicUrlGiven && !loopback) return true;
  // A stranger's name that points to loopback (DNS rebinding) is none of loopback's names.
  const mayBeLoopback = !publicUrlGiven || isLoopbackHost(own.hostname);
  return mayBeLoopback && URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname);
}

/**
 * Whether a request that carries the inbox's cookie was made by the inbox, or by the owner's own
 * hand.
 *
 * @param changes - whether it may change something: then a header that a page cannot forge has to
 *   prove it; reading needs no proof, since no other origin sees the answer, but nothing may
 *   speak against it
 */
export function isFromInbox(
  { origin, fetchSite, host }: Provenance,
  changes: boolean,
  options: OwnOriginOptions,
): boolean {
  if (origin !== '' && !isOwnOrigin(origin, host, options)) return false;
  const site = fetchSite.toLowerCase();
  if (changes) return site === 'same-origin' || (site === '' && origin !== '');
  // `none`: typed or bookmarked, by nobody's page.
  return site === '' || site === 'same-origin' || site === 'none';
}
