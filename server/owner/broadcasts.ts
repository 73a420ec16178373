import type { OwnerContext } from './owner-context.ts';

/** Sends to everybody who is connected. */
export interface Broadcasts {
  /** With an id it may be repeated: it is sent once, as long as this process remembers it. */
  send(message: {
    readonly text: string;
    readonly id: string | undefined;
  }):
    | { readonly status: 'sent' | 'duplicate'; readonly delivered: number }
    | { readonly status: 'conflict' };
}

/** Broadcasts that are remembered: many more than any owner repeats. */
const remembered = 1_000;

export function createBroadcasts(
  context: Pick<OwnerContext, 'broadcast' | 'clock' | 'newId'>,
): Broadcasts {
  const sent = new Map<string, { readonly text: string; readonly delivered: number }>();
  return {
    send({ text, id }) {
      const earlier = id === undefined ? undefined : sent.get(id);
      if (earlier) {
        return earlier.text === text
          ? { status: 'duplicate', delivered: earlier.delivered }
          : { status: 'conflict' };
      }
      const name = id ?? `broadcast:${context.newId()}`;
      const delivered = context.broadcast({
        ...{ type: 'broadcast', id: name, text, atMs: context.clock.now() },
      });
      sent.set(name, { text, delivered });
      for (const oldest of sent.keys()) {
        if (sent.size <= remembered) break;
        sent.delete(oldest);
      }
      return { status: 'sent', delivered };
    },
  };
}
