import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConversationJson, OwnerMessage } from '../shared/console-protocol.ts';
import { Failure } from './failure.ts';
import { firstState, type InboxState } from './inbox-state.ts';
import { reduceInbox } from './state/inbox.ts';
import { createTalk, type Talk } from './talk.ts';

type Feedback = OwnerMessage['feedback'];
const message = (seq: number, feedback?: Feedback): OwnerMessage => ({
  id: `m${seq}`,
  seq,
  sender: 'visitor',
  message: `message ${seq}`,
  timestamp: '2026-01-01T00:00:00.000Z',
  ...(feedback === undefined ? {} : { feedback }),
});
const summary = (more: Partial<ConversationJson> = {}): ConversationJson => ({
  id: 'c',
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  revision: 1,
  last_seq: 1,
  view: 'waiting',
  answering: 'assistant',
  unread: 1,
  blocked: false,
  online: true,
  read_by_visitor: 0,
  read_by_owner: 0,
  ...more,
});

/** A server with one conversation of `stored` messages, and an inbox at it. */
function world(): {
  readonly talk: Talk;
  readonly server: {
    stored: number;
    failing: Error | undefined;
    asked: string[];
    /** By `seq`. */
    readonly rated: Map<number, Feedback>;
  };
  readonly state: () => InboxState;
  readonly seqs: () => number[];
} {
  const server = {
    ...{ stored: 3, failing: undefined as Error | undefined, asked: [] as string[] },
    rated: new Map<number, Feedback>(),
  };
  let state: InboxState = firstState({ type: 'conversation', id: 'c' });
  const patch = (change: Partial<InboxState>): void => void (state = { ...state, ...change });
  const answer = async <Value>(what: string, value: () => Value): Promise<Value> => {
    server.asked.push(what);
    await Promise.resolve();
    if (server.failing) throw server.failing;
    return value();
  };
  const talk = createTalk({
    state: () => state,
    patch,
    apply: (action) => patch({ inbox: reduceInbox(state.inbox, action) }),
    outgoing: () => [],
    api: {
      conversation: (id) => answer('summary', () => summary({ id })),
      notes: () => answer('notes', () => ({ notes: [] })),
      change: (id, change) =>
        answer(`read ${change.read_by_owner}`, () =>
          summary({ id, revision: 2, unread: 0, read_by_owner: change.read_by_owner ?? 0 }),
        ),
      messages: (_, { after_seq: after, before_seq: before, limit = 100 }) =>
        answer(`after ${after} before ${before}`, () => {
          const all = Array.from({ length: server.stored }, (_, index) =>
            message(index + 1, server.rated.get(index + 1)),
          );
          if (after !== undefined) {
            const rest = all.slice(after);
            return { messages: rest.slice(0, limit), more: rest.length > limit };
          }
          const older = all.filter(({ seq }) => before === undefined || (seq ?? 0) < before);
          return { messages: older.slice(-limit), more: older.length > limit };
        }),
    },
  });
  return {
    talk,
    server,
    state: () => state,
    seqs: () => (state.talk?.messages ?? []).map(({ seq }) => seq),
  };
}

const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the open conversation', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1);

  it('reads what is missing, however much it is, and shows no hole meanwhile [D4][D5]', async () => {
    const { talk, server, seqs } = world();
    talk.open('c');
    await settle();
    server.stored = 260;
    talk.tell('c', { type: 'message', message: message(260) });
    expect(seqs()).toEqual([1, 2, 3]);
    await settle();
    expect(seqs()).toEqual(upTo(260));
  });

  it('reads only what came since, when it is opened again', async () => {
    const { talk, server, seqs } = world();
    talk.open('c');
    await settle();
    talk.open('d');
    await settle();
    server.stored = 5;
    server.asked.length = 0;
    talk.open('c');
    expect(seqs()).toEqual([1, 2, 3]);
    await settle();
    expect(seqs()).toEqual(upTo(5));
    expect(server.asked).toContain('after 3 before undefined');
    expect(server.asked).not.toContain('after undefined before undefined');
  });

  it('reads older ones on demand, one page at a time', async () => {
    const { talk, server, seqs } = world();
    server.stored = 120;
    talk.open('c');
    await settle();
    expect(seqs()).toEqual(upTo(120, 71));
    void talk.older();
    void talk.older();
    await settle();
    expect(seqs()).toEqual(upTo(120, 21));
  });

  it('does not show what was read for another conversation', async () => {
    const { talk, state } = world();
    talk.open('c');
    talk.open('d');
    await settle();
    expect(state().talk?.id).toBe('d');
    talk.close();
    await settle();
    expect(state().talk).toBeUndefined();
  });

  it('says where it is gone or cannot be read, and reads it with the next line', async () => {
    const { talk, server, state, seqs } = world();
    server.failing = new Failure('offline');
    talk.open('c');
    await settle();
    expect(state().talkProblem).toEqual({ type: 'failed', error: server.failing });
    server.failing = undefined;
    talk.catchUp();
    await settle();
    expect([state().talkProblem, seqs()]).toEqual([undefined, [1, 2, 3]]);
    server.failing = new Failure('refused', { code: 'not_found' });
    talk.catchUp();
    await settle();
    expect(state().talkProblem).toEqual({ type: 'gone', unsent: [] });
  });

  it('begins anew when nothing that is known counts any more', async () => {
    const { talk, server, seqs } = world();
    server.stored = 9;
    talk.open('c');
    await settle();
    server.stored = 4;
    talk.restart();
    await settle();
    expect(seqs()).toEqual(upTo(4));
  });

  it('tells how far the owner has read, once', async () => {
    const { talk, server } = world();
    talk.open('c');
    await settle();
    talk.read();
    talk.read();
    await vi.advanceTimersByTimeAsync(1_000);
    talk.read();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.asked.filter((one) => one.startsWith('read'))).toEqual(['read 3']);
  });

  it('believes that somebody writes for a while only', async () => {
    const { talk, state } = world();
    talk.open('c');
    await settle();
    talk.tell('c', { type: 'typing', sender: 'visitor', active: true });
    expect(state().talk?.typing).toBe('visitor');
    await vi.advanceTimersByTimeAsync(12_000);
    expect(state().talk?.typing).toBeUndefined();
  });

  describe('learns what was thought of answers while the line was cut', () => {
    const ratings = (state: InboxState) => state.talk?.messages.map(({ feedback }) => feedback);

    it('also of those far above, a page at a time', async () => {
      const { talk, server, state } = world();
      server.stored = 130;
      talk.open('c');
      await settle();
      await talk.older();
      await talk.older();
      server.rated.set(1, 'down').set(130, 'up');
      server.asked.length = 0;
      talk.back();
      await settle();
      expect([ratings(state())?.[0], ratings(state())?.[129]]).toEqual(['down', 'up']);
      expect(server.asked.filter((one) => one.includes('before 1'))).toHaveLength(1);
      expect(server.asked.filter((one) => one.startsWith('after undefined'))).toHaveLength(2);
    });

    it('of one that is kept when it is opened again, once', async () => {
      const { talk, server, state } = world();
      talk.open('c');
      await settle();
      talk.open('d');
      await settle();
      server.rated.set(2, 'down');
      talk.back();
      await settle();
      talk.open('c');
      await settle();
      expect(ratings(state())).toEqual([undefined, 'down', undefined]);
      talk.open('d');
      await settle();
      server.asked.length = 0;
      talk.open('c');
      await settle();
      expect(server.asked.filter((one) => one.startsWith('after undefined'))).toEqual([]);
    });

    it('with the next look where the server cannot be reached', async () => {
      const { talk, server, state } = world();
      talk.open('c');
      await settle();
      server.rated.set(3, 'up');
      server.failing = new Failure('offline');
      talk.back();
      await settle();
      expect(ratings(state())).toEqual([undefined, undefined, undefined]);
      server.failing = undefined;
      talk.back();
      await settle();
      expect(ratings(state())?.[2]).toBe('up');
    });

    it('and believes what is heard live over what was read before it', async () => {
      const { talk, server, state } = world();
      talk.open('c');
      await settle();
      server.rated.set(3, 'up');
      talk.back();
      talk.tell('c', { type: 'feedback', id: 'm3', value: 'down' });
      // What is being read was true when the server was asked.
      await Promise.resolve();
      server.rated.set(3, 'down');
      await settle();
      expect(ratings(state())?.[2]).toBe('down');
    });
  });
});
