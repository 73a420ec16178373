import { describe, expect, it } from 'vitest';
import { indexBeyond } from './list-walk.ts';

const ids = ['a', 'b', 'c', 'd'];
const place = { ids, openId: undefined, openIndex: 0, activeId: undefined };

describe('walking through the list', () => {
  it('begins at the top, and goes on from what is open or was', () => {
    expect(indexBeyond(place, 1)).toBe(0);
    expect(indexBeyond({ ...place, openId: 'b' }, 1)).toBe(2);
    expect(indexBeyond({ ...place, openId: 'b' }, -1)).toBe(0);
    expect(indexBeyond({ ...place, activeId: 'c' }, 1)).toBe(3);
    expect(ids[indexBeyond({ ...place, openId: 'd' }, 1)]).toBeUndefined();
  });

  it('goes on where one stood that has left the list', () => {
    const left = { ...place, openId: 'x', openIndex: 2 };
    expect(ids[indexBeyond(left, 1)]).toBe('c');
    expect(ids[indexBeyond(left, -1)]).toBe('b');
    expect(ids[indexBeyond({ ...left, openIndex: 9 }, 1)]).toBe('d');
    expect([][indexBeyond({ ...left, ids: [] }, 1)]).toBeUndefined();
  });
});
