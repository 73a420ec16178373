import type { ClientMessage } from '../shared/protocol.ts';
import type { Shown } from './shown.ts';
import { newestSeq } from './state/timeline.ts';

/** How far the visitor has read, told to the server and to the device. */
export interface Reading {
  /** Whether somebody looks at the conversation now. */
  attend(attentive: boolean): void;
  /** Call it after every change of what is shown. */
  look(): void;
  /** A session begins, whose server may not know yet. */
  begin(): void;
}

export function createReading(
  shown: Shown,
  send: (message: ClientMessage) => boolean,
  keep: (seq: number) => void,
): Reading {
  let attentive = false;
  let told = 0;

  function look(): void {
    if (!attentive) return;
    if (shown.state.unread > 0) shown.show({ type: 'seen' });
    const seq = newestSeq(shown.state.timeline);
    if (seq <= told || !shown.state.synced || !send({ type: 'read', seq })) return;
    told = seq;
    keep(seq);
  }

  return {
    attend(now) {
      attentive = now;
      look();
    },
    look,
    begin: () => void (told = 0),
  };
}
