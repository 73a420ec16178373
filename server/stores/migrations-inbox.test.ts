import { expect, it } from 'vitest';

import { leaveBehind, withFolder } from './left-behind.ts';
import { loadSqliteDriver } from './sqlite-driver.ts';
import { openSqliteStore } from './sqlite.ts';

const onError = (error: unknown): void => {
  throw error;
};

it('who waited for the owner before the inbox was there waits in it [D7] [D17]', () =>
  withFolder(async (dataDir) => {
    const file = await leaveBehind(dataDir, 2);
    const { open } = await loadSqliteDriver();
    const db = open(file);
    // V: a message of the visitor, C: their contact request, A: the assistant's, O: the owner's.
    const made: readonly (readonly [script: string, answering: string | null, stands: string])[] = [
      ['VA', null, 'assistant'],
      ['VAC', null, 'waiting: contact_request'],
      ['CVAV', 'nobody', 'waiting: contact_request'],
      ['CVOV', null, 'assistant'],
      ['COVCA', null, 'waiting: contact_request'],
      ['COC', 'owner', 'waiting: contact_request'],
      ['COV', 'owner', 'mine'],
      ['VA', 'owner', 'waiting: human_request'],
      ['VCA', 'owner', 'waiting: contact_request'],
      ['VAOV', 'owner', 'mine'],
      ['V', 'nobody', 'assistant'],
    ];
    const insert = db.prepare(
      `INSERT INTO conversations (id, created_at_ms, updated_at_ms, last_seq, answering)
       VALUES (?, ?, ?, ?, ?)`,
    );
    const say = db.prepare(
      `INSERT INTO messages (conversation_id, seq, id, sender, text, at_ms, kind, start)
       VALUES (?, ?, ?, ?, 'text', 0, ?, 2)`,
    );
    const senders: Record<string, string> = { A: 'assistant', O: 'owner' };
    for (const [index, [script, answering]] of made.entries()) {
      insert.run(`x${index}`, index, index, script.length, answering);
      for (const [at, letter] of [...script].entries()) {
        const kind = letter === 'C' ? 'contact_request' : null;
        say.run(`x${index}`, at + 1, `m${at}`, senders[letter] ?? 'visitor', kind);
      }
    }
    db.close();
    const store = await openSqliteStore({ dataDir, onError });
    const counted = { waiting: 0, mine: 0, assistant: 0, done: 0 };
    const { conversations } = await store.conversations({ limit: 99 });
    for (const { view } of conversations) counted[view] += 1;
    const stand = conversations
      .filter(({ id }) => id.startsWith('x'))
      .toSorted((a, b) => a.createdAtMs - b.createdAtMs)
      .map(({ view, waiting }) => (waiting === undefined ? view : `${view}: ${waiting}`));
    expect(stand).toEqual(made.map(([, , stands]) => stands));
    expect(await store.viewCounts()).toEqual(counted);
    // The counts move on with them.
    await store.updateConversation('x1', { done: true });
    await store.erase('x7');
    const { waiting, done } = counted;
    expect(await store.viewCounts()).toMatchObject({ waiting: waiting - 2, done: done + 1 });
    await store.close();
  }));
