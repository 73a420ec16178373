/** What a widget needs from the browser, in one place, so that tests can bring their own. */

/** The part of `WebSocket` that is used. */
export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface Signals {
  online(): void;
  offline(): void;
  /** The tab is looked at again, or was restored by the back button. */
  wake(): void;
  /** Another tab changed what is kept under this full key. */
  stored(key: string): void;
}

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
  listen(signals: Signals, signal: AbortSignal): void;
}

export const browserEnvironment: Environment = {
  openSocket: (address) => new WebSocket(address) as SocketLike,
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  nowMs: () => Date.now(),
  random: () => Math.random(),
  online: () => navigator.onLine,
  storage: () => localStorage,
  page: () => ({ url: location.href, title: document.title }),
  userAgent: () => navigator.userAgent,
  listen(signals, signal) {
    addEventListener('online', () => signals.online(), { signal });
    addEventListener('offline', () => signals.offline(), { signal });
    addEventListener('pageshow', (event) => event.persisted && signals.wake(), { signal });
    addEventListener('storage', (event) => event.key && signals.stored(event.key), { signal });
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && signals.wake(),
      { signal },
    );
  },
};
