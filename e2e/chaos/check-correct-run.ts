/**
 * Makes histories of runs in which everything went as the delivery contract says: a small model of
 * a server and its clients, driven by random steps. What the network may do to them happens here
 * too: acknowledgements that get lost, cuts, resumes, two devices, clients that stop reading.
 */
import { answerIdOf } from '../../shared/ids.ts';
import {
  pageViews,
  plainClient,
  type ModelConversation as Conversation,
} from './check-correct-views.ts';
import type { HistoryEvent, Run, StoredEntry } from './history.ts';

/** One random step: what happens, to whom, and how. */
export interface Move {
  readonly what: number;
  readonly who: number;
  readonly how: number;
}

interface Client {
  readonly name: string;
  readonly events: HistoryEvent[];
  /** Typed and not acknowledged, as the device keeps it. */
  readonly outbox: Map<string, Extract<HistoryEvent, { type: 'typed' }>>;
  conversation: Conversation | undefined;
  connected: boolean;
  reading: boolean;
  /** What the server has sent it up to, and what it has reached itself. */
  cursor: number;
  position: number;
  count: number;
}

/** @returns a run that breaks no rule, with at least what the first steps put there */
export function correctRun(moves: readonly Move[]): Run {
  const conversations: Conversation[] = [];
  const clients: Client[] = [];
  let made = 0;

  const newConversation = (): Conversation => {
    const conversation = { id: `conv${conversations.length}`, rows: [], owed: [] };
    conversations.push(conversation);
    return conversation;
  };
  function newClient(conversation?: Conversation): Client {
    const client: Client = {
      name: `c${clients.length}`,
      ...{ events: [], outbox: new Map(), conversation, connected: false, reading: true },
      ...{ cursor: 0, position: 0, count: 0 },
    };
    clients.push(client);
    return client;
  }

  function store(conversation: Conversation, entry: Omit<StoredEntry, 'seq'>): StoredEntry {
    const row = { ...entry, seq: conversation.rows.length + 1 };
    conversation.rows.push(row);
    return row;
  }

  /** Everything that the server has for a client and the client has not got yet. */
  function deliver(client: Client, via: 'live' | 'history', own?: StoredEntry, lost = false): void {
    const { conversation } = client;
    if (!conversation || !client.connected || !client.reading) return;
    for (const row of conversation.rows.slice(client.cursor)) {
      client.cursor = row.seq;
      if (row === own && lost) continue;
      if (row === own) acknowledge(client, row, false);
      else receive(client, row, via);
      if (client.position === row.seq - 1) client.position = row.seq;
    }
  }
  function receive(
    client: Client,
    { id, seq, sender, text }: StoredEntry,
    via: 'live' | 'history',
  ) {
    client.events.push({ type: 'received', id, seq, sender, text, via });
  }
  function acknowledge(client: Client, { id, seq }: StoredEntry, duplicate: boolean): void {
    client.events.push({ type: 'acknowledged', id, seq, duplicate });
    client.outbox.delete(id);
    if (client.position === seq - 1) client.position = seq;
  }
  const others = (client: Client): void => {
    for (const other of clients) {
      if (other !== client && other.conversation === client.conversation) deliver(other, 'live');
    }
  };

  function type(client: Client, how: number): void {
    client.count += 1;
    const id = `${client.name}-${client.count}`;
    const kind = how % 7 === 6 ? 'contact_request' : 'chat_message';
    const typed = { type: 'typed', id, text: `${id} 问 😀 ${how}`, kind } as const;
    client.events.push(typed);
    if (how % 23 === 22) client.events.push({ type: 'refused', id, code: 'message_too_long' });
    else {
      client.outbox.set(id, typed);
      if (client.connected && client.reading) send(client, id, how);
    }
  }

  /** What becomes of a message: 0–3 acknowledged, 4 stored and cut, 5 only the answer lost, 6 cut. */
  function send(client: Client, id: string, how: number): void {
    const { conversation } = client;
    const typed = client.outbox.get(id);
    if (!conversation || !typed) return;
    const known = conversation.rows.find((row) => row.id === id);
    if (known) {
      if (how % 5 !== 4) acknowledge(client, known, true);
      return;
    }
    if (how % 8 === 6) return cut(client);
    const { text, kind } = typed;
    const entry = { id, sender: 'visitor', text };
    const row = store(conversation, kind === 'contact_request' ? { ...entry, kind } : entry);
    if (kind === 'chat_message') conversation.owed.push(id);
    if (how % 8 === 4) cut(client);
    else deliver(client, 'live', row, how % 8 === 5);
    others(client);
    if (how % 3 === 0) answer(conversation, how);
  }

  function answer(conversation: Conversation, how: number): void {
    const covered = conversation.owed.splice(0, how % 5 === 0 ? 2 : 1);
    const last = covered.at(-1);
    if (last === undefined) return;
    made += 1;
    const answers = covered.length > 1 ? { answers: covered } : {};
    const entry = { id: answerIdOf(last), sender: 'assistant', text: `Answer ${made} to ${last}.` };
    store(conversation, { ...entry, inReplyTo: last, ...answers });
    for (const client of clients) if (client.conversation === conversation) deliver(client, 'live');
  }

  function cut(client: Client): void {
    if (!client.connected) return;
    client.connected = false;
    client.events.push({ type: 'closed', code: 1006 });
  }

  /** How: 0–4 from its position, 5 from an earlier one, 6 the newest part, 7 everything anew. */
  function connect(client: Client, how: number): void {
    if (client.connected) return;
    const known = client.conversation;
    const nothingStored = !known?.rows.some(({ id }) => client.outbox.has(id));
    const anew = known === undefined || (how % 29 === 28 && nothingStored);
    const conversation = anew ? newConversation() : known;
    const lastSeq = conversation.rows.length;
    if (conversation !== known) client.position = 0;
    const way = how % 8;
    const from = way === 5 ? Math.floor(client.position / 2) : client.position;
    const askedFrom = known === undefined || way === 6 ? undefined : from;
    const resumed = !anew && way !== 7;
    const start = resumed ? (askedFrom ?? 0) : 0;
    Object.assign(client, { conversation, connected: true, reading: true, position: start });
    client.events.push({
      ...{ type: 'session' as const, conversationId: conversation.id, resumed, lastSeq },
      ...(askedFrom === undefined ? {} : { askedFrom }),
    });
    client.cursor = askedFrom === undefined ? Math.max(0, lastSeq - 50) : start;
    if (askedFrom === undefined) client.position = client.cursor;
    const early = how % 2 === 0;
    if (early) for (const id of [...client.outbox.keys()]) resendKnown(client, id);
    const during = how % 4 === 1 ? storeDuringHistory(client) : undefined;
    deliver(client, 'history');
    if (during) acknowledge(client, during, false);
    if (askedFrom === undefined && lastSeq > 50 && how % 3 === 0) older(client, lastSeq - 50);
    for (const id of [...client.outbox.keys()]) if (client.connected) send(client, id, 1);
  }
  /** Sent again before history has come: acknowledged at once, out of the order. */
  function resendKnown(client: Client, id: string): void {
    const row = client.conversation?.rows.find((one) => one.id === id);
    if (row) client.events.push({ type: 'acknowledged', id, seq: row.seq, duplicate: true });
    if (row) client.outbox.delete(id);
  }
  /** Sent while history is read, which then brings it before its acknowledgement comes. */
  function storeDuringHistory(client: Client): StoredEntry | undefined {
    const { conversation } = client;
    for (const { id, text, kind } of client.outbox.values()) {
      if (!conversation || kind !== 'chat_message') continue;
      if (conversation.rows.some((row) => row.id === id)) continue;
      conversation.owed.push(id);
      return store(conversation, { id, sender: 'visitor', text });
    }
    return undefined;
  }
  function older(client: Client, before: number): void {
    const rows = client.conversation?.rows.slice(Math.max(0, before - 50), before) ?? [];
    for (const row of rows) receive(client, row, 'history');
  }

  function step({ what, who, how }: Move): void {
    const client = clients[who % clients.length];
    if (!client) return;
    if (what < 45) type(client, how);
    else if (what < 55) cut(client);
    else if (what < 70) connect(client, how);
    else if (what < 74) client.reading = false;
    else if (what < 80) {
      client.reading = true;
      deliver(client, 'live');
    } else if (what < 88 && client.conversation) answer(client.conversation, how);
    else if (what < 92 && client.conversation && client.conversation.rows.length > 0) {
      made += 1;
      const sender = how % 2 === 0 ? 'owner' : 'system';
      store(client.conversation, { id: `s${made}`, sender, text: `From the ${sender}, ${made}` });
      for (const one of clients) {
        if (one.conversation === client.conversation) deliver(one, 'live');
      }
    } else if (what < 94) newClient(client.conversation);
    else if (what < 96) newClient();
    else if (what < 98) for (let index = 0; index < 60; index += 1) type(client, 1);
  }

  function settle(): void {
    for (const client of clients) {
      client.reading = true;
      deliver(client, 'live');
      while (client.outbox.size > 0) {
        cut(client);
        connect(client, 0);
      }
    }
    for (const conversation of conversations) {
      while (conversation.owed.length > 0) answer(conversation, 1);
    }
  }

  const first = newClient();
  connect(first, 0);
  for (const how of [1, 2, 13, 3, 8]) type(first, how);
  const second = newClient(first.conversation);
  connect(second, 0);
  type(second, 1);
  cut(first);
  type(second, 1);
  type(second, 3);
  connect(first, 0);
  type(first, 1);
  const third = newClient();
  connect(third, 0);
  type(third, 1);
  type(third, 9);
  type(third, 1);
  type(third, 1);
  if (third.conversation) answer(third.conversation, 5);
  cut(third);
  connect(third, 7);
  newClient();
  for (const move of moves) step(move);
  settle();
  const pages = pageViews(newConversation(), store, moves.length);
  const plain = plainClient(newConversation(), newConversation(), store);
  return {
    clients: [...clients.map(({ name, events }) => ({ client: name, events })), plain],
    pages,
    stored: conversations
      .filter(({ rows }) => rows.length > 0)
      .map(({ id, rows }) => ({
        id,
        messages: rows,
      })),
  };
}
