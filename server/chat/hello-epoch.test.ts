import { describe, expect, it } from 'vitest';
import { StoreUnavailable, type Store } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { contact, createTestChat } from './chat-harness.ts';

/** A chat whose store vouches for positions as it is told, with three messages in a conversation. */
async function withThreeMessages(positionHolds: Store['positionHolds']) {
  const store = { ...createMemoryStore(), positionHolds };
  const test = createTestChat({ store });
  const { client, session } = await test.connectHello();
  for (const id of ['a', 'b', 'c']) client.send(contact(id, id));
  await test.settle();
  return { test, session };
}
const historyOf = (opening: readonly object[]): unknown[] =>
  opening.flatMap((message) => ('messages' in message ? (message.messages as unknown[]) : []));

describe('a client that says when it reached its position', () => {
  it('goes on from there where the store holds what it saw [D4]', async () => {
    const asked: unknown[] = [];
    const { test, session } = await withThreeMessages(async (...position) => {
      asked.push(position);
      return true;
    });
    const { epoch = '' } = session;
    const again = await test.connectHello({ token: session.token, last_seq: 2, epoch });
    expect(again.session).toMatchObject({ resumed: true, epoch: test.store.epoch });
    expect(historyOf(again.opening)).toMatchObject([{ id: 'c', seq: 3 }]);
    expect(asked).toEqual([[session.conversation_id, { seq: 2, epoch }]]);
  });

  it('starts afresh in the same conversation where it does not [D5] [D16]', async () => {
    const { test, session } = await withThreeMessages(async () => false);
    const hello = { token: session.token, last_seq: 2, epoch: 'another history' };
    const again = await test.connectHello(hello);
    expect(again.session).toMatchObject({
      ...{ resumed: false, last_seq: 3, conversation_id: session.conversation_id },
    });
    expect(historyOf(again.opening)).toMatchObject([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
  });

  it('is not asked about where it names no epoch, no position or one beyond the end', async () => {
    const { test, session } = await withThreeMessages(() => expect.unreachable());
    const { token, epoch = '' } = session;
    for (const [hello, resumed] of [
      [{ last_seq: 2 }, true],
      [{ last_seq: 0, epoch }, true],
      [{ epoch }, true],
      [{ last_seq: 4, epoch }, false],
      [{ last_seq: 1e300, epoch }, false],
    ] as const) {
      const again = await test.connectHello({ token, ...hello });
      expect(again.session.resumed).toBe(resumed);
    }
    expect(test.errors).toEqual([]);
  });

  it('is told where the store cannot say, and may ask again [D14]', async () => {
    let broken = true;
    const { test, session } = await withThreeMessages(async () => {
      if (broken) throw new StoreUnavailable('no disk');
      return true;
    });
    const { token, epoch = '' } = session;
    const client = test.connect();
    const hello = { type: 'hello', protocol: 1, token, last_seq: 3, epoch } as const;
    client.send(hello);
    await test.settle();
    expect(client.take().slice(1)).toMatchObject([{ type: 'error', code: 'store_unavailable' }]);
    broken = false;
    client.send(hello);
    await test.settle();
    expect(client.take()[0]).toMatchObject({ type: 'session', resumed: true });
  });
});

describe('a client of a protocol that nobody knows [D18]', () => {
  it.each([0, -1, 2, 99, 2 ** 53, 1e300])(
    '%d: gets the highest that both know',
    async (protocol) => {
      const { opening } = await createTestChat().connectHello({ protocol });
      expect(opening[0]).toMatchObject({ type: 'connection_established', protocol: 1 });
      expect(opening[1]).toMatchObject({ type: 'session' });
    },
  );
});
