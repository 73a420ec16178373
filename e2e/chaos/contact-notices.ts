/** [D7] Every contact request that was acknowledged has been notified, or still will be. */
import type { ClientHistory } from './history.ts';
import type { StoredState } from './stored-state.ts';

export interface ContactNotices {
  readonly acknowledged: number;
  readonly delivered: number;
  readonly owed: number;
  /** `<conversation> <id>`: acknowledged, not delivered, and not owed either. */
  readonly missing: readonly string[];
}

/** @param taken - what the owner's end has taken, as `<conversation> <id>` */
export function contactNotices(
  histories: readonly ClientHistory[],
  taken: ReadonlySet<string>,
  { conversations, owedNotices }: Pick<StoredState, 'conversations' | 'owedNotices'>,
): ContactNotices {
  const kinds = new Map<string, string>();
  const acknowledged = new Set<string>();
  for (const { events } of histories) {
    for (const event of events) {
      if (event.type === 'typed') kinds.set(event.id, event.kind);
      if (event.type === 'acknowledged') acknowledged.add(event.id);
    }
  }
  const places = new Map(
    conversations.flatMap(({ id, messages }) =>
      messages.map((one) => [one.id, `${id} ${one.id}`] as const),
    ),
  );
  // One without a row counts as missing here too.
  const requests = [...acknowledged]
    .filter((id) => kinds.get(id) === 'contact_request')
    .map((id) => places.get(id) ?? `(nowhere) ${id}`);
  const rest = requests.filter((one) => !taken.has(one));
  const missing = rest.filter((one) => !owedNotices.has(one));
  return {
    acknowledged: requests.length,
    delivered: requests.length - rest.length,
    owed: rest.length - missing.length,
    missing,
  };
}
