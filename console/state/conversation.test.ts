import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OwnerMessage } from '../../shared/console-protocol.ts';
import {
  emptyConversation,
  hasGap,
  heldUpTo,
  reduceConversation,
  type Conversation,
  type ConversationAction,
  type Pending,
} from './conversation.ts';

const message = (seq: number, more: Partial<OwnerMessage> = {}): OwnerMessage => ({
  id: `m${seq}`,
  seq,
  sender: 'visitor',
  message: `message ${seq}`,
  timestamp: '2026-01-01T00:00:00.000Z',
  ...more,
});
const range = (from: number, to: number): OwnerMessage[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => message(from + index));
const page = (
  direction: 'newest' | 'before' | 'after',
  messages: readonly OwnerMessage[],
  more = false,
): ConversationAction => ({ type: 'page', direction, messages, more });
const live = (seq: number): ConversationAction => ({ type: 'message', message: message(seq) });
const after = (...actions: readonly ConversationAction[]): Conversation =>
  actions.reduce(reduceConversation, emptyConversation('c'));
const seqs = ({ messages }: Conversation): number[] => messages.map(({ seq }) => seq);
const pending = (id: string, atMs = 1): Pending => ({ id, kind: 'reply', text: 'hello', atMs });

describe('an open conversation', () => {
  it('shows nothing beyond a gap until the gap is read [D2]', () => {
    const cut = after(page('newest', range(1, 3)), live(6), live(5));
    expect(seqs(cut)).toEqual([1, 2, 3]);
    expect(hasGap(cut)).toBe(true);
    expect(heldUpTo(cut)).toBe(3);
    const whole = reduceConversation(cut, page('after', range(4, 5)));
    expect(seqs(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(hasGap(whole)).toBe(false);
  });

  it('reads backwards without a hole', () => {
    const talk = after(page('newest', range(8, 10), true), page('before', range(5, 7), true));
    expect(seqs(talk)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(talk.more).toBe(true);
    expect(seqs(reduceConversation(talk, page('before', range(1, 3))))).toEqual(seqs(talk));
    expect(reduceConversation(talk, page('before', range(1, 4))).more).toBe(false);
  });

  it('begins anew where the newest page does not reach what was held', () => {
    const talk = after(page('newest', range(1, 3)), page('newest', range(50, 60), true));
    expect(seqs(talk)).toEqual(range(50, 60).map(({ seq }) => seq));
    expect(talk.more).toBe(true);
  });

  it('keeps messages that came live before the first page', () => {
    const talk = after(live(4), live(5), page('newest', range(2, 4), true));
    expect(seqs(talk)).toEqual([2, 3, 4, 5]);
    expect(hasGap(talk)).toBe(false);
  });

  it('shows a reply on its way once, and as delivered when it comes [D3]', () => {
    const sent = after(page('newest', range(1, 1)), { type: 'sending', pending: pending('r') });
    expect(sent.pending).toHaveLength(1);
    const own: ConversationAction = {
      type: 'message',
      message: message(2, { id: 'r', sender: 'owner' }),
    };
    const stored = [own, own, { type: 'sending', pending: pending('r') } as const].reduce(
      reduceConversation,
      sent,
    );
    expect(stored.pending).toEqual([]);
    expect(stored.messages.filter(({ id }) => id === 'r')).toHaveLength(1);
  });

  it('says of a reply that was refused why, until it is tried again or discarded', () => {
    const failed = after(
      { type: 'sending', pending: pending('r') },
      { type: 'failed', id: 'r', failure: 'No.' },
    );
    expect(failed.pending[0]?.failure).toBe('No.');
    const again = reduceConversation(failed, { type: 'sending', pending: pending('r') });
    expect(again.pending).toEqual([pending('r')]);
    expect(reduceConversation(again, { type: 'discarded', id: 'r' }).pending).toEqual([]);
  });

  it('does not bring back a note that was deleted while the list was read', () => {
    const note = { id: 'n', message: 'x', timestamp: '2026-01-01T00:00:00.000Z' };
    const talk = after(
      { type: 'note', note },
      { type: 'note_deleted', id: 'n' },
      { type: 'notes', notes: [note] },
    );
    expect(talk.notes).toEqual([]);
  });

  it('knows who is writing until they have written', () => {
    const writing = after({ type: 'typing', sender: 'visitor', active: true });
    expect(writing.typing).toBe('visitor');
    expect(
      reduceConversation(writing, { type: 'typing', sender: 'owner', active: false }).typing,
    ).toBe('visitor');
    expect(reduceConversation(writing, live(1)).typing).toBeUndefined();
  });

  it('never takes back what was read', () => {
    const read = (sender: 'visitor' | 'owner', seq: number): ConversationAction => ({
      type: 'read',
      sender,
      seq,
    });
    const talk = after(read('visitor', 7), read('visitor', 3), read('owner', 4), read('owner', 2));
    expect([talk.readByVisitor, talk.readByOwner]).toEqual([7, 4]);
  });

  it('marks answers with what is thought of them, and knows nothing of others', () => {
    const talk = after(page('newest', range(1, 3)), live(6));
    const rated = reduceConversation(talk, { type: 'feedback', id: 'm2', value: 'up' });
    expect(rated.messages.map(({ feedback }) => feedback)).toEqual([undefined, 'up', undefined]);
    expect(rated.messages[0]).toBe(talk.messages[0]);
    expect(reduceConversation(rated, { type: 'feedback', id: 'm2', value: 'up' })).toBe(rated);
    expect(reduceConversation(rated, { type: 'feedback', id: 'unknown', value: 'up' })).toBe(rated);
    // Beyond a gap, too.
    const ahead = reduceConversation(rated, { type: 'feedback', id: 'm6', value: 'down' });
    const whole = reduceConversation(ahead, page('after', range(4, 5)));
    expect(whole.messages.at(-1)).toMatchObject({ id: 'm6', feedback: 'down' });
    // What is read again says what is thought now, and brings no message of its own.
    const messages = [message(2, { feedback: 'down' }), message(3), message(9)];
    const reread = reduceConversation(whole, { type: 'ratings', messages });
    expect(reread.messages[1]).toMatchObject({ id: 'm2', feedback: 'down' });
    expect(seqs(reread)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('messages in any order', () => {
  it('are held without a gap, and all are here once the gaps were read [D2][D5]', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('live' as const), seq: fc.integer({ min: 1, max: 40 }) }),
        fc.record({
          kind: fc.constantFrom('newest' as const, 'before' as const, 'after' as const),
          seq: fc.integer({ min: 1, max: 40 }),
        }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        let talk = emptyConversation('c');
        // What the server has stored when it is asked; it only grows.
        let stored = 1;
        for (const { kind, seq } of all) {
          stored = Math.max(stored, kind === 'live' || kind === 'newest' ? seq : stored);
          const first = talk.messages[0]?.seq ?? 1;
          const held = heldUpTo(talk);
          if (kind === 'live') talk = reduceConversation(talk, live(seq));
          else if (kind === 'newest') {
            const from = Math.max(1, stored - 4);
            talk = reduceConversation(talk, page('newest', range(from, stored), from > 1));
          } else if (kind === 'before') {
            const from = Math.max(1, first - 5);
            talk = reduceConversation(talk, page('before', range(from, first - 1), from > 1));
          } else {
            const to = Math.min(stored, held + 5);
            talk = reduceConversation(talk, page('after', range(held + 1, to), to < stored));
          }
          const here = seqs(talk);
          expect(here).toEqual(here.map((_, index) => (here[0] ?? 1) + index));
          expect(heldUpTo(talk)).toBeGreaterThanOrEqual(kind === 'newest' ? 0 : held);
        }
        talk = reduceConversation(
          talk,
          page('newest', range(Math.max(1, stored - 4), stored), stored > 5),
        );
        while (heldUpTo(talk) < stored) {
          const held = heldUpTo(talk);
          talk = reduceConversation(talk, page('after', range(held + 1, stored)));
          expect(heldUpTo(talk)).toBeGreaterThan(held);
        }
        expect(hasGap(talk)).toBe(false);
        while (talk.more) {
          const first = talk.messages[0]?.seq ?? 1;
          const from = Math.max(1, first - 5);
          talk = reduceConversation(talk, page('before', range(from, first - 1), from > 1));
        }
        expect(seqs(talk)).toEqual(Array.from({ length: stored }, (_, index) => index + 1));
      }),
      { numRuns: 1_000 },
    );
  });
});
