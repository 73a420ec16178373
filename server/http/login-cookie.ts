import { createHash } from 'node:crypto';

/** How long a login lasts after it was last used, in milliseconds. */
export const loginMs = 30 * 86_400_000;

const name = 'contact_chat_owner';
/** Browsers take it only with `Secure`, `Path=/` and without `Domain`: no neighbour can set it. */
const secureName = `__Host-${name}`;
const valuePattern = /^[A-Za-z0-9_-]{43}$/;
/** A sibling site may plant cookies of the same name; a few are looked at, not any number. */
const maxCandidates = 3;

/** A cookie that may be a login's. */
export interface LoginCookie {
  readonly value: string;
  /** Whether it came under the name that only https sets. */
  readonly secure: boolean;
}

/** What a login's cookie may be in a `Cookie` header: well-formed ones, at most three. */
export function loginCookies(header: string): readonly LoginCookie[] {
  const found: LoginCookie[] = [];
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, at).trim();
    const value = pair.slice(at + 1).trim();
    if ((key !== name && key !== secureName) || !valuePattern.test(value)) continue;
    found.push({ value, secure: key === secureName });
    if (found.length === maxCandidates) break;
  }
  return found;
}

/** Under what the store keeps a login: who reads the store cannot log in with it. */
export const hashOfCookie = (value: string): string =>
  createHash('sha256').update(value).digest('hex');

const attributes = (secure: boolean): string =>
  `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;

/** `Set-Cookie` of a login. */
export const loginCookie = (value: string, secure: boolean): string =>
  `${secure ? secureName : name}=${value}; Max-Age=${loginMs / 1_000}; ${attributes(secure)}`;

/** `Set-Cookie` that ends it in the browser. */
export const endedCookie = (secure: boolean): string =>
  `${secure ? secureName : name}=; Max-Age=0; ${attributes(secure)}`;
