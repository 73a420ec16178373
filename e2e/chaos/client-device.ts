/**
 * What a client without a browser keeps on its device, and its own record of all that happened to
 * it. Outlives every connection, and the program that uses it.
 */
import type { ClientHistory, HistoryEvent } from './history.ts';

export type Kind = 'chat_message' | 'contact_request';

/** A message of the server, as far as a client has to look at it. */
export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface ClientDevice {
  readonly history: ClientHistory;
  token: string | undefined;
  readonly conversationId: string | undefined;
  readonly epoch: string | undefined;
  /**
   * For `last_seq`: up to here everything was received or acknowledged, without a gap. Absent
   * before the first message of a history that began anew.
   */
  readonly position: number | undefined;
  /** Something came that lies beyond the position. */
  readonly hasGap: boolean;
  /** Typed and not acknowledged. */
  readonly outbox: ReadonlyMap<string, { readonly text: string; readonly kind: Kind }>;
  /** Questions that are stored, and whose answer has not come. */
  readonly unanswered: number;
  typed(id: string, text: string, kind: Kind): void;
  sessionBegan(frame: Frame, askedFrom: number | undefined): void;
  received(frame: Frame, via: 'live' | 'history'): void;
  /** @returns what kind of message it was, the first time */
  acknowledged(frame: Frame): Kind | undefined;
  /** For good. @returns whether it was waiting */
  refused(id: string, code: string): boolean;
  closed(code: number): void;
}

/** @param trustsHistory - takes what history shows as acknowledged, and does not send it again */
export function createClientDevice(client: string, trustsHistory: boolean): ClientDevice {
  const events: HistoryEvent[] = [];
  const outbox = new Map<string, { readonly text: string; readonly kind: Kind }>();
  const asked = new Set<string>();
  const answered = new Set<string>();
  const ahead = new Set<number>();
  let conversationId: string | undefined;
  let epoch: string | undefined;
  let position: number | undefined;

  function reached(seq: number): void {
    position ??= seq - 1;
    if (seq > position) ahead.add(seq);
    while (ahead.delete(position + 1)) position += 1;
  }

  const device: ClientDevice = {
    history: { client, events },
    token: undefined,
    get conversationId() {
      return conversationId;
    },
    get epoch() {
      return epoch;
    },
    get position() {
      return position;
    },
    get hasGap() {
      return ahead.size > 0;
    },
    outbox,
    get unanswered() {
      let count = 0;
      for (const id of asked) if (!answered.has(id)) count += 1;
      return count;
    },
    typed(id, text, kind) {
      events.push({ type: 'typed', id, text, kind });
      outbox.set(id, { text, kind });
    },
    sessionBegan(frame, askedFrom) {
      conversationId = frame['conversation_id'] as string;
      const resumed = frame['resumed'] === true;
      const lastSeq = frame['last_seq'] as number;
      const named = askedFrom === undefined ? {} : { askedFrom };
      events.push({ type: 'session', conversationId, resumed, lastSeq, ...named });
      ahead.clear();
      // Where nothing is stored there is no first message to tell where history begins.
      if (!resumed || askedFrom === undefined) position = lastSeq === 0 ? 0 : undefined;
      device.token = frame['token'] as string;
      epoch = frame['epoch'] as string | undefined;
    },
    received(frame, via) {
      const seq = frame['seq'];
      if (typeof seq !== 'number') return;
      const [id, sender] = [frame['id'] as string, frame['sender'] as string];
      events.push({ type: 'received', id, seq, sender, text: frame['message'] as string, via });
      reached(seq);
      const answers = (frame['answers'] ?? [frame['in_reply_to']]) as (string | undefined)[];
      if (sender === 'assistant') {
        for (const one of answers) if (one !== undefined) answered.add(one);
      }
      const own = outbox.get(id);
      if (!own || sender !== 'visitor') return;
      if (own.kind === 'chat_message') asked.add(id);
      if (trustsHistory) outbox.delete(id);
    },
    acknowledged(frame) {
      const id = frame['id'] as string;
      const seq = frame['seq'] as number;
      events.push({ type: 'acknowledged', id, seq, duplicate: frame['duplicate'] === true });
      reached(seq);
      const own = outbox.get(id);
      outbox.delete(id);
      if (own?.kind === 'chat_message') asked.add(id);
      return own?.kind;
    },
    refused(id, code) {
      if (!outbox.delete(id)) return false;
      events.push({ type: 'refused', id, code });
      return true;
    },
    closed: (code) => void events.push({ type: 'closed', code }),
  };
  return device;
}
