/**
 * The other tabs of this visitor: which of them live, and what they have to say. A tab lives as
 * long as it holds the lock named for it. Pages without a secure context have no locks; there
 * the server's dropping of doubles is what keeps messages single.
 */
import type { Environment } from './environment.ts';

/** What one tab tells the others. */
export type TabNews =
  /** Something that is kept has changed. */
  | ''
  /** The visitor is to be forgotten, or has been erased. */
  | 'reset'
  | 'erased'
  /** The server has stored this message. */
  | { readonly id: string; readonly seq: number; readonly atMs: number }
  /** The visitor discarded it, or sends it under another id. */
  | { readonly id: string; readonly seq?: undefined };

export interface Tabs {
  /** Lives from now on. Idempotent. */
  enter(): void;
  /** May be taken for dead: the page sleeps, or the chat has been taken out of it. */
  leave(): void;
  tell(news: TabNews): void;
  /** Sees to it that `gone` is called once this tab does not live. Only while this one does. */
  watch(tab: string): void;
}

export function createTabs(
  environment: Environment,
  name: string,
  self: string,
  heard: (news: TabNews) => void,
  gone: (tab: string) => Promise<void>,
): Tabs {
  const watched = new Set<string>();
  let life: AbortController | undefined;
  let channel: ReturnType<Environment['channel']>;

  async function lock(
    tab: string,
    signal: AbortSignal,
    hold: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await environment.locks()?.request(`${name}:${tab}`, { signal }, hold);
    } catch {
      // The wait ended with this tab's life, or locks are refused, which may throw at once.
    }
  }

  return {
    enter() {
      if (life) return;
      life = new AbortController();
      const { signal } = life;
      void lock(self, signal, () => new Promise((done) => signal.addEventListener('abort', done)));
      channel = environment.channel(name);
      if (channel) channel.onmessage = ({ data }) => heard(data as TabNews);
    },
    leave() {
      life?.abort();
      life = undefined;
      watched.clear();
      // Browsers keep no page for the back button that others may speak to.
      channel?.close();
      channel = undefined;
    },
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
    tell: (news) => channel?.postMessage(news),
    watch(tab) {
      if (!life || tab === self || watched.has(tab)) return;
      watched.add(tab);
      void lock(tab, life.signal, async () => {
        watched.delete(tab);
        await gone(tab);
      });
    },
  };
}
