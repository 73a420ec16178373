/** What a widget needs from the browser, in one place, so that tests can bring their own. */

/** The part of `WebSocket` that is used. */
export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

/** What the browser reports; `wake`: the tab is looked at again, or the back button restored it. */
export type Signal = 'online' | 'offline' | 'wake';

export interface Environment {
  /** May throw, as `new WebSocket` does for an address that is none. */
  openSocket(address: string): SocketLike;
  /** Calls back once; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
  nowMs(): number;
  random(): number;
  online(): boolean;
  storage(): Storage;
  page(): { readonly url: string; readonly title: string };
  userAgent(): string;
  /** @param stored - told the full key of what another tab changed on the device */
  listen(heard: (signal: Signal) => void, stored: (key: string) => void, until: AbortSignal): void;
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
  storage: () => localStorage,
  page: () => ({ url: location.href, title: document.title }),
  userAgent: () => navigator.userAgent,
  listen(heard, stored, signal) {
    for (const type of ['online', 'offline'] as const) {
      addEventListener(type, () => heard(type), { signal });
    }
    addEventListener('pageshow', (event) => event.persisted && heard('wake'), { signal });
    addEventListener('storage', (event) => event.key && stored(event.key), { signal });
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && heard('wake'),
      { signal },
    );
  },
};
