import { describe, expect, it } from 'vitest';
import { createBroadcasts } from './broadcasts.ts';

describe('broadcasts', () => {
  it('go out once for an id, and again without one', () => {
    const sent: string[] = [];
    let made = 0;
    const broadcasts = createBroadcasts({
      broadcast: ({ id, text }) => sent.push(`${id}: ${text}`),
      clock: { now: () => 0 },
      newId: () => String((made += 1)),
    });
    expect(broadcasts.send({ text: 'a', id: 'x' })).toEqual({ status: 'sent', delivered: 1 });
    expect(broadcasts.send({ text: 'a', id: 'x' })).toEqual({ status: 'duplicate', delivered: 1 });
    expect(broadcasts.send({ text: 'b', id: 'x' })).toEqual({ status: 'conflict' });
    broadcasts.send({ text: 'c', id: undefined });
    broadcasts.send({ text: 'c', id: undefined });
    expect(sent).toEqual(['x: a', 'broadcast:1: c', 'broadcast:2: c']);
  });
});
