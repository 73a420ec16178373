/** The owner's interface over a store in memory, without sockets, for tests. */
import { Hono } from 'hono';
import { createLocalBus } from '../buses/local.ts';
import type { BusEvent, Store } from '../ports.ts';
import type { PushSubscriptionRow } from '../inbox-ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import type { HttpEnv } from './http-env.ts';
import { createOwnerAccess } from './owner-session.ts';
import type { OwnerOptions } from './owner-options.ts';
import { ownerRoutes } from './owner-routes.ts';

export const ownerToken = 'the-token-of-the-owner';
const origin = 'https://chat.example.com';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; `undefined` for none. */
  readonly json: unknown;
}

export function createOwnerHarness(
  options: {
    readonly store?: Store;
    readonly push?: boolean;
    readonly answerer?: OwnerOptions['answerer'];
  } = {},
) {
  const store = options.store ?? createMemoryStore();
  const events: BusEvent[] = [];
  const errors: unknown[] = [];
  const subscribed: PushSubscriptionRow[] = [];
  const state = { nowMs: Date.UTC(2026, 10, 23, 8), connected: 3, kicked: 0 };
  const clock = { now: () => state.nowMs };
  const onError = (error: unknown): void => void errors.push(error);
  const bus = createLocalBus(onError);
  bus.subscribe((event) => events.push(event));
  const ended: string[] = [];
  let made = 0;
  const routes = ownerRoutes({
    access: createOwnerAccess({
      ...{ ownerToken, store, clock, publicUrl: () => origin, publicUrlGiven: true },
      ...{ loopback: false, onError, onLoginEnded: (login) => ended.push(login) },
    }),
    ...{ ownerName: 'Grace', version: '1.2.3', lang: 'en', publicUrl: () => origin },
    ...{ store, bus, clock, onError, newId: () => `made-${(made += 1)}` },
    defaultAnswering: 'assistant',
    channels: () => ['smtp:mail.example.com'],
    broadcast: () => state.connected,
    connected: () => state.connected,
    live: (id) => (id === 'live' ? { online: true, sinceMs: state.nowMs } : undefined),
    answerer: options.answerer,
    onNoticesDue: () => void (state.kicked += 1),
    push:
      options.push === false
        ? undefined
        : {
            publicKey: () => 'the-public-key',
            subscribe: async (row) => void subscribed.push(row),
            unsubscribe: async (endpoint) => {
              const at = subscribed.findIndex((row) => row.endpoint === endpoint);
              if (at >= 0) subscribed.splice(at, 1);
            },
            loopback: false,
          },
  });
  const app = new Hono<HttpEnv>().route('/api', routes);

  /** A request as it is; without a body where `init` has none. */
  async function ask(
    path: string,
    init: RequestInit = {},
    address = '203.0.113.1',
  ): Promise<Answered> {
    const request = new Request(`${origin}/api${path}`, init);
    const env: HttpEnv['Bindings'] = { address, peerIsLocal: false };
    const response = await app.fetch(request, env);
    const text = await response.text();
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, json };
  }

  return {
    ...{ store, events, errors, ended, state, subscribed, ask },
    /** As the bearer of the token, with JSON. */
    api: (method: string, path: string, body?: unknown) =>
      ask(path, {
        method,
        headers: { authorization: `Bearer ${ownerToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    /** A conversation with one message of its visitor. */
    async visitorWrites(
      conversationId: string,
      text = 'a question',
      id = `v${events.length}-${text}`,
    ) {
      const message = { id: id.slice(0, 60), sender: 'visitor' as const, text, atMs: clock.now() };
      const result = await store.append({ conversationId, message });
      if (result.status !== 'stored') throw new Error(result.status);
      return result.message;
    },
    /** What was told of a conversation, and forgets it. */
    told(): readonly BusEvent[] {
      return events.splice(0);
    },
  };
}
