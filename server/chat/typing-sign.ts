import type { Bus, Timers } from '../ports.ts';

/** The sign that the assistant of one conversation is writing. */
export interface TypingSign {
  /** Shown where the answer takes a while. */
  begin(): void;
  end(): void;
}

const typingAfterMs = 300;
/** A widget takes the sign down by itself after 12 s, so that it does not stay where it is lost. */
const repeatEveryMs = 8_000;

export function createTypingSign(bus: Bus, timers: Timers, conversationId: string): TypingSign {
  let state: 'off' | 'soon' | 'on' = 'off';
  let cancel = (): void => undefined;
  const say = (active: boolean): void =>
    bus.publish({ type: 'typing', conversationId, sender: 'assistant', active });
  return {
    begin() {
      if (state !== 'off') return;
      state = 'soon';
      const show = (): void => {
        state = 'on';
        say(true);
        cancel = timers.after(repeatEveryMs, show);
      };
      cancel = timers.after(typingAfterMs, show);
    },
    end() {
      cancel();
      if (state === 'on') say(false);
      state = 'off';
    },
  };
}
