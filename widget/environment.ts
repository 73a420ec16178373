/** What a widget needs from the browser, in one place, so that tests can bring their own. */
import { createBrowserKeep } from './browser-keep.ts';
import { withJournal } from './journal.ts';
import type { Keep } from './keep.ts';

/** The part of `WebSocket` that is used. */
export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

/** The part of `BroadcastChannel` that is used. */
export interface Channel {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(data: unknown): void;
  close(): void;
}

/** The part of `LockManager` that is used. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    hold: () => Promise<unknown>,
  ): Promise<unknown>;
}

/**
 * What the browser reports. `wake`: the tab is looked at again, thawed, brought back by the back
 * button, or on another network. `sleep`: it may be frozen now, and run no more.
 */
export type Signal = 'online' | 'offline' | 'wake' | 'sleep';

export interface Environment {
  /** May throw, as `new WebSocket` does for an address that is none. */
  openSocket(address: string): SocketLike;
  /** Calls back once; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
  nowMs(): number;
  random(): number;
  online(): boolean;
  /** What the device keeps under this name. */
  keep(name: string): Keep;
  /** Between the tabs of this origin; `undefined` where browsers have none, or refuse it. */
  channel(name: string): Channel | undefined;
  /** `undefined` without a secure context, and where it is refused. */
  locks(): Locks | undefined;
  page(): { readonly url: string; readonly title: string };
  userAgent(): string;
  listen(heard: (signal: Signal) => void, until: AbortSignal): void;
}

/** Where cookies are blocked, some browsers throw for whatever one tab could tell another. */
function allowed<Thing>(get: () => Thing): Thing | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}

export const browserEnvironment: Environment = {
  openSocket: (address) => new WebSocket(address) as SocketLike,
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  nowMs: Date.now,
  random: Math.random,
  online: () => navigator.onLine,
  keep: (name) => withJournal(createBrowserKeep(name), name, () => localStorage),
  channel: (name) => allowed(() => new BroadcastChannel(name) as unknown as Channel),
  locks: () => allowed(() => navigator.locks),
  page: () => ({ url: location.href, title: document.title }),
  userAgent: () => navigator.userAgent,
  listen(heard, signal) {
    const on = (target: EventTarget | undefined, types: string, tells?: Signal): void => {
      for (const type of types.split(' ')) {
        target?.addEventListener(type, () => heard(tells ?? (type as Signal)), { signal });
      }
    };
    on(window, 'online offline');
    on(window, 'pageshow', 'wake');
    on(window, 'pagehide', 'sleep');
    on(document, 'resume', 'wake');
    on(document, 'freeze', 'sleep');
    on((navigator as { connection?: EventTarget }).connection, 'change', 'wake');
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && heard('wake'),
      { signal },
    );
  },
};
