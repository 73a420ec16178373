import { describe, expect, it } from 'vitest';
import { createApi, retryAfterS, serverBase } from './api.ts';
import { Failure } from './failure.ts';

type Answer = Response | Error;

function apiWith(answer: Answer | ((url: string, init: RequestInit) => Answer)): {
  readonly api: ReturnType<typeof createApi>;
  readonly asked: { readonly url: string; readonly init: RequestInit }[];
  readonly loggedOut: () => number;
} {
  const asked: { url: string; init: RequestInit }[] = [];
  let loggedOut = 0;
  const api = createApi({
    base: 'https://chat.example.com/base/',
    onLoggedOut: () => void (loggedOut += 1),
    async fetch(input, init = {}) {
      const url = input instanceof Request ? input.url : input.toString();
      asked.push({ url, init });
      const given = typeof answer === 'function' ? answer(url, init) : answer;
      if (given instanceof Error) throw given;
      return given;
    },
  });
  return { api, asked, loggedOut: () => loggedOut };
}

const failureOf = async (asking: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await asking.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`no failure, but ${String(error)}`);
  return error;
};
const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers });

describe('the REST interface', () => {
  it('asks below the server’s base, with the cookie, and names ids safely', async () => {
    const { api, asked } = apiWith(json({ messages: [], more: false }));
    await api.messages('a/b?c', { after_seq: 3, limit: 100 });
    expect(asked[0]?.url).toBe(
      'https://chat.example.com/base/api/conversations/a%2Fb%3Fc/messages?after_seq=3&limit=100',
    );
    expect(asked[0]?.init).toMatchObject({ credentials: 'same-origin', cache: 'no-store' });
  });

  it('tells of the end of a session, but not of a wrong token', async () => {
    const answer = (): Response => json({ detail: 'No.', code: 'unauthorized' }, 401);
    const { api, loggedOut } = apiWith(answer);
    expect((await failureOf(api.logIn('wrong'))).kind).toBe('logged-out');
    expect(loggedOut()).toBe(0);
    expect((await failureOf(api.conversation('c'))).kind).toBe('logged-out');
    expect(loggedOut()).toBe(1);
  });

  it('tells a refusal, a wait, a broken server and a cut line apart', async () => {
    const no = apiWith(json({ detail: 'Too long.', code: 'message_too_long' }, 400));
    expect(await failureOf(no.api.reply('c', { id: 'i', message: 'm' }))).toMatchObject({
      kind: 'refused',
      code: 'message_too_long',
      detail: 'Too long.',
    });
    const wait = apiWith(
      json({ detail: 'Later.', code: 'rate_limited' }, 429, { 'retry-after': '7' }),
    );
    expect(await failureOf(wait.api.notes('c'))).toMatchObject({
      kind: 'throttled',
      retryAfterS: 7,
    });
    const broken = apiWith(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    expect((await failureOf(broken.api.notes('c'))).kind).toBe('server');
    const cut = apiWith(new TypeError('fetch failed'));
    expect((await failureOf(cut.api.notes('c'))).kind).toBe('offline');
  });

  it('takes an answer that is not what it should be for a broken server', async () => {
    const page = apiWith(new Response('<html>log in to the hotel’s wifi</html>'));
    expect((await failureOf(page.api.session())).kind).toBe('server');
    const other = apiWith(json({ conversations: [{ id: 5 }], counts: {}, revision: 0 }));
    expect((await failureOf(other.api.conversations('waiting'))).kind).toBe('server');
  });

  it('passes on that a request was given up', async () => {
    const { api } = apiWith((_, { signal }) => {
      throw signal?.reason ?? new Error('not given up');
    });
    const given = new AbortController();
    given.abort();
    await expect(api.search('x', { signal: given.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('reads Retry-After as seconds or as a date, within reason', () => {
    expect(retryAfterS('1.2', 0)).toBe(2);
    expect(retryAfterS('Thu, 01 Jan 1970 00:00:30 GMT', 10_000)).toBe(20);
    expect(retryAfterS('999999', 0)).toBe(3_600);
    expect(retryAfterS('soon', 0)).toBeUndefined();
    expect(retryAfterS(null, 0)).toBeUndefined();
  });

  it('finds the server from the address of the inbox', () => {
    expect(serverBase('https://x.example/console#/c/1')).toBe('https://x.example/');
    expect(serverBase('https://x.example/chat/console/?a=1')).toBe('https://x.example/chat/');
  });
});
