import { Hono } from 'hono';
import { cannedReplyList, newNote, type Note as NoteJson } from '../../shared/console-protocol.ts';
import { isoTime } from '../chat/wire.ts';
import type { Note } from '../inbox-ports.ts';
import { addNote, deleteNote, notes, setCannedReplies } from '../owner/desk-actions.ts';
import { unknownConversation } from './conversation-routes.ts';
import { httpError } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import type { OwnerOptions } from './owner-options.ts';
import { readBody, tooLong } from './request-body.ts';

/** How many notices that were given up are listed. */
const maxFailedNotices = 200;

export const toNoteJson = ({ id, text, atMs }: Note): NoteJson => ({
  id,
  message: text,
  timestamp: isoTime(atMs),
});

/** Notes, replies kept ready, and notices that were given up. */
export function deskRoutes(options: OwnerOptions): Hono<HttpEnv> {
  const { store } = options;
  const routes = new Hono<HttpEnv>();

  routes.get('/conversations/:id/notes', async (context) => {
    const list = await notes(options, context.req.param('id'));
    return list ? context.json({ notes: list.map(toNoteJson) }) : unknownConversation(context);
  });

  routes.post('/conversations/:id/notes', async (context) => {
    const body = await readBody(context, newNote);
    if (!body.ok) return body.error;
    const { message: text, id } = body.value;
    const long = tooLong(context, text, 'message');
    if (long) return long;
    const result = await addNote(options, context.req.param('id'), { text, id });
    switch (result.status) {
      case 'stored':
        return context.json(toNoteJson(result.note), 201);
      case 'duplicate':
        return context.json({ ...toNoteJson(result.note), duplicate: true });
      case 'conflict':
        return httpError(context, 409, 'id_conflict', 'This id belongs to another note.', 'id');
      case 'unknown':
        return unknownConversation(context);
    }
  });

  routes.delete('/conversations/:id/notes/:note', async (context) => {
    const { id, note } = context.req.param();
    return (await deleteNote(options, id, note))
      ? context.body(null, 204)
      : httpError(context, 404, 'not_found', 'There is no such note.');
  });

  routes.get('/canned-replies', async (context) =>
    context.json({ replies: await store.cannedReplies() }),
  );

  routes.put('/canned-replies', async (context) => {
    const body = await readBody(context, cannedReplyList);
    if (!body.ok) return body.error;
    const { replies } = body.value;
    for (const [index, { text }] of replies.entries()) {
      const long = tooLong(context, text, `replies.${index}.text`);
      if (long) return long;
    }
    const twice = await setCannedReplies(options, replies);
    return twice === undefined
      ? context.json({ replies: await store.cannedReplies() })
      : httpError(context, 400, 'invalid_message', `The id "${twice}" stands twice.`, 'replies');
  });

  routes.get('/notices/failed', async (context) => {
    const failed = await store.failedNotices(maxFailedNotices);
    return context.json({
      notices: failed.map((notice) => ({
        id: notice.noticeId,
        conversation_id: notice.conversationId,
        channel: notice.channel,
        reason: notice.reason,
        timestamp: isoTime(notice.atMs),
        attempts: notice.attempts,
        error: notice.error,
      })),
    });
  });

  routes.post('/notices/failed/retry', async (context) => {
    const notices = await store.retryFailedNotices(options.clock.now());
    if (notices > 0) options.onNoticesDue();
    return context.json({ notices });
  });

  routes.delete('/notices/failed', async (context) => {
    await store.dismissFailedNotices();
    return context.body(null, 204);
  });

  return routes;
}
