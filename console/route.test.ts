import { describe, expect, it } from 'vitest';
import { conversationHash, readRoute, viewHash } from './route.ts';

describe('the address of a place in the inbox', () => {
  it('leads back to it', () => {
    for (const id of ['abc-1', 'a/b', 'ü %']) {
      expect(readRoute(conversationHash(id))).toEqual({ type: 'conversation', id });
      expect(readRoute(conversationHash(id, 7))).toEqual({ type: 'conversation', id, seq: 7 });
    }
    expect(readRoute(viewHash('done'))).toEqual({ type: 'view', view: 'done' });
  });

  it('leads to those who wait where it makes no sense', () => {
    for (const hash of ['', '#', '#/', '#/nonsense', '#/c', '#/c/', '#/__proto__']) {
      expect(readRoute(hash)).toEqual({ type: 'view', view: 'waiting' });
    }
    expect(readRoute('#/c/%E0%A4%A')).toEqual({ type: 'conversation', id: '%E0%A4%A' });
  });
});
