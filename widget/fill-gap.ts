import type { ClientMessage } from '../shared/protocol.ts';
import type { Environment } from './environment.ts';
import { gapIn } from './state/timeline-views.ts';
import type { Timeline } from './state/timeline.ts';

/** What is late may still come by itself. */
const patienceMs = 1_000;

/** Asks for messages that are missing between others. Call it after every change. */
export function createGapFiller(
  environment: Environment,
  send: (message: ClientMessage) => boolean,
  timeline: () => Timeline,
): () => void {
  let cancel = (): void => undefined;
  return () => {
    cancel();
    if (!gapIn(timeline())) return;
    cancel = environment.after(patienceMs, () => {
      const gap = gapIn(timeline());
      if (gap) send({ type: 'history_request', before_seq: gap.beforeSeq, limit: gap.limit });
    });
  };
}
