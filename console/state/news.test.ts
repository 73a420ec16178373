import { describe, expect, it } from 'vitest';
import type { ConversationJson } from '../../shared/console-protocol.ts';
import { isNews } from './news.ts';

const conversation = (more: Partial<ConversationJson>): ConversationJson => ({
  id: 'c',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  revision: 2,
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
const known = (more: Partial<ConversationJson> = {}): ConversationJson =>
  conversation({ revision: 1, unread: 0, ...more });

describe('the owner is told', () => {
  it('of whoever writes and waits for them', () => {
    expect(isNews(undefined, conversation({}))).toBe(true);
    expect(isNews(known(), conversation({}))).toBe(true);
    expect(isNews(known({ view: 'mine' }), conversation({ view: 'mine' }))).toBe(true);
  });

  it('of whoever begins to wait, with nothing new written', () => {
    expect(isNews(known({ view: 'assistant', unread: 1 }), conversation({}))).toBe(true);
  });

  it('of nothing that the assistant deals with, that is read, blocked or known', () => {
    expect(isNews(known(), conversation({ view: 'assistant' }))).toBe(false);
    expect(isNews(known(), conversation({ unread: 0 }))).toBe(false);
    expect(isNews(known(), conversation({ blocked: true }))).toBe(false);
    expect(isNews(known({ unread: 1 }), conversation({}))).toBe(false);
    expect(isNews(known({ revision: 2 }), conversation({}))).toBe(false);
  });
});
