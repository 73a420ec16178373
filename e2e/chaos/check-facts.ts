/** A run, arranged so that each of its parts is found without searching. */
import type { ClientHistory, HistoryEvent, Run, StoredEntry } from './history.ts';

export interface Row {
  readonly conversation: string;
  readonly entry: StoredEntry;
}

/** A message that a headless client has typed. */
export interface Typed {
  readonly client: string;
  readonly plain: boolean;
  readonly text: string;
  readonly kind: Extract<HistoryEvent, { type: 'typed' }>['kind'];
}

export interface Facts {
  /** Conversation → `seq` → row; of two rows with one `seq`, the first. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<number, StoredEntry>>;
  readonly rowsById: ReadonlyMap<string, readonly Row[]>;
  readonly typed: ReadonlyMap<string, Typed>;
  /** Ids that somebody saw acknowledged. */
  readonly acknowledged: ReadonlySet<string>;
  /** Ids that the server refused for good, with the code. */
  readonly refused: ReadonlyMap<string, string>;
  /** Client → the conversations of its sessions. */
  readonly conversationsOf: ReadonlyMap<string, ReadonlySet<string>>;
}

export function gatherFacts(run: Run): Facts {
  const rows = new Map<string, Map<number, StoredEntry>>();
  const rowsById = new Map<string, Row[]>();
  for (const { id: conversation, messages } of run.stored) {
    const bySeq = rows.get(conversation) ?? new Map<number, StoredEntry>();
    rows.set(conversation, bySeq);
    for (const entry of messages) {
      if (!bySeq.has(entry.seq)) bySeq.set(entry.seq, entry);
      const same = rowsById.get(entry.id);
      if (same) same.push({ conversation, entry });
      else rowsById.set(entry.id, [{ conversation, entry }]);
    }
  }
  const typed = new Map<string, Typed>();
  const acknowledged = new Set<string>();
  const refused = new Map<string, string>();
  const conversationsOf = new Map<string, Set<string>>();
  for (const history of run.clients) {
    const plain = isPlain(history);
    const conversations = conversationsOf.get(history.client) ?? new Set<string>();
    conversationsOf.set(history.client, conversations);
    for (const event of history.events) {
      if (event.type === 'typed') {
        const { text, kind } = event;
        typed.set(event.id, { client: history.client, plain, text, kind });
      } else if (event.type === 'acknowledged') acknowledged.add(event.id);
      else if (event.type === 'refused') refused.set(event.id, event.code);
      else if (event.type === 'session') conversations.add(event.conversationId);
    }
  }
  return { rows, rowsById, typed, acknowledged, refused, conversationsOf };
}

/**
 * Whether a client spoke without `hello`: it is never told its conversation, and does not send
 * again what was not acknowledged.
 */
export const isPlain = ({ plain, events }: ClientHistory): boolean =>
  plain === true ||
  (events.some(({ type }) => type === 'acknowledged' || type === 'received') &&
    !events.some(({ type }) => type === 'session'));
