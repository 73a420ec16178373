import { describe, expect, it } from 'vitest';
import { StoreUnavailable, type Store } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { createOwnerHarness, ownerToken } from './owner-harness.ts';

const bearer = { authorization: `Bearer ${ownerToken}` };

describe("the owner's interface", () => {
  it('says that the store is away, and changes nothing', async () => {
    const away = async (): Promise<never> => {
      throw new StoreUnavailable('the disk is full');
    };
    const store: Store = { ...createMemoryStore(), revision: away, setCannedReplies: away };
    const { api, errors, told } = createOwnerHarness({ store });
    for (const answered of [
      await api('GET', '/conversations'),
      await api('PUT', '/canned-replies', { replies: [] }),
    ]) {
      expect(answered).toMatchObject({ status: 503, json: { code: 'store_unavailable' } });
      expect(Number(answered.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answered.headers.get('cache-control')).toBe('no-store');
    }
    expect(errors).toHaveLength(2);
    expect(told()).toEqual([]);
  });

  it('hides what went wrong inside', async () => {
    const store: Store = {
      ...createMemoryStore(),
      viewCounts: async () => {
        throw new Error('secret inner words');
      },
    };
    const { api, errors } = createOwnerHarness({ store });
    const { status, json } = await api('GET', '/conversations');
    expect([status, JSON.stringify(json)]).toEqual([500, expect.not.stringContaining('inner')]);
    expect(errors).toHaveLength(1);
  });

  it('gives up a search whose asker has gone, and calls it no failure', async () => {
    const gone = new AbortController();
    const store: Store = {
      ...createMemoryStore(),
      search: ({ signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
          gone.abort();
        }),
    };
    const { ask, errors } = createOwnerHarness({ store });
    await ask('/search?q=x', { headers: bearer, signal: gone.signal });
    expect(errors).toEqual([]);
  });

  it('takes 600 requests a minute of one address, and says when there are more', async () => {
    const { ask, api, state } = createOwnerHarness();
    for (let count = 0; count < 600; count += 1) {
      expect((await api('GET', '/push')).status).toBe(200);
    }
    const slowed = await api('GET', '/push');
    expect(slowed).toMatchObject({ status: 429, json: { code: 'rate_limited' } });
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask('/push', { headers: bearer }, '203.0.113.9')).status).toBe(200);
    state.nowMs += 64_000;
    expect((await api('GET', '/push')).status).toBe(200);
  });

  it('sets the cookie anew when it prolongs a login', async () => {
    const { ask, state } = createOwnerHarness();
    const origin = 'https://chat.example.com';
    const door = await ask('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ token: ownerToken }),
    });
    const cookie = door.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await ask('/session', { headers: { cookie } })).headers.get('set-cookie')).toBeNull();
    state.nowMs += 3 * 86_400_000;
    const later = await ask('/session', { headers: { cookie } });
    expect(later.headers.get('set-cookie')).toContain(`${cookie}; Max-Age=2592000`);
    const out = await ask('/session', { method: 'DELETE', headers: { cookie, origin } });
    expect(out.headers.get('set-cookie')).toMatch(/=; Max-Age=0/);
  });

  it('lists notices that were given up, tries them again, and forgets them', async () => {
    const { store, api, state } = createOwnerHarness();
    const message = { id: 'q', sender: 'visitor', text: 'call me', atMs: state.nowMs } as const;
    const channel = 'smtp:mail.example.com';
    await store.append({
      ...{ conversationId: 'c', message },
      owedNotices: [{ channel, notBeforeMs: 0, reason: 'contact_request' }],
    });
    const giveUp = async (): Promise<void> => {
      const lease = { holder: 'here', untilMs: state.nowMs + 1_000 };
      const claimed = await store.claimNotices({ channel, lease, nowMs: state.nowMs, limit: 10 });
      expect(claimed).toHaveLength(1);
      const ids = claimed.map(({ noticeId }) => noticeId);
      await store.noticesFailed(ids, { retryAtMs: undefined, error: 'no such mailbox' });
    };
    await giveUp();
    expect((await api('GET', '/notices/failed')).json).toMatchObject({
      notices: [
        {
          ...{ conversation_id: 'c', channel, reason: 'contact_request' },
          ...{ attempts: 1, error: 'no such mailbox', timestamp: '2026-11-23T08:00:00.000Z' },
        },
      ],
    });
    expect((await api('GET', '/conversations/c')).json).toMatchObject({
      failed_notices: { count: 1, error: 'no such mailbox' },
    });
    expect((await api('POST', '/notices/failed/retry')).json).toEqual({ notices: 1 });
    expect(state.kicked).toBe(1);
    state.nowMs += 2_000;
    await giveUp();
    expect((await api('DELETE', '/notices/failed')).status).toBe(204);
    expect((await api('GET', '/notices/failed')).json).toEqual({ notices: [] });
    expect((await api('POST', '/notices/failed/retry')).json).toEqual({ notices: 0 });
    expect(state.kicked).toBe(1);
  });

  it('has no Web Push where there is none', async () => {
    const { api } = createOwnerHarness({ push: false });
    expect((await api('GET', '/push')).status).toBe(404);
    expect((await api('POST', '/push/subscriptions', {})).status).toBe(404);
  });

  it('takes bodies of programs whatever they call them', async () => {
    const { ask, visitorWrites } = createOwnerHarness();
    await visitorWrites('c');
    const answered = await ask('/conversations/c/messages', {
      ...{ method: 'POST', headers: { ...bearer, 'content-type': 'text/plain' } },
      body: '{"message":"hello"}',
    });
    expect(answered.status).toBe(201);
  });

  it('reads bodies that are nothing but depth', async () => {
    const { ask } = createOwnerHarness();
    const body = `{"message":"x","takes_over":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const headers = { ...bearer, 'content-type': 'application/json' };
    const answered = await ask('/conversations/c/messages', { method: 'POST', headers, body });
    expect(answered).toMatchObject({ status: 400, json: { field: 'takes_over' } });
  });

  it('takes only JSON where a cookie says who asks', async () => {
    const { ask, visitorWrites } = createOwnerHarness();
    await visitorWrites('c');
    const origin = 'https://chat.example.com';
    const door = await ask('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ token: ownerToken }),
    });
    const cookie = door.headers.get('set-cookie')?.split(';')[0] ?? '';
    const post = async (type: string): Promise<number> => {
      const headers = { cookie, origin, 'content-type': type };
      const init = { method: 'POST', headers, body: '{"message":"hello"}' };
      return (await ask('/conversations/c/messages', init)).status;
    };
    expect(await post('text/plain;charset=UTF-8')).toBe(415);
    expect(await post('application/x-www-form-urlencoded')).toBe(415);
    expect(await post('application/json; charset=utf-8')).toBe(201);
    const bare = await ask('/notices/failed/retry', {
      method: 'POST',
      headers: { cookie, origin },
    });
    expect(bare.status).toBe(200);
  });

  it.each<[string, unknown, string]>([
    ['nothing', {}, 'message'],
    ['a number', { message: 5 }, 'message'],
    ['blanks', { message: ' \u200b\n' }, 'message'],
    ['half a character', { message: '\ud800' }, 'message'],
    ['a bad id', { message: 'x', id: 'a:b' }, 'id'],
    ['an id that is none', { message: 'x', id: 7 }, 'id'],
    ['a word for yes', { message: 'x', takes_over: 'yes' }, 'takes_over'],
    ['no text', { message: { toString: 1, valueOf: 1 } }, 'message'],
    ['unprintable', { message: 'x', takes_over: { toString: 1, valueOf: 1 } }, 'takes_over'],
  ])('names the field that is wrong: %s', async (_, body, field) => {
    const { api } = createOwnerHarness();
    const { status, json } = await api('POST', '/conversations/c/messages', body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ field, detail: expect.stringContaining(`"${field}"`) });
  });
});
