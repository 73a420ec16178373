import { describe, expect, it } from 'vitest';
import { Failure } from './failure.ts';
import { fromBase64Url, pushState, turnPushOff, turnPushOn, type PushBrowser } from './push.ts';

const key =
  'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM';
const address = 'https://push.example/1';

Object.assign(globalThis, { document: { baseURI: 'https://chat.example/blog/console' } });

/** A browser's push, as the specification has it: one subscription a registration. */
function browserWith(permission: NotificationPermission, ownKey?: Uint8Array<ArrayBuffer>) {
  const asked: string[] = [];
  let made: object | undefined;
  let count = 0;
  const subscribe = async ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
    if (made) throw new Error('InvalidStateError');
    count += 1;
    made = {
      endpoint: address,
      options: { applicationServerKey: applicationServerKey.slice().buffer },
      toJSON: () => ({ endpoint: address, keys: { p256dh: 'p', auth: 'a' } }),
      unsubscribe: async () => ((made = undefined), true),
    };
    return made;
  };
  const registration = {
    active: { state: 'activated' },
    pushManager: { subscribe, getSubscription: async () => made ?? null },
  };
  let registered = false;
  const browser = {
    container: {
      getRegistration: async () => (registered ? registration : undefined),
      register: async (url: string) => {
        asked.push(url);
        registered = true;
        return registration;
      },
    },
    permission: () => permission,
    ask: async () => permission,
    hasPush: true,
  } as unknown as PushBrowser;
  const ready = ownKey
    ? ((registered = true), subscribe({ applicationServerKey: ownKey }).then(() => undefined))
    : Promise.resolve();
  return { browser, asked, ready, subscribed: () => made !== undefined, count: () => count };
}

const server = (fails = false) => {
  const calls: string[] = [];
  return {
    calls,
    pushKey: async () => key,
    addPush: async ({ endpoint }: { endpoint: string }) => {
      if (fails) throw new Failure('offline');
      calls.push(`add ${endpoint}`);
    },
    removePush: async (endpoint: string) => void calls.push(`remove ${endpoint}`),
  };
};

describe('notifications on this device', () => {
  it('are turned on and off, here and at the server', async () => {
    const { browser, asked, subscribed } = browserWith('granted');
    const api = server();
    expect(await pushState(browser)).toBe('off');
    expect(await turnPushOn(api, browser)).toBe('on');
    expect(asked).toEqual(['https://chat.example/blog/console/sw.js']);
    expect(await pushState(browser)).toBe('on');
    expect(await turnPushOff(api, browser)).toBe('off');
    expect(subscribed()).toBe(false);
    expect(api.calls).toEqual([`add ${address}`, `remove ${address}`]);
  });

  it('are off where the server did not learn of them', async () => {
    const { browser, subscribed } = browserWith('granted');
    await expect(turnPushOn(server(true), browser)).rejects.toThrow(Failure);
    expect(subscribed()).toBe(false);
    expect(await pushState(browser)).toBe('off');
  });

  it('subscribe anew after the server has another key, and only then', async () => {
    const other = browserWith('granted', new Uint8Array([1, 2, 3]));
    await other.ready;
    expect(await turnPushOn(server(), other.browser)).toBe('on');
    expect(other.count()).toBe(2);
    const same = browserWith('granted', fromBase64Url(key));
    await same.ready;
    expect(await turnPushOn(server(), same.browser)).toBe('on');
    expect(same.count()).toBe(1);
  });

  it('ask nothing of the server where the browser does not allow them', async () => {
    const { browser, asked } = browserWith('denied');
    expect(await turnPushOn(server(), browser)).toBe('blocked');
    expect(await pushState(browser)).toBe('blocked');
    expect(asked).toEqual([]);
    expect(await pushState({ ...browser, hasPush: false })).toBe('unsupported');
  });

  it('read the key of 65 bytes', () => {
    expect(fromBase64Url(key)).toHaveLength(65);
    expect(fromBase64Url(key)[0]).toBe(4);
  });
});
