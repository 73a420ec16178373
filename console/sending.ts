/** What the owner writes, on its way to the server and shown meanwhile. */
import { randomId } from '../widget/random-id.ts';
import type { Api } from './api.ts';
import type { Keep } from './keep.ts';
import { createOutbox, type Outbox, type Outgoing } from './outbox.ts';
import type { ServerClock } from './server-clock.ts';
import type { Talk } from './talk.ts';

export interface SendingOptions {
  readonly api: Pick<Api, 'reply' | 'addNote'>;
  readonly keep: Keep;
  readonly clock: ServerClock;
  tell: Talk['tell'];
}

export interface Sending extends Pick<Outbox, 'of' | 'wake' | 'clear'> {
  post(kind: Outgoing['kind'], conversationId: string, text: string): void;
  retry(conversationId: string, id: string): void;
  discard(conversationId: string, id: string): void;
}

export function createSending({ api, keep, clock, tell }: SendingOptions): Sending {
  const outbox = createOutbox({
    keep,
    async send({ conversationId, kind, id, text }) {
      if (kind === 'note') {
        const note = await api.addNote(conversationId, { id, message: text });
        tell(conversationId, { type: 'note', note });
        return;
      }
      const message = await api.reply(conversationId, { id, message: text });
      tell(conversationId, { type: 'message', message });
    },
    onSent: ({ conversationId, id }) => tell(conversationId, { type: 'discarded', id }),
    onRefused({ conversationId, id }, { detail }) {
      tell(conversationId, { type: 'failed', id, failure: detail ?? '' });
    },
    onDelayed: ({ conversationId, id }) => tell(conversationId, { type: 'delayed', id }),
  });
  let lastMs = 0;

  return {
    of: outbox.of,
    wake: outbox.wake,
    clear: outbox.clear,
    post(kind, conversationId, text) {
      // In the order in which they are written, whatever the clock does.
      lastMs = Math.max(clock.nowMs(), lastMs + 1);
      const outgoing: Outgoing = { id: randomId(), kind, text, atMs: lastMs, conversationId };
      tell(conversationId, { type: 'sending', pending: outgoing });
      outbox.add(outgoing);
    },
    retry(conversationId, id) {
      outbox.retry(id);
      const pending = outbox.of(conversationId).find((one) => one.id === id);
      if (pending) tell(conversationId, { type: 'sending', pending });
    },
    discard(conversationId, id) {
      outbox.discard(id);
      tell(conversationId, { type: 'discarded', id });
    },
  };
}
