import { describe, expect, it } from 'vitest';
import type { OwnerLogin } from '../inbox-ports.ts';
import { hashOfCookie } from './login-cookie.ts';
import { createOwnerAccess, type Credentials } from './owner-session.ts';

const token = 'the-token-of-the-owner';
const day = 86_400_000;
const origin = 'https://chat.example.com';

/** Logins in memory, a clock that stands still, and what was ended. */
function setUp(options: { ownerToken?: string; publicUrl?: string; given?: boolean } = {}) {
  const logins = new Map<string, OwnerLogin>();
  const ended: string[] = [];
  const kept: (number | undefined)[] = [];
  const errors: unknown[] = [];
  const state = { nowMs: Date.UTC(2026, 10, 23), failing: false };
  const write = async (action: () => void): Promise<void> => {
    if (state.failing) throw new Error('disk full');
    action();
  };
  const withToken = (ownerToken: string) =>
    createOwnerAccess({
      ownerToken,
      clock: { now: () => state.nowMs },
      publicUrl: () => options.publicUrl ?? origin,
      publicUrlGiven: options.given ?? true,
      loopback: false,
      onLoginEnded: (login) => ended.push(login),
      onError: (error) => errors.push(error),
      store: {
        addLogin: (login) => write(() => void logins.set(login.idHash, login)),
        login: async (idHash) => logins.get(idHash),
        extendLogin: (idHash, expiresAtMs) =>
          write(() => {
            const login = logins.get(idHash);
            if (login) logins.set(idHash, { ...login, expiresAtMs });
          }),
        deleteLogin: (idHash) => write(() => void logins.delete(idHash)),
        deleteLogins: async () => {
          const { size } = logins;
          logins.clear();
          return size;
        },
        forgetLogins: async (nowMs, most) => {
          for (const [id, login] of logins) if (login.expiresAtMs <= nowMs) logins.delete(id);
          kept.push(most);
        },
      },
    });
  const access = withToken(options.ownerToken ?? token);
  return { access, withToken, logins, ended, kept, errors, state };
}

const from = (given: Partial<Credentials> = {}): Credentials => ({
  ...{ authorization: '', cookie: '', origin: '', fetchSite: '', host: 'chat.example.com' },
  ...{ address: '203.0.113.1', ...given },
});
const own = (cookie: string): Credentials => from({ cookie, origin });

type Fixture = ReturnType<typeof setUp>;
/** Logs in; the `name=value` that a browser sends from then on. */
async function logIn(
  { access }: Pick<Fixture, 'access'>,
  credentials = from({ origin }),
): Promise<string> {
  const result = await access.logIn(credentials, token, 'a browser');
  if (result.status !== 'logged_in') throw new Error(result.status);
  return result.cookie.split(';')[0] ?? '';
}

describe('a login', () => {
  it('is a cookie that no script reads and no other site sends', async () => {
    const { access, logins, kept } = setUp();
    const result = await access.logIn(from({ origin }), token, 'x'.repeat(5_000));
    if (result.status !== 'logged_in') throw new Error(result.status);
    expect(result.cookie).toMatch(
      /^__Host-contact_chat_owner=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    const [stored] = logins.values();
    const value = /=([\w-]{43});/.exec(result.cookie)?.[1] ?? '';
    expect(stored?.idHash).toBe(hashOfCookie(value));
    expect(stored?.userAgent).toHaveLength(1_000);
    expect(kept).toEqual([100]);
    expect(JSON.stringify([...logins])).not.toContain(value);
    expect(JSON.stringify([...logins])).not.toContain(token);
  });

  it('goes without Secure where the server speaks plain http, and with it behind a proxy', async () => {
    const plain = setUp({ publicUrl: 'http://127.0.0.1:8080', given: false });
    const host = '192.168.0.2:8080';
    expect(await logIn(plain, from({ origin: `http://${host}`, host }))).toMatch(
      /^contact_chat_owner=/,
    );
    const secure = await logIn(plain, from({ origin: `https://${host}`, host }));
    expect(secure).toMatch(/^__Host-contact_chat_owner=/);
    // Prolonged under the name it has, also where nothing else tells of https.
    plain.state.nowMs += 2 * day;
    const later = await plain.access.authorize(from({ cookie: secure, host }), false);
    expect(later).toMatchObject({ cookie: expect.stringMatching(/^__Host-.*; Secure$/) });
  });

  it('is let in, and nothing that looks like it', async () => {
    const { access } = setUp();
    const cookie = await logIn({ access });
    expect(await access.authorize(own(cookie), true)).toMatchObject({ status: 'granted' });
    const wrong = [
      ...['', 'contact_chat_owner=', `${cookie}x`, cookie.slice(0, -1), cookie.toUpperCase()],
      cookie.replace('contact_chat_owner', 'contact_chat_other'),
      `contact_chat_owner=${'A'.repeat(43)}`,
    ];
    for (const value of wrong) {
      expect(await access.authorize(own(value), false)).toMatchObject({ status: 'unauthorized' });
    }
  });

  it('is found among cookies that a neighbour planted', async () => {
    const { access } = setUp();
    const cookie = await logIn({ access });
    const planted = `contact_chat_owner=${'A'.repeat(43)}; other=1; ${cookie}`;
    expect(await access.authorize(own(planted), true)).toMatchObject({ status: 'granted' });
  });

  it('never takes over a cookie that was there before, and ends the one that was', async () => {
    const { access, logins, ended } = setUp();
    const planted = 'B'.repeat(43);
    const first = await logIn(
      { access },
      from({ origin, cookie: `contact_chat_owner=${planted}` }),
    );
    expect(first).not.toContain(planted);
    expect(await access.authorize(own(`contact_chat_owner=${planted}`), false)).toMatchObject({
      status: 'unauthorized',
    });
    const second = await logIn({ access }, from({ origin, cookie: first }));
    expect(logins.size).toBe(1);
    expect(ended).toContain(hashOfCookie(first.split('=')[1] ?? ''));
    expect(await access.authorize(own(first), false)).toMatchObject({ status: 'unauthorized' });
    expect(await access.authorize(own(second), false)).toMatchObject({ status: 'granted' });
  });

  it('lasts 30 days after it was last used', async () => {
    const { access, state } = setUp();
    const cookie = await logIn({ access });
    for (let week = 0; week < 10; week += 1) {
      state.nowMs += 7 * day;
      const result = await access.authorize(own(cookie), false);
      expect(result).toMatchObject({ status: 'granted', cookie: expect.stringContaining(cookie) });
      // Not at every request.
      expect(await access.authorize(own(cookie), false)).not.toHaveProperty('cookie');
    }
    state.nowMs += 30 * day;
    expect(await access.authorize(own(cookie), false)).toEqual({
      status: 'unauthorized',
      endCookie: expect.stringMatching(
        /^__Host-contact_chat_owner=; Max-Age=0; Path=\/; .*Secure$/,
      ),
    });
  });

  it('still reads where nothing can be written', async () => {
    const { access, state, errors } = setUp();
    const cookie = await logIn({ access });
    state.nowMs += 7 * day;
    state.failing = true;
    expect(await access.authorize(own(cookie), false)).toMatchObject({ status: 'granted' });
    expect(errors).toHaveLength(1);
  });

  it('ends with log-out, with log-out everywhere, and with another token', async () => {
    const { access, withToken, ended } = setUp();
    const [here, there] = [await logIn({ access }), await logIn({ access })];
    const granted = await access.authorize(own(here), true);
    if (granted.status !== 'granted') throw new Error(granted.status);
    expect(await access.logOut(granted.login, own(here))).toMatch(/=; Max-Age=0;/);
    expect(ended).toEqual([granted.login?.idHash]);
    expect(await access.authorize(own(here), true)).toMatchObject({ status: 'unauthorized' });
    expect(await access.authorize(own(there), true)).toMatchObject({ status: 'granted' });

    const changed = withToken('another-token-of-the-owner');
    expect(await changed.authorize(own(there), true)).toMatchObject({ status: 'unauthorized' });

    await access.logOutEverywhere(own(there));
    expect(ended.at(-1)).toBe('all');
    expect(await access.authorize(own(there), true)).toMatchObject({ status: 'unauthorized' });
  });
});

describe('requests of other sites', () => {
  const sites: readonly (readonly [string, Partial<Credentials>, boolean, boolean])[] = [
    // what, headers, may read, may change
    ['the inbox', { origin }, true, true],
    ['the inbox, without Origin', { fetchSite: 'same-origin' }, true, true],
    ['typed into the address bar', { fetchSite: 'none' }, true, false],
    ['an old browser that says nothing', {}, true, false],
    ['another site', { origin: 'https://evil.example' }, false, false],
    ['another site, reading', { fetchSite: 'cross-site' }, false, false],
    ['a sibling site', { origin, fetchSite: 'same-site' }, false, false],
    ['a sibling site, reading', { fetchSite: 'same-site' }, false, false],
    ['another port', { origin: `${origin}:8443` }, false, false],
    ['another scheme', { origin: 'http://chat.example.com' }, false, false],
    ['a sandboxed frame', { origin: 'null' }, false, false],
    ['a longer name', { origin: `${origin}.evil.example` }, false, false],
    ['a forged pair', { origin: 'https://evil.example', fetchSite: 'same-origin' }, false, false],
    [
      'a name that points here',
      { origin: 'https://evil.example', host: 'evil.example' },
      false,
      false,
    ],
  ];
  it.each(sites)('%s', async (_, headers, reads, changes) => {
    const { access } = setUp();
    const cookie = await logIn({ access });
    const status = async (changing: boolean): Promise<string> =>
      (await access.authorize(from({ ...headers, cookie }), changing)).status;
    expect(await status(false)).toBe(reads ? 'granted' : 'cross_site');
    expect(await status(true)).toBe(changes ? 'granted' : 'cross_site');
    const socket = await access.authorizeSocket(from({ ...headers, cookie }));
    expect(socket !== undefined).toBe(changes);
  });

  it('cannot log the owner in', async () => {
    const { access } = setUp();
    const foreign = [
      { origin: 'https://evil.example' },
      { fetchSite: 'cross-site' },
      { origin, fetchSite: 'same-site' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      expect(await access.logIn(from(headers), token, '')).toEqual({ status: 'cross_site' });
    }
    expect(await access.logIn(from(), token, '')).toMatchObject({ status: 'logged_in' });
  });

  it('may carry the token itself: it is no cookie', async () => {
    const { access } = setUp();
    const bearer = from({ authorization: `Bearer ${token}`, origin: 'https://tool.example' });
    expect(await access.authorize(bearer, true)).toEqual({ status: 'granted' });
    expect(await access.authorizeSocket(bearer)).toEqual({});
    // A wrong token is not made good by a cookie.
    const cookie = await logIn({ access });
    const both = from({ authorization: 'Bearer wrong', origin, cookie });
    expect(await access.authorize(both, true)).toEqual({ status: 'unauthorized' });
    // What a proxy in front asks for is its own affair.
    const proxied = from({ authorization: 'Basic b3duZXI6eA==', origin, cookie });
    expect(await access.authorize(proxied, true)).toMatchObject({ status: 'granted' });
  });
});

describe('guessing', () => {
  it('is slowed down over log-in and bearer together, also where it guesses right', async () => {
    const { access, state } = setUp();
    const guess = async (index: number): Promise<string> =>
      index % 2
        ? (await access.authorize(from({ authorization: `Bearer guess-${index}` }), false)).status
        : (await access.logIn(from(), `guess-${index}`, '')).status;
    const statuses: string[] = [];
    for (let index = 0; index < 12; index += 1) statuses.push(await guess(index));
    expect(statuses.slice(0, 10)).toEqual(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? 'unauthorized' : 'wrong')),
    );
    expect(statuses.slice(10)).toEqual(['throttled', 'throttled']);
    // Or ten guesses a minute would be as many as anybody likes.
    const right = from({ authorization: `Bearer ${token}` });
    expect((await access.authorize(right, true)).status).toBe('throttled');
    expect((await access.logIn(from(), token, '')).status).toBe('throttled');
    expect((await access.logIn(from({ address: '203.0.113.3' }), token, '')).status).toBe(
      'logged_in',
    );
    const elsewhere = from({ authorization: 'Bearer guess', address: '203.0.113.2' });
    expect((await access.authorize(elsewhere, false)).status).toBe('unauthorized');
    state.nowMs += 64_000;
    expect(await guess(1)).toBe('unauthorized');
    expect((await access.authorize(right, true)).status).toBe('granted');
  });

  it('may go on longer from this machine, which may be everybody behind a proxy', async () => {
    const { access } = setUp();
    const here = (given: string) =>
      from({ authorization: `Bearer ${given}`, address: '127.0.0.1' });
    for (let index = 0; index < 100; index += 1) {
      expect((await access.authorize(here(`guess-${index}`), false)).status).toBe('unauthorized');
    }
    expect((await access.authorize(here(token), false)).status).toBe('throttled');
  });

  it('of others shuts no login out', async () => {
    const { access } = setUp();
    const cookie = await logIn({ access });
    for (let index = 0; index < 100; index += 1) {
      const value = String(index).padStart(43, 'A');
      const { status } = await access.authorize(own(`contact_chat_owner=${value}`), false);
      expect(status).toBe('unauthorized');
    }
    expect(await access.authorize(own(cookie), true)).toMatchObject({ status: 'granted' });
  });
});
