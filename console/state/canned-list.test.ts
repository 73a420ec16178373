import { describe, expect, it } from 'vitest';
import {
  changeReply,
  filterReplies,
  findFault,
  moveReply,
  sameReplies,
  withoutBlank,
} from './canned-list.ts';

const reply = (id: string, title: string, text = 'Text') => ({ id, title, text });
const list = [
  reply('a', 'Reprint rights', 'With a link back.'),
  reply('b', 'Feeds', 'See the RIGHTS page.'),
  reply('c', 'Rights of use', 'CC BY'),
];
const ids = (replies: readonly { id: string }[]) => replies.map(({ id }) => id).join('');

describe('the picker', () => {
  it('shows all of them in their order for no query', () => {
    expect(ids(filterReplies(list, '  '))).toBe('abc');
  });

  it('puts titles that begin with the query before titles with it before texts', () => {
    expect(ids(filterReplies(list, 'rights'))).toBe('cab');
  });

  it('wants every word', () => {
    expect(ids(filterReplies(list, 'page rights'))).toBe('b');
    expect(filterReplies(list, 'page nothing')).toEqual([]);
  });
});

describe('the editor', () => {
  it('moves a reply by one place and no further than the ends', () => {
    expect(ids(moveReply(list, 'b', -1))).toBe('bac');
    expect(ids(moveReply(list, 'b', 1))).toBe('acb');
    expect(moveReply(list, 'a', -1)).toBe(list);
    expect(moveReply(list, 'c', 1)).toBe(list);
    expect(moveReply(list, 'x', 1)).toBe(list);
  });

  it('changes one and leaves the others', () => {
    const changed = changeReply(list, 'b', { title: 'RSS' });
    expect(changed.map(({ title }) => title)).toEqual(['Reprint rights', 'RSS', 'Rights of use']);
    expect(sameReplies(changed, list)).toBe(false);
    expect(sameReplies(changeReply(changed, 'b', { title: 'Feeds' }), list)).toBe(true);
  });

  it('notices another order', () => {
    expect(sameReplies(moveReply(list, 'a', 1), list)).toBe(false);
  });

  it.each([
    [reply('x', '\u200b '), { id: 'x', field: 'title', fault: 'missing' }],
    [reply('x', 'T', '  '), { id: 'x', field: 'text', fault: 'missing' }],
    [reply('x', 't'.repeat(201)), { id: 'x', field: 'title', fault: 'too-long' }],
    [reply('x', 'T', '😀'.repeat(4_001)), { id: 'x', field: 'text', fault: 'too-long' }],
    [reply('x', 't'.repeat(200), '😀'.repeat(4_000)), undefined],
  ])('says what is wrong with a reply', (faulty, fault) => {
    expect(findFault([...list, faulty])).toEqual(fault);
  });

  it('keeps no more than the server takes', () => {
    const many = Array.from({ length: 201 }, (_, index) => reply(`r${index}`, 'T'));
    expect(findFault(many)).toBe('full');
    expect(findFault(many.slice(1))).toBeUndefined();
  });

  it('leaves out what was added and never filled in', () => {
    expect(ids(withoutBlank([...list, reply('x', ' ', '')]))).toBe('abc');
  });
});
