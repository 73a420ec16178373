/** Who is writing: told no more often than needed, believed no longer than is likely. */
import type { ClientMessage, Sender } from '../shared/protocol.ts';
import type { Environment } from './environment.ts';
import type { TimelineEvent } from './state/timeline.ts';

const heardEndsMs = 12_000;
const tellEveryMs = 3_000;

export interface Typing {
  /** The visitor types, or has stopped. */
  tell(active: boolean): void;
  /** Somebody else does. Ends by itself, should the word that it ended get lost. */
  heard(sender: Sender, active: boolean): void;
  stop(): void;
}

export function createTyping(
  environment: Environment,
  send: (message: ClientMessage) => boolean,
  show: (event: TimelineEvent) => void,
): Typing {
  let toldMs = 0;
  let cancel = (): void => undefined;
  return {
    tell(active) {
      if (active ? environment.nowMs() - toldMs < tellEveryMs : toldMs === 0) return;
      toldMs = active ? environment.nowMs() : 0;
      send({ type: 'typing', active });
    },
    heard(sender, active) {
      cancel();
      if (active) {
        cancel = environment.after(heardEndsMs, () =>
          show({ type: 'typing', sender, active: false }),
        );
      }
      show({ type: 'typing', sender, active });
    },
    stop: () => cancel(),
  };
}
