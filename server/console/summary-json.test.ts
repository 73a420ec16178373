import { describe, expect, it } from 'vitest';
import { conversationSummary } from '../../shared/console-protocol.ts';
import type { ConversationSummary } from '../ports.ts';
import { toConversationJson } from './summary-json.ts';

const atMs = Date.UTC(2025, 0, 2, 3, 4, 5, 6);
const summary: ConversationSummary = {
  ...{ id: 'c1', createdAtMs: atMs, updatedAtMs: atMs + 1, lastSeq: 7, revision: 9 },
  ...{ readByVisitor: 3, readByOwner: 4, view: 'assistant', blocked: false, unread: 0 },
};
const options = { defaultAnswering: 'assistant' } as const;

describe('a conversation as the inbox gets it', () => {
  it('has what is always there, and nothing else', () => {
    const json = toConversationJson(summary, undefined, options);
    expect(conversationSummary.is(json)).toBe(true);
    expect(json).toStrictEqual({
      id: 'c1',
      created_at: '2025-01-02T03:04:05.006Z',
      updated_at: '2025-01-02T03:04:05.007Z',
      ...{ revision: 9, last_seq: 7, view: 'assistant', answering: 'assistant', unread: 0 },
      ...{ blocked: false, online: false, read_by_visitor: 3, read_by_owner: 4 },
    });
  });

  it('has all that is known, of now rather than of before', () => {
    const page = { url: 'https://blog.example.com/now' };
    const json = toConversationJson(
      {
        ...summary,
        ...{ view: 'waiting', waiting: 'contact_request', answering: 'owner', unread: 2 },
        ...{ lang: 'de', userAgent: 'Browser/1', user: 'u', name: 'Ann', email: 'a@example.org' },
        ...{ blocked: true, page: { url: 'https://blog.example.com/before' } },
        lastMessage: {
          id: 'm',
          seq: 7,
          sender: 'visitor',
          text: 'hi',
          atMs,
          kind: 'contact_request',
        },
        failedNotices: { count: 1, error: 'refused' },
      },
      { online: true, sinceMs: atMs, page },
      options,
    );
    expect(conversationSummary.is(json)).toBe(true);
    expect(json).toMatchObject({
      ...{ view: 'waiting', waiting: 'contact_request', answering: 'owner', unread: 2 },
      ...{ lang: 'de', user_agent: 'Browser/1', user: 'u', name: 'Ann', email: 'a@example.org' },
      ...{ blocked: true, online: true, online_since: '2025-01-02T03:04:05.006Z', page },
      last_message: { id: 'm', seq: 7, sender: 'visitor', message: 'hi', kind: 'contact_request' },
      failed_notices: { count: 1, error: 'refused' },
    });
  });

  it('says where the visitor was last where nobody is there', () => {
    const page = { url: 'https://blog.example.com/before' };
    expect(toConversationJson({ ...summary, page }, undefined, options).page).toEqual(page);
    expect(toConversationJson({ ...summary, page }, { online: true }, options).page).toEqual(page);
  });
});
