import { createHash, timingSafeEqual } from 'node:crypto';

/** The token of an `Authorization: Bearer …` header; the scheme's case does not matter. */
export const bearerToken = (header: string | undefined): string | undefined =>
  /^bearer +(\S+)\s*$/i.exec(header ?? '')?.[1];

/** Compares secrets in a time that depends on neither of them. */
export function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
