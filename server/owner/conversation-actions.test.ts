import { describe, expect, it } from 'vitest';
import { createOwnerHarness } from '../http/owner-harness.ts';

const lease = { holder: 'here', untilMs: Number.MAX_SAFE_INTEGER };

describe('a reply of the owner', () => {
  it('takes over, is told to everybody, and is read by who wrote it', async () => {
    const { store, api, told, visitorWrites } = createOwnerHarness();
    await visitorWrites('c', 'hello');
    const { status, json } = await api('POST', '/conversations/c/messages', { message: 'Hi' });
    expect(status).toBe(201);
    expect(json).toMatchObject({ id: 'owner:made-1', seq: 2, sender: 'owner', message: 'Hi' });
    expect(told()).toMatchObject([
      { type: 'message', conversationId: 'c', message: { seq: 2, text: 'Hi' } },
      { type: 'handler', conversationId: 'c', answering: 'owner' },
      { type: 'read', conversationId: 'c', sender: 'owner', seq: 2 },
    ]);
    expect(await store.summary('c')).toMatchObject({
      ...{ view: 'mine', answering: 'owner', unread: 0, readByOwner: 2 },
    });
  });

  it('ends the answer that was owed', async () => {
    const { store, api } = createOwnerHarness();
    const message = { id: 'q', sender: 'visitor', text: 'hello', atMs: 0 } as const;
    await store.append({ conversationId: 'c', message, owedAnswer: { ...lease, untilMs: 0 } });
    expect((await store.owedWork()).answers).toBe(1);
    await api('POST', '/conversations/c/messages', { message: 'Hi' });
    expect((await store.owedWork()).answers).toBe(0);
  });

  it('leaves the conversation to the assistant where it is told to', async () => {
    const { store, api, told, visitorWrites } = createOwnerHarness();
    await visitorWrites('c');
    const body = { message: 'By the way …', takes_over: false };
    expect((await api('POST', '/conversations/c/messages', body)).status).toBe(201);
    expect(told().map(({ type }) => type)).toEqual(['message']);
    expect(await store.summary('c')).toMatchObject({ view: 'assistant' });
  });

  it('with an id is stored and told once', async () => {
    const { api, told, visitorWrites } = createOwnerHarness();
    await visitorWrites('c');
    const path = '/conversations/c/messages';
    expect((await api('POST', path, { message: 'Hi', id: 'r' })).status).toBe(201);
    told();
    const again = await api('POST', path, { message: 'Hi', id: 'r' });
    expect(again).toMatchObject({ status: 200, json: { seq: 2, duplicate: true } });
    expect(await api('POST', path, { message: 'Ho', id: 'r' })).toMatchObject({
      ...{ status: 409, json: { code: 'id_conflict', field: 'id' } },
    });
    expect(told()).toEqual([]);
  });

  it('makes no conversation', async () => {
    const { store, api, told, visitorWrites } = createOwnerHarness();
    await visitorWrites('gone');
    await api('DELETE', '/conversations/gone');
    told();
    for (const id of ['unknown', 'gone']) {
      const { status } = await api('POST', `/conversations/${id}/messages`, { message: 'Hi' });
      expect(status).toBe(404);
    }
    expect(told()).toEqual([]);
    expect((await store.conversations({ limit: 10 })).conversations).toEqual([]);
  });
});

describe('a change of the owner', () => {
  it('takes over and hands back, and says so', async () => {
    const { api, told, visitorWrites } = createOwnerHarness();
    await visitorWrites('c');
    expect(await api('PATCH', '/conversations/c', { answering: 'owner' })).toMatchObject({
      ...{ status: 200, json: { view: 'mine', answering: 'owner' } },
    });
    expect(told()).toEqual([{ type: 'handler', conversationId: 'c', answering: 'owner' }]);
    expect(await api('PATCH', '/conversations/c', { answering: 'assistant' })).toMatchObject({
      ...{ status: 200, json: { view: 'assistant', answering: 'assistant' } },
    });
    expect(told()).toEqual([{ type: 'handler', conversationId: 'c', answering: 'assistant' }]);
  });

  it('marks as read up to what there is, and never back', async () => {
    const { api, told, visitorWrites } = createOwnerHarness();
    await visitorWrites('c', 'one');
    await visitorWrites('c', 'two');
    const read = async (seq: number): Promise<unknown> =>
      (await api('PATCH', '/conversations/c', { read_by_owner: seq })).json;
    expect(await read(1)).toMatchObject({ read_by_owner: 1, unread: 1 });
    expect(await read(99)).toMatchObject({ read_by_owner: 2, unread: 0 });
    expect(await read(1)).toMatchObject({ read_by_owner: 2 });
    expect(told()).toMatchObject([
      { type: 'read', sender: 'owner', seq: 1 },
      { type: 'read', sender: 'owner', seq: 2 },
    ]);
  });

  it('blocks, marks as done, and changes nothing that is not named', async () => {
    const { api, told, visitorWrites } = createOwnerHarness();
    await visitorWrites('c');
    expect(
      (await api('PATCH', '/conversations/c', { blocked: true, done: true })).json,
    ).toMatchObject({ blocked: true, view: 'done', unread: 1 });
    expect(told()).toEqual([{ type: 'blocked', conversationId: 'c' }]);
    expect((await api('PATCH', '/conversations/c', {})).json).toMatchObject({
      ...{ blocked: true, view: 'done' },
    });
    expect(
      (await api('PATCH', '/conversations/c', { blocked: false, done: false })).json,
    ).toMatchObject({ blocked: false, view: 'assistant' });
    expect(told()).toEqual([]);
  });

  it('deletes, once', async () => {
    const { api, told, visitorWrites } = createOwnerHarness();
    await visitorWrites('c');
    expect((await api('DELETE', '/conversations/c')).status).toBe(204);
    expect(told()).toEqual([{ type: 'erased', conversationId: 'c' }]);
    for (const method of ['DELETE', 'GET', 'PATCH']) {
      const answered = await api(method, '/conversations/c', method === 'PATCH' ? {} : undefined);
      expect(answered).toMatchObject({ status: 404, json: { code: 'not_found' } });
    }
    expect(told()).toEqual([]);
  });
});

describe("what lies on the owner's desk", () => {
  it('notes: added once, listed, deleted, told to inboxes', async () => {
    const { api, told, state, visitorWrites } = createOwnerHarness();
    await visitorWrites('c');
    const path = '/conversations/c/notes';
    expect((await api('POST', path, { message: 'first', id: 'n' })).status).toBe(201);
    expect((await api('POST', path, { message: 'first', id: 'n' })).json).toMatchObject({
      ...{ id: 'n', message: 'first', duplicate: true },
    });
    expect((await api('POST', path, { message: 'other', id: 'n' })).status).toBe(409);
    state.nowMs += 1;
    expect((await api('POST', path, { message: 'second' })).status).toBe(201);
    const { json } = await api('GET', path);
    expect(json).toMatchObject({ notes: [{ id: 'n', message: 'first' }, { message: 'second' }] });
    expect((await api('DELETE', `${path}/n`)).status).toBe(204);
    expect((await api('DELETE', `${path}/n`)).status).toBe(404);
    expect(told().map(({ type }) => type)).toEqual(['note', 'note', 'note_deleted']);
    for (const [method, body] of [['GET'], ['POST', { message: 'x' }]] as const) {
      expect((await api(method, '/conversations/unknown/notes', body)).status).toBe(404);
    }
  });

  it('replies kept ready: replaced whole, each id once', async () => {
    const { api, told } = createOwnerHarness();
    expect((await api('GET', '/canned-replies')).json).toEqual({ replies: [] });
    const replies = [
      { id: 'b', title: 'Bye', text: 'Bye {name}' },
      { id: 'a', title: 'Hello', text: 'Hello' },
    ];
    const put = await api('PUT', '/canned-replies', {
      replies: replies.map((reply) => ({ ...reply, more: 'unknown' })),
    });
    expect(put).toMatchObject({ status: 200, json: { replies } });
    expect((await api('GET', '/canned-replies')).json).toEqual({ replies });
    expect(told()).toEqual([{ type: 'canned_replies' }]);
    const twice = await api('PUT', '/canned-replies', { replies: [replies[0], replies[0]] });
    expect(twice).toMatchObject({ status: 400, json: { field: 'replies' } });
    const long = await api('PUT', '/canned-replies', {
      replies: [replies[0], { id: 'c', title: 'c', text: 'x'.repeat(4001) }],
    });
    expect(long).toMatchObject({
      ...{ status: 400, json: { code: 'message_too_long', field: 'replies.1.text' } },
    });
    expect((await api('GET', '/canned-replies')).json).toEqual({ replies });
  });
});
