/** Forgeries of what clients saw. */
import {
  conversationsOf,
  eventsOf,
  isOwn,
  rowsOf,
  type DraftRow,
  type DraftRun,
  type Forgery,
  type Found,
} from './check-forgery.ts';

const received = (row: DraftRow, via: 'live' | 'history') => ({
  ...{ type: 'received', id: row.id, seq: row.seq, sender: row.sender, text: row.text, via },
  ...{ type: 'received' as const },
});

/** What others said and this client received in a session that went on after it. */
const inTheMiddle = (run: DraftRun, resumed: boolean): Found<'received'>[] =>
  eventsOf(run, 'received', ({ client, index, event, session }) => {
    if (session?.resumed !== resumed || isOwn(client, event.id)) return false;
    // The newest part of a history may begin anywhere.
    if (session.askedFrom === undefined) return false;
    const next = client.events[index + 1];
    return next?.type === 'received' && next.seq === event.seq + 1;
  });

/** A device of its own that looks into the longest conversation. */
function visit(
  run: DraftRun,
  see: (rows: DraftRow[], id: string) => DraftRun['clients'][0]['events'],
) {
  const longest = conversationsOf(run).toSorted((a, b) => b.messages.length - a.messages.length)[0];
  if (!longest || longest.messages.length < 4) return false;
  run.clients.push({ client: 'visit', events: see(longest.messages, longest.id) });
  return true;
}

export const forgeriesOfWhatWasSeen: readonly Forgery[] = [
  {
    ...{ name: 'typed, and gone', rule: 'D8', kind: 'lost' },
    forge(run, pick) {
      const client = pick(run.clients.filter(({ plain }) => !plain));
      client?.events.push({ type: 'typed', id: 'gone', text: 'Gone', kind: 'chat_message' });
      return client !== undefined;
    },
  },
  {
    ...{ name: 'typed by a client that never connected', rule: 'D8', kind: 'lost' },
    forge(run) {
      const typed = { type: 'typed', id: 'shy', text: 'Hello?', kind: 'chat_message' } as const;
      run.clients.push({ client: 'shy', events: [typed] });
      return true;
    },
  },
  {
    ...{ name: 'acknowledged with another seq', rule: 'D2', kind: 'reordered' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'acknowledged'));
      if (found) found.event.seq += 1;
      return found !== undefined;
    },
  },
  {
    ...{ name: 'acknowledged again with another seq', rule: 'D3', kind: 'doubled' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'acknowledged'));
      if (!found) return false;
      const again = { ...found.event, seq: found.event.seq + 1, duplicate: true };
      found.client.events.splice(found.index + 1, 0, again);
      return true;
    },
  },
  {
    ...{ name: 'acknowledged again as if it were new', rule: 'D3', kind: 'other' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'acknowledged'));
      if (!found) return false;
      found.client.events.splice(found.index + 1, 0, { ...found.event, duplicate: false });
      return true;
    },
  },
  {
    ...{ name: 'acknowledged, though nobody typed it', rule: 'D3', kind: 'other' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'acknowledged'));
      if (!found) return false;
      const { client, event } = found;
      client.events = client.events.filter((one) => one.type !== 'typed' || one.id !== event.id);
      return true;
    },
  },
  {
    ...{ name: 'refused and stored', rule: 'D3', kind: 'other' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'acknowledged'));
      found?.client.events.push({ type: 'refused', id: found.event.id, code: 'invalid_message' });
      return found !== undefined;
    },
  },
  {
    ...{ name: 'refused as a conflict', rule: 'D3', kind: 'other' },
    forge(run, pick) {
      const client = pick(run.clients.filter(({ plain }) => !plain));
      client?.events.push({ type: 'typed', id: 'odd', text: 'Odd', kind: 'chat_message' });
      client?.events.push({ type: 'refused', id: 'odd', code: 'id_conflict' });
      return client !== undefined;
    },
  },
  {
    ...{ name: 'a plain client acknowledged and not stored', rule: 'D1', kind: 'lost' },
    forge(run) {
      const client = run.clients.find(({ plain }) => plain);
      client?.events.push({ type: 'acknowledged', id: 'plain-9', seq: 5, duplicate: false });
      return client !== undefined;
    },
  },
  {
    ...{ name: 'a plain client answered twice', rule: 'D4', kind: 'doubled' },
    forge(run) {
      const client = run.clients.find(({ plain }) => plain);
      const answer = client?.events.find(({ type }) => type === 'received');
      if (answer) client?.events.push({ ...answer });
      return answer !== undefined;
    },
  },
  {
    ...{ name: 'received twice in one session', rule: 'D4', kind: 'doubled' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'received'));
      found?.client.events.splice(found.index + 1, 0, { ...found.event });
      return found !== undefined;
    },
  },
  {
    ...{
      name: 'received live by the one who was told that it is stored',
      rule: 'D4',
      kind: 'doubled',
    },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'acknowledged', ({ event }) => !event.duplicate));
      const rows = rowsOf(run, found?.session?.conversationId);
      const row = rows.find(({ id }) => id === found?.event.id);
      if (!found || !row) return false;
      found.client.events.splice(found.index + 1, 0, received(row, 'live'));
      return true;
    },
  },
  {
    ...{ name: 'left out in a resumed session', rule: 'D4', kind: 'lost' },
    forge(run, pick) {
      const found = pick(inTheMiddle(run, true));
      found?.client.events.splice(found.index, 1);
      return found !== undefined;
    },
  },
  {
    ...{ name: 'a fresh history without its middle', rule: 'D5', kind: 'lost' },
    forge(run, pick) {
      const found = pick(inTheMiddle(run, false));
      found?.client.events.splice(found.index, 1);
      return found !== undefined;
    },
  },
  {
    ...{ name: 'resumed one too late', rule: 'D4', kind: 'lost' },
    forge: (run) =>
      visit(run, (rows, conversationId) => [
        ...[{ type: 'session', conversationId, resumed: true, lastSeq: 4, askedFrom: 1 } as const],
        ...rows.slice(2, 4).map((row) => received(row, 'history')),
      ]),
  },
  {
    ...{ name: 'resumed one too early', rule: 'D4', kind: 'doubled' },
    forge(run, pick) {
      const found = pick(
        eventsOf(run, 'session', ({ event }) => event.resumed && (event.askedFrom ?? 0) > 0),
      );
      const row = rowsOf(run, found?.event.conversationId)[(found?.event.askedFrom ?? 0) - 1];
      if (!found || !row) return false;
      found.client.events.splice(found.index + 1, 0, received(row, 'history'));
      return true;
    },
  },
  {
    ...{ name: 'resumed from a position that the server has not', rule: 'D5', kind: 'lost' },
    forge(run, pick) {
      const found = pick(
        eventsOf(run, 'session', ({ event }) => event.resumed && (event.askedFrom ?? 0) > 0),
      );
      if (found) found.event.lastSeq = (found.event.askedFrom ?? 1) - 1;
      return found !== undefined;
    },
  },
  {
    ...{ name: 'resumed into another conversation', rule: 'D5', kind: 'other' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'session', ({ event }) => event.resumed));
      const other = pick(
        conversationsOf(run).filter(({ id }) => id !== found?.event.conversationId),
      );
      if (!found || !other) return false;
      const at = { conversationId: other.id, resumed: true, lastSeq: 0 };
      found.client.events.push({ type: 'session', ...at });
      return true;
    },
  },
  {
    ...{ name: 'a session that knows more than is stored', rule: 'D1', kind: 'lost' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'session'));
      if (found) found.event.lastSeq = 1_000_000;
      return found !== undefined;
    },
  },
  {
    ...{ name: 'a position that the client had not reached', rule: 'D4', kind: 'other' },
    forge: (run) =>
      visit(run, (rows, conversationId) => [
        { type: 'session', conversationId, resumed: true, lastSeq: 4, askedFrom: 0 },
        ...rows.slice(0, 1).map((row) => received(row, 'history')),
        { type: 'session', conversationId, resumed: true, lastSeq: 4, askedFrom: 3 },
        ...rows.slice(3, 4).map((row) => received(row, 'history')),
      ]),
  },
  {
    ...{ name: 'live before the history that is due', rule: 'D5', kind: 'lost' },
    forge: (run) =>
      visit(run, (rows, conversationId) => [
        { type: 'session', conversationId, resumed: true, lastSeq: 3 },
        ...rows.slice(3, 4).map((row) => received(row, 'live')),
      ]),
  },
  {
    ...{ name: 'an older page that does not reach the newer one', rule: 'D5', kind: 'lost' },
    forge: (run) =>
      visit(run, (rows, conversationId) => [
        { type: 'session', conversationId, resumed: true, lastSeq: 4 },
        ...[3, 0, 1].flatMap((at) => rows[at] ?? []).map((row) => received(row, 'history')),
      ]),
  },
  {
    ...{ name: 'received in another order', rule: 'D4', kind: 'reordered' },
    forge(run, pick) {
      const found = pick(inTheMiddle(run, true));
      if (!found) return false;
      const [event] = found.client.events.splice(found.index, 1);
      if (event) found.client.events.splice(found.index + 1, 0, event);
      return true;
    },
  },
  {
    ...{ name: 'received under the number of another', rule: 'D2', kind: 'reordered' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'received'));
      if (found) found.event.seq += 1;
      return found !== undefined;
    },
  },
  {
    ...{ name: 'received with another text', rule: 'D2', kind: 'other' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'received'));
      if (found) found.event.text += '!';
      return found !== undefined;
    },
  },
  {
    ...{ name: 'received from somebody else', rule: 'D2', kind: 'other' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'received'));
      if (found) found.event.sender = 'nobody';
      return found !== undefined;
    },
  },
  {
    ...{ name: 'received and not stored', rule: 'D1', kind: 'lost' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'received'));
      if (found) found.event.id = 'ai:unknown';
      return found !== undefined;
    },
  },
  {
    ...{ name: 'received before any session', rule: 'D4', kind: 'other' },
    forge(run, pick) {
      const found = pick(eventsOf(run, 'received'));
      if (found) found.client.events.unshift({ ...found.event });
      return found !== undefined;
    },
  },
];
