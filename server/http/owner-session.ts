/** Who is the owner: the bearer of the token, or a browser that logged in with it. */
import { createHmac, randomBytes } from 'node:crypto';
import type { OwnerLogin } from '../inbox-ports.ts';
import type { Clock, OnError, Store } from '../ports.ts';
import { bearerToken, isSameSecret } from './bearer.ts';
import {
  endedCookie,
  hashOfCookie,
  loginCookie,
  loginCookies,
  loginMs,
  type LoginCookie,
} from './login-cookie.ts';
import { isFromInbox, isOwnOrigin, type OwnOriginOptions, type Provenance } from './own-origin.ts';
import { createThrottle } from './throttle.ts';
import { isLoopbackKey } from './trusted-proxies.ts';

export interface OwnerAccessOptions extends OwnOriginOptions {
  readonly ownerToken: string;
  readonly store: Pick<
    Store,
    'addLogin' | 'login' | 'extendLogin' | 'deleteLogin' | 'deleteLogins' | 'forgetLogins'
  >;
  readonly clock: Clock;
  /** A login ended, named by the hash of its cookie, or all did: their sockets have to close. */
  readonly onLoginEnded: (login: string) => void;
  readonly onError: OnError;
}

/** What of a request says who sends it; empty where absent. */
export interface Credentials extends Provenance {
  readonly authorization: string;
  readonly cookie: string;
  /** What limits count by, see `limitKey`. */
  readonly address: string;
}

export type Access =
  /** `login` is absent for bearers; `cookie` is to be set anew. */
  | { readonly status: 'granted'; readonly login?: OwnerLogin; readonly cookie?: string }
  /** `endCookie`: the browser sent one that is worth nothing. */
  | { readonly status: 'unauthorized'; readonly endCookie?: string }
  | { readonly status: 'cross_site' }
  | { readonly status: 'throttled'; readonly waitMs: number };

export interface OwnerAccess {
  /** @param changes - whether the request may change something */
  authorize(credentials: Credentials, changes: boolean): Promise<Access>;
  /**
   * For the inbox's socket. A browser has to prove that the inbox's own page opens it, whatever
   * `ALLOWED_ORIGINS` says.
   * @returns the login it belongs to, without one for bearers; `undefined` for strangers
   */
  authorizeSocket(credentials: Credentials): Promise<{ readonly login?: string } | undefined>;
  /** A browser gives the token for a cookie. A login that it had before ends. */
  logIn(
    credentials: Credentials,
    token: string,
    userAgent: string,
  ): Promise<
    | { readonly status: 'logged_in'; readonly cookie: string }
    | { readonly status: 'wrong' }
    | { readonly status: 'cross_site' }
    | { readonly status: 'throttled'; readonly waitMs: number }
  >;
  /** Ends one login. @returns the `Set-Cookie` that ends it in the browser */
  logOut(login: OwnerLogin | undefined, credentials: Credentials): Promise<string>;
  /** Ends all. @returns the `Set-Cookie` that ends it in this browser */
  logOutEverywhere(credentials: Credentials): Promise<string>;
}

/**
 * Wrong tokens that an address may try, over log-in and bearer headers together; then none of its
 * tokens is looked at. Addresses of this machine may stand for everybody behind a proxy that does
 * not pass on who they are: they get more, so that a stranger shuts the owner out less easily.
 */
const guesses = { limit: 10, windowMs: 60_000 };
const guessesFromHere = { limit: 100, windowMs: 60_000 };
/** A login in use is prolonged when so much of it has passed. */
const renewAfterMs = 86_400_000;
/** Browsers that are logged in at a time; beyond it those that were not used for longest end. */
const maxLogins = 100;
const maxUserAgentChars = 1_000;

export function createOwnerAccess(options: OwnerAccessOptions): OwnerAccess {
  const { store, clock, ownerToken } = options;
  const guessing = createThrottle(guesses);
  const guessingFromHere = createThrottle(guessesFromHere);
  // Another token has another mark, so that changing the token ends every login.
  const tokenMark = createHmac('sha256', ownerToken).update('contact-chat login').digest('hex');

  // A proxy that speaks https is seen only in what the browser calls its origin, and in a name
  // under which it takes cookies from https alone.
  const isSecure = ({ origin, cookie }: Credentials): boolean =>
    options.publicUrl().startsWith('https:') ||
    origin.startsWith('https:') ||
    loginCookies(cookie).some(({ secure }) => secure);

  async function loginOf(value: string): Promise<OwnerLogin | undefined> {
    const login = await store.login(hashOfCookie(value));
    return login && login.expiresAtMs > clock.now() && isSameSecret(login.tokenMark, tokenMark)
      ? login
      : undefined;
  }

  /** Whether a token is the owner's, as far as this address may still ask. */
  function judge(
    given: string,
    { address }: Credentials,
  ): 'right' | 'wrong' | { readonly status: 'throttled'; readonly waitMs: number } {
    const throttle = isLoopbackKey(address) ? guessingFromHere : guessing;
    const waitMs = throttle.wait(address, clock.now());
    if (waitMs > 0) return { status: 'throttled', waitMs };
    if (isSameSecret(given, ownerToken)) return 'right';
    throttle.take(address, clock.now());
    return 'wrong';
  }

  function authorizeBearer(given: string, credentials: Credentials): Access {
    const judged = judge(given, credentials);
    if (judged === 'right') return { status: 'granted' };
    return judged === 'wrong' ? { status: 'unauthorized' } : judged;
  }

  /** A cookie to set anew where the login was prolonged. */
  async function renewed(
    login: OwnerLogin,
    { value, secure }: LoginCookie,
  ): Promise<string | undefined> {
    const untilMs = clock.now() + loginMs;
    if (untilMs - login.expiresAtMs < renewAfterMs) return undefined;
    try {
      await store.extendLogin(login.idHash, untilMs);
    } catch (error) {
      // Where nothing can be written now the owner may still read.
      options.onError(error, { stage: 'prolong login' });
      return undefined;
    }
    return loginCookie(value, secure);
  }

  async function authorize(credentials: Credentials, changes: boolean): Promise<Access> {
    // Other schemes are a proxy's in front of this server, and none of ours.
    if (/^bearer(?:\s|$)/i.test(credentials.authorization)) {
      const given = bearerToken(credentials.authorization);
      return given === undefined ? { status: 'unauthorized' } : authorizeBearer(given, credentials);
    }
    const cookies = loginCookies(credentials.cookie);
    if (cookies.length === 0) return { status: 'unauthorized' };
    if (!isFromInbox(credentials, changes, options)) return { status: 'cross_site' };
    for (const given of cookies) {
      const login = await loginOf(given.value);
      if (!login) continue;
      const cookie = await renewed(login, given);
      return { status: 'granted', login, ...(cookie === undefined ? {} : { cookie }) };
    }
    return { status: 'unauthorized', endCookie: endedCookie(isSecure(credentials)) };
  }

  return {
    authorize,

    async authorizeSocket(credentials) {
      // What a socket does counts as changing: browsers send `Origin` with every handshake.
      const access = await authorize(credentials, true);
      if (access.status !== 'granted') return undefined;
      return access.login ? { login: access.login.idHash } : {};
    },

    async logIn(credentials, token, userAgent) {
      const { origin, fetchSite, host } = credentials;
      const foreign = fetchSite !== '' && fetchSite.toLowerCase() !== 'same-origin';
      // Programs send neither; a page of another site must not log the owner in or out.
      if (foreign || (origin !== '' && !isOwnOrigin(origin, host, options))) {
        return { status: 'cross_site' };
      }
      const nowMs = clock.now();
      const judged = judge(token, credentials);
      if (judged === 'wrong') return { status: 'wrong' };
      if (judged !== 'right') return judged;
      // The value is always the server's own, never one that was there before the log-in.
      const value = randomBytes(32).toString('base64url');
      await store.addLogin({
        idHash: hashOfCookie(value),
        tokenMark,
        createdAtMs: nowMs,
        expiresAtMs: nowMs + loginMs,
        userAgent: userAgent.slice(0, maxUserAgentChars),
      });
      await store.forgetLogins(nowMs, maxLogins);
      for (const { value: earlier } of loginCookies(credentials.cookie)) {
        await end(hashOfCookie(earlier));
      }
      return { status: 'logged_in', cookie: loginCookie(value, isSecure(credentials)) };
    },

    async logOut(login, credentials) {
      if (login) await end(login.idHash);
      return endedCookie(isSecure(credentials));
    },

    async logOutEverywhere(credentials) {
      await store.deleteLogins();
      options.onLoginEnded('all');
      return endedCookie(isSecure(credentials));
    },
  };

  async function end(idHash: string): Promise<void> {
    await store.deleteLogin(idHash);
    options.onLoginEnded(idHash);
  }
}
