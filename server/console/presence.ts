/** Whether the owner is there: somebody looks at the inbox. */
import type { Bus, Timers } from '../ports.ts';

/** The owner counts as there for so long after the last inbox was left, in milliseconds. */
export const presenceGraceMs = 10_000;

export interface OwnerPresence {
  ownerOnline(): boolean;
  /** What a console said of itself. */
  set(consoleId: string, active: boolean): void;
  /** A console is gone. */
  gone(consoleId: string): void;
  close(): void;
}

/** Publishes `presence` when the owner comes, and a while after they went. */
export function createOwnerPresence(bus: Bus, timers: Timers): OwnerPresence {
  const looking = new Set<string>();
  let online = false;
  let cancelLeaving: (() => void) | undefined;

  function tell(now: boolean): void {
    if (online === now) return;
    online = now;
    bus.publish({ type: 'presence', online });
  }

  function leave(consoleId: string): void {
    if (!looking.delete(consoleId) || looking.size > 0) return;
    cancelLeaving = timers.after(presenceGraceMs, () => {
      cancelLeaving = undefined;
      tell(false);
    });
  }

  return {
    ownerOnline: () => online,
    set(consoleId, active) {
      if (!active) return leave(consoleId);
      looking.add(consoleId);
      cancelLeaving?.();
      cancelLeaving = undefined;
      tell(true);
    },
    gone: leave,
    close() {
      cancelLeaving?.();
      cancelLeaving = undefined;
    },
  };
}
