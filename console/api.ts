/**
 * The owner's REST interface as the inbox uses it. Every function rejects with a `Failure`, or
 * with the `AbortError` of a request that its caller gave up; a body that is not what its struct
 * says is a failure too.
 */
import { is, string, type, unknown, type Struct } from 'superstruct';
import {
  answererState,
  answerList,
  broadcastResult,
  cannedReplyList,
  conversationList,
  conversationSummary,
  failedNoticeList,
  messageList,
  note,
  noteList,
  ownerMessage,
  ownerSession,
  searchResults,
  type CannedReplyList,
  type ConversationChange,
  type ConversationJson,
  type ConversationList,
  type MessageList,
  type Note,
  type NoteList,
  type OwnerMessage,
  type View,
} from '../shared/console-protocol.ts';
import { Failure } from './failure.ts';
import type { FrameApi } from './frame-api.ts';
import { serverClock, type ServerClock } from './server-clock.ts';

export interface Api extends FrameApi {
  /** @param page.before - `cursor` of the page before */
  conversations(view: View, page?: { before?: string; limit?: number }): Promise<ConversationList>;
  conversation(id: string): Promise<ConversationJson>;
  change(id: string, change: ConversationChange): Promise<ConversationJson>;
  remove(id: string): Promise<void>;
  /** Ascending; with neither bound the newest. */
  messages(
    id: string,
    range: { after_seq?: number; before_seq?: number; limit?: number },
  ): Promise<MessageList>;
  /** Repeating it with the same `id` stores it once. */
  reply(id: string, reply: { message: string; id: string }): Promise<OwnerMessage>;
  notes(id: string): Promise<NoteList>;
  addNote(id: string, body: { message: string; id: string }): Promise<Note>;
  removeNote(id: string, noteId: string): Promise<void>;
}

export interface ApiOptions {
  /** Base of the server, with a slash at its end. */
  readonly base: string;
  /** Default: the page's own. */
  readonly fetch?: typeof fetch;
  /** Told of every 401 but those about the session itself. */
  readonly onLoggedOut?: () => void;
  /** Learns the server's time from its answers. Default: the page's own. */
  readonly clock?: ServerClock;
  /** Longest wait for an answer, in milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
}

interface Wanted<Value> {
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly struct: Struct<Value, unknown>;
  readonly signal?: AbortSignal;
}

const any = unknown();
const errorBody = type({ code: string(), detail: string() });
const publicKey = type({ public_key: string() });
const longestRetryS = 3_600;

/** Seconds of `Retry-After`, which names them or a date; `undefined` where it says nothing. */
export function retryAfterS(header: string | null, nowMs: number): number | undefined {
  if (!header) return undefined;
  const given = Number(header);
  const seconds = Number.isFinite(given) ? given : (Date.parse(header) - nowMs) / 1_000;
  return Number.isFinite(seconds)
    ? Math.min(Math.max(Math.ceil(seconds), 1), longestRetryS)
    : undefined;
}

/** Base of the server whose inbox stands at this address: all before `/console`. */
export const serverBase = (address: string): string => {
  const { origin, pathname } = new URL(address);
  return origin + pathname.replace(/console(\/.*)?$/, '');
};

async function readBody(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof DOMException) throw error;
    return undefined;
  }
}

async function failureOf(response: Response, nowMs: number): Promise<Failure> {
  const { status } = response;
  const body = await readBody(response);
  const about = is(body, errorBody) ? { code: body.code, detail: body.detail } : {};
  const seconds = retryAfterS(response.headers.get('retry-after'), nowMs);
  const wait = seconds === undefined ? {} : { retryAfterS: seconds };
  if (status === 401) return new Failure('logged-out', about);
  if (status === 429) return new Failure('throttled', { ...about, ...wait });
  if (status >= 500) return new Failure('server', { ...about, ...wait });
  return new Failure('refused', { code: String(status), ...about });
}

function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

export function createApi(options: ApiOptions): Api {
  const clock = options.clock ?? serverClock;
  const fetching: typeof fetch = options.fetch ?? ((...request) => fetch(...request));

  async function ask<Value>(path: string, wanted: Wanted<Value>): Promise<Value> {
    const { method = 'GET', body, struct, signal } = wanted;
    signal?.throwIfAborted();
    const patience = new AbortController();
    const giveUp = (): void => patience.abort();
    const timer = setTimeout(giveUp, options.timeoutMs ?? 20_000);
    signal?.addEventListener('abort', giveUp);
    const askedMs = Date.now();
    try {
      const response = await fetching(`${options.base}api/${path}`, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: patience.signal,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      clock.heard(response.headers.get('date'), askedMs);
      if (!response.ok) throw await failureOf(response, clock.nowMs());
      const read = response.status === 204 ? undefined : await readBody(response);
      // A proxy's page in the place of an answer, or an answer cut off.
      if (!is(read, struct)) throw new Failure('server');
      return read;
    } catch (error) {
      if (error instanceof Failure) {
        if (error.kind === 'logged-out' && path !== 'session') options.onLoggedOut?.();
        throw error;
      }
      signal?.throwIfAborted();
      throw new Failure('offline', { cause: error });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    }
  }

  const done = async (path: string, wanted: Omit<Wanted<unknown>, 'struct'>): Promise<void> =>
    void (await ask(path, { ...wanted, struct: any }));
  const at = (id: string): string => `conversations/${encodeURIComponent(id)}`;

  return {
    session: () => ask('session', { struct: ownerSession }),
    logIn: (token) => done('session', { method: 'POST', body: { token } }),
    logOut: () => done('session', { method: 'DELETE' }),
    logOutEverywhere: () => done('sessions', { method: 'DELETE' }),

    conversations: (view, page = {}) =>
      ask(`conversations${query({ view, ...page })}`, { struct: conversationList }),
    conversation: (id) => ask(at(id), { struct: conversationSummary }),
    change: (id, body) => ask(at(id), { method: 'PATCH', body, struct: conversationSummary }),
    remove: (id) => done(at(id), { method: 'DELETE' }),
    messages: (id, range) => ask(`${at(id)}/messages${query(range)}`, { struct: messageList }),
    reply: (id, body) => ask(`${at(id)}/messages`, { method: 'POST', body, struct: ownerMessage }),
    notes: (id) => ask(`${at(id)}/notes`, { struct: noteList }),
    addNote: (id, body) => ask(`${at(id)}/notes`, { method: 'POST', body, struct: note }),
    removeNote: (id, noteId) =>
      done(`${at(id)}/notes/${encodeURIComponent(noteId)}`, { method: 'DELETE' }),

    search: (words, { before, signal }) =>
      ask(`search${query({ q: words, before })}`, { struct: searchResults, signal }),
    answers: (list, before) => ask(`answers${query({ list, before })}`, { struct: answerList }),
    answerer: () => ask('answerer', { struct: answererState }),
    cannedReplies: () => ask('canned-replies', { struct: cannedReplyList }),
    async saveCannedReplies(list: CannedReplyList) {
      const saved = await ask('canned-replies', { method: 'PUT', body: list, struct: any });
      return is(saved, cannedReplyList) ? saved : list;
    },
    broadcast: (body) => ask('broadcast', { method: 'POST', body, struct: broadcastResult }),
    failedNotices: () => ask('notices/failed', { struct: failedNoticeList }),
    retryFailedNotices: () => done('notices/failed/retry', { method: 'POST', body: {} }),
    dismissFailedNotices: () => done('notices/failed', { method: 'DELETE' }),
    pushKey: async () => (await ask('push', { struct: publicKey })).public_key,
    addPush: (body) => done('push/subscriptions', { method: 'POST', body }),
    removePush: (endpoint) => done('push/subscriptions', { method: 'DELETE', body: { endpoint } }),
  };
}
