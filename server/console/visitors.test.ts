import { beforeEach, describe, expect, it } from 'vitest';
import { createVisitors, type Visitors } from './visitors.ts';

const a = { url: 'https://blog.example.com/a', title: 'A' };
const b = { url: 'https://blog.example.com/b' };

describe('who is connected', () => {
  let nowMs: number;
  let visitors: Visitors;
  let told: string[];
  beforeEach(() => {
    nowMs = 1_000;
    visitors = createVisitors({ now: () => nowMs });
    told = [];
    visitors.watch((conversationId) => void told.push(conversationId));
  });
  const join = (connectionId: string, conversationId: string, page?: typeof a | typeof b): void =>
    visitors.joined({ connectionId, conversationId, ...(page ? { page } : {}) });

  it('is where the newest socket is, since it came to that page', () => {
    join('k1', 'c1', a);
    nowMs = 2_000;
    join('k2', 'c1', b);
    expect(visitors.live('c1')).toEqual({ online: true, sinceMs: 2_000, page: b });
    nowMs = 3_000;
    join('k3', 'c1', b);
    expect(visitors.live('c1')).toEqual({ online: true, sinceMs: 2_000, page: b });
    visitors.left('k3');
    visitors.left('k2');
    expect(visitors.live('c1')).toEqual({ online: true, sinceMs: 1_000, page: a });
    visitors.left('k1');
    expect(visitors.live('c1')).toBeUndefined();
    expect(told).toEqual(Array.from({ length: 6 }, () => 'c1'));
  });

  it('turns a page on the same socket', () => {
    join('k1', 'c1', a);
    nowMs = 2_000;
    join('k1', 'c1', b);
    expect(visitors.live('c1')).toEqual({ online: true, sinceMs: 2_000, page: b });
    nowMs = 3_000;
    join('k1', 'c1', b);
    expect(visitors.live('c1')?.sinceMs).toBe(2_000);
  });

  it('belongs to another conversation from then on', () => {
    join('k1', 'c1', a);
    join('k1', 'c2', a);
    expect([visitors.live('c1'), visitors.live('c2')?.online]).toEqual([undefined, true]);
    expect(told).toEqual(['c1', 'c1', 'c2']);
    expect([...visitors.online()]).toEqual(['c2']);
  });

  it('leaves once, and may have no page', () => {
    join('k1', 'c1');
    expect(visitors.live('c1')).toEqual({ online: true, sinceMs: 1_000 });
    visitors.left('k1');
    visitors.left('k1');
    visitors.left('never was');
    expect(told).toEqual(['c1', 'c1']);
    expect([...visitors.online()]).toEqual([]);
  });

  it('keeps nothing of those who left', () => {
    for (let each = 0; each < 1_000; each += 1) join(`k${each}`, `c${each % 7}`, a);
    for (let each = 0; each < 1_000; each += 1) visitors.left(`k${each}`);
    expect([...visitors.online()]).toEqual([]);
  });
});
