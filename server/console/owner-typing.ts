/** That the owner is writing, as one console says it. */
import type { Bus, Timers } from '../ports.ts';

/** Who says no more of it has stopped, in milliseconds. */
export const typingMs = 10_000;

export interface OwnerTyping {
  set(conversationId: string, active: boolean): void;
  /** The console is gone. */
  stop(): void;
}

/** Publishes `typing` of the owner. A person writes in one place: another one ends the first. */
export function createOwnerTyping(consoleId: string, bus: Bus, timers: Timers): OwnerTyping {
  let typing: { readonly conversationId: string; readonly cancel: () => void } | undefined;

  const tell = (conversationId: string, active: boolean): void =>
    bus.publish({ type: 'typing', conversationId, sender: 'owner', active, origin: consoleId });

  function stop(): void {
    if (!typing) return;
    const { conversationId, cancel } = typing;
    typing = undefined;
    cancel();
    tell(conversationId, false);
  }

  return {
    set(conversationId, active) {
      if (!active) {
        if (typing?.conversationId === conversationId) stop();
        return;
      }
      if (typing?.conversationId === conversationId) typing.cancel();
      else stop();
      // Said again, it is told again: somebody may have opened the chat meanwhile.
      tell(conversationId, true);
      typing = { conversationId, cancel: timers.after(typingMs, stop) };
    },
    stop,
  };
}
