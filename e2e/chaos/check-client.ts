/** What one client with sessions did and saw, against the rows of its conversations. */
import { checkAcknowledgement } from './check-acknowledgements.ts';
import type { Facts } from './check-facts.ts';
import { quote, type Findings } from './check-findings.ts';
import { followSession, type FollowedSession } from './check-session.ts';
import type { ClientHistory, HistoryEvent } from './history.ts';

type Received = Extract<HistoryEvent, { type: 'received' }>;
type SessionEvent = Extract<HistoryEvent, { type: 'session' }>;

/** What a client held of a conversation when a session of it ended. */
interface Held {
  /** Lowest and highest `seq` that it has seen, received or acknowledged. */
  readonly low: number | undefined;
  readonly high: number;
}

/** Where a position was not reached by this client itself, all below it counts as known. */
const lowestHeld = (before: Held | undefined, askedFrom: number): number =>
  before === undefined ? 1 : Math.min(before.low ?? askedFrom + 1, askedFrom + 1);

export function checkClient(
  { client, events }: ClientHistory,
  facts: Facts,
  findings: Findings,
): void {
  const held = new Map<string, Held>();
  const acknowledged = new Map<string, number>();
  const own = new Set<string>();
  let current: FollowedSession | undefined;
  let conversation: string | undefined;

  for (const event of events) {
    switch (event.type) {
      case 'typed':
        own.add(event.id);
        break;
      case 'session':
        leave();
        current = enter(event);
        break;
      case 'acknowledged':
        if (conversation === undefined) outside(event.id, 'acknowledged');
        else {
          const to = { client, conversation, acknowledged };
          checkAcknowledgement(event, to, facts, findings);
          current?.acknowledged(event.seq, event.duplicate);
        }
        break;
      case 'received':
        if (conversation === undefined) outside(event.id, 'received');
        else {
          checkReceived(event, conversation);
          current?.received(event.seq, event.via);
        }
        break;
      case 'refused':
        checkRefused(event.id, event.code);
        break;
      case 'closed':
        break;
    }
  }
  leave();

  function outside(id: string, what: string): void {
    findings.report('D4', 'other', { client, id }, `${what} before any session`);
  }

  function leave(): void {
    if (current === undefined || conversation === undefined) return;
    const { low, high } = current.end();
    held.set(conversation, { low, high: Math.max(high, held.get(conversation)?.high ?? 0) });
  }

  function enter(session: SessionEvent): FollowedSession {
    const { conversationId, resumed, lastSeq, askedFrom } = session;
    const place = { client, conversation: conversationId };
    const before = held.get(conversationId);
    const rows = facts.rows.get(conversationId);
    const stored = rows?.size ?? 0;
    if (lastSeq > stored) {
      const what = `a session names last_seq ${lastSeq}, the store holds ${stored}`;
      findings.report('D1', 'lost', place, what);
    }
    if (resumed && askedFrom !== undefined && askedFrom > lastSeq) {
      const what = `resumed from ${askedFrom}, though the server has no more than ${lastSeq}`;
      findings.report('D5', 'lost', place, what);
    }
    if (resumed && conversation !== undefined && conversation !== conversationId) {
      const what = `said to be resumed, and the conversation before was ${conversation}`;
      findings.report('D5', 'other', place, what);
    }
    if (before !== undefined && askedFrom !== undefined && askedFrom > before.high) {
      const what = `asked from ${askedFrom}, having seen no more than ${before.high}`;
      findings.report('D4', 'other', place, what);
    }
    conversation = conversationId;
    const goesOn = resumed && askedFrom !== undefined;
    return followSession({
      place,
      resumed,
      lastSeq,
      askedFrom,
      low: goesOn ? lowestHeld(before, askedFrom) : undefined,
      stored,
      idAt: (seq) => rows?.get(seq)?.id,
      // An acknowledgement that the network swallowed leaves a gap that is the client's own.
      mayBeAcknowledged: (id) => own.has(id) && !acknowledged.has(id),
      findings,
    });
  }

  function checkReceived({ id, seq, sender, text }: Received, where: string): void {
    const place = { client, conversation: where, id, seq };
    const row = facts.rows.get(where)?.get(seq);
    if (row?.id === id) {
      if (row.text !== text) {
        const what = `received as ${quote(text)}, stored as ${quote(row.text)}`;
        findings.report('D2', 'other', place, what);
      }
      if (row.sender !== sender) {
        findings.report('D2', 'other', place, `received from ${sender}, stored of ${row.sender}`);
      }
      return;
    }
    const elsewhere = facts.rowsById.get(id)?.find((one) => one.conversation === where);
    if (elsewhere !== undefined) {
      const what = `received with this seq and stored as ${elsewhere.entry.seq}`;
      findings.report('D2', 'reordered', place, what);
    } else findings.report('D1', 'lost', place, `received and not stored: ${quote(text)}`);
  }

  function checkRefused(id: string, code: string): void {
    const place = { client, id };
    if (code === 'id_conflict') {
      findings.report('D3', 'other', place, 'refused as a conflict, though it has one text');
    }
  }
}
