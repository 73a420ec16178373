import { describe, expect, it } from 'vitest';
import { createDrafts } from './drafts.ts';
import { createKeep } from './keep.ts';

/** What two tabs of one browser share. */
function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  };
}
const tabs = () => {
  const shared = storage();
  const keep = createKeep(() => shared);
  return { keep, one: createDrafts(keep), other: createDrafts(keep) };
};

describe('drafts', () => {
  it('of a reply and of a note are two, and it is known which was being written', () => {
    const { one, other } = tabs();
    one.set('c', 'reply', 'Dear');
    one.turn('c', 'note');
    one.set('c', 'note', 'A nuisance');
    expect(other.of('c')).toEqual({ kind: 'note', reply: 'Dear', note: 'A nuisance' });
    expect(other.of('d')).toEqual({ kind: 'reply', reply: '', note: '' });
    one.turn('c', 'reply');
    one.set('c', 'note', '');
    expect(other.of('c')).toEqual({ kind: 'reply', reply: 'Dear', note: '' });
  });

  it('that another tab sent are gone, but not what was written here', () => {
    const { one, other } = tabs();
    one.set('c', 'reply', 'Dear');
    expect(other.changed('draft:c', 'Dear', null)).toEqual({ id: 'c', kind: 'reply' });
    other.set('c', 'reply', 'Hello');
    expect(other.changed('draft:c', 'Dear', null)).toBeUndefined();
    expect(other.of('c').reply).toBe('Hello');
    expect(other.changed('draft:c', 'Hello', null)).toEqual({ id: 'c', kind: 'reply' });
    expect(one.changed('draft:c', 'Dear', 'Dear Ada')).toBeUndefined();
    expect(one.changed('reply:c', 'Dear', null)).toBeUndefined();
  });

  it('are not thrown away where another tab has written over them', () => {
    const { keep, one, other } = tabs();
    one.set('c', 'reply', 'Dear');
    other.set('c', 'reply', 'Hello');
    expect(one.of('c').reply).toBe('Dear');
    one.set('c', 'reply', '');
    expect(keep.get('draft:c')).toBe('Hello');
    other.forget('c');
    expect(keep.all('')).toEqual([]);
  });
});
