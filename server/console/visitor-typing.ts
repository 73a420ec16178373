/** That visitors are writing, as consoles are told of it. */
import type { Timers } from '../ports.ts';

/** A conversation's visitor is told of at most this often, in milliseconds. */
export const typingPauseMs = 1_000;

export interface VisitorTyping {
  /** The visitor said so of themselves. */
  heard(conversationId: string, active: boolean): void;
  /** The visitor's message is told: what was said before it is over. */
  wrote(conversationId: string): void;
}

/** Tells at once, then at most once a `typingPauseMs`, and the last word always. */
export function createVisitorTyping(
  timers: Timers,
  tell: (conversationId: string, active: boolean) => void,
): VisitorTyping {
  /** Of whom something was told just now. */
  const resting = new Map<string, { told: boolean; next: boolean | undefined }>();

  function say(conversationId: string, active: boolean): void {
    tell(conversationId, active);
    const said: { told: boolean; next: boolean | undefined } = { told: active, next: undefined };
    resting.set(conversationId, said);
    timers.after(typingPauseMs, () => {
      resting.delete(conversationId);
      const { told, next } = said;
      if (next !== undefined && (next || told)) say(conversationId, next);
    });
  }

  return {
    heard(conversationId, active) {
      const said = resting.get(conversationId);
      if (said) said.next = active;
      else say(conversationId, active);
    },
    wrote(conversationId) {
      const said = resting.get(conversationId);
      if (said) said.next = false;
    },
  };
}
