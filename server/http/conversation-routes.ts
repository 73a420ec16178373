import { Hono, type Context } from 'hono';
import {
  conversationChange,
  maxListLimit,
  replyRequest,
  views,
  type ConversationList,
} from '../../shared/console-protocol.ts';
import { maxHistoryBytes, maxHistoryLimit } from '../../shared/limits.ts';
import { toOwnerMessage } from '../console/message-json.ts';
import { toConversationJson } from '../console/summary-json.ts';
import { change, remove, reply } from '../owner/conversation-actions.ts';
import type { ConversationSummary } from '../ports.ts';
import { httpError } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import type { OwnerOptions } from './owner-options.ts';
import { readBody, tooLong } from './request-body.ts';
import { numberOf, wordOf } from './request-query.ts';

const defaultListLimit = 50;

export const unknownConversation = (context: Context): Response =>
  httpError(context, 404, 'not_found', 'There is no such conversation.');

/** `/conversations`, and the messages of one. */
export function conversationRoutes(options: OwnerOptions): Hono<HttpEnv> {
  const { store } = options;
  const routes = new Hono<HttpEnv>();
  const json = (summary: ConversationSummary) =>
    toConversationJson(summary, options.live(summary.id), options);

  routes.get('/conversations', async (context) => {
    const limit = numberOf(context, 'limit', 1, maxListLimit);
    if (!limit.ok) return limit.error;
    const view = wordOf(context, 'view', views);
    if (!view.ok) return view.error;
    const before = context.req.query('before');
    const user = context.req.query('user');
    // Before the list: what changes meanwhile is told twice rather than never.
    const revision = await store.revision();
    const [list, counts] = await Promise.all([
      store.conversations({
        limit: limit.value ?? defaultListLimit,
        ...(before ? { before } : {}),
        ...(view.value === undefined ? {} : { view: view.value }),
        ...(user ? { user } : {}),
      }),
      store.viewCounts(),
    ]);
    return context.json({
      conversations: list.conversations.map(json),
      ...(list.cursor === undefined ? {} : { cursor: list.cursor }),
      counts: { ...counts, connected: options.connected() },
      revision,
    } satisfies ConversationList);
  });

  routes.get('/conversations/:id', async (context) => {
    const summary = await store.summary(context.req.param('id'));
    return summary ? context.json(json(summary)) : unknownConversation(context);
  });

  routes.patch('/conversations/:id', async (context) => {
    const body = await readBody(context, conversationChange);
    if (!body.ok) return body.error;
    const summary = await change(options, context.req.param('id'), body.value);
    return summary ? context.json(json(summary)) : unknownConversation(context);
  });

  routes.delete('/conversations/:id', async (context) =>
    (await remove(options, context.req.param('id')))
      ? context.body(null, 204)
      : unknownConversation(context),
  );

  routes.get('/conversations/:id/messages', async (context) => {
    const limit = numberOf(context, 'limit', 1, maxHistoryLimit);
    if (!limit.ok) return limit.error;
    const afterSeq = numberOf(context, 'after_seq', 0, Number.MAX_SAFE_INTEGER);
    if (!afterSeq.ok) return afterSeq.error;
    const beforeSeq = numberOf(context, 'before_seq', 1, Number.MAX_SAFE_INTEGER);
    if (!beforeSeq.ok) return beforeSeq.error;
    const id = context.req.param('id');
    if (!(await store.conversation(id))) return unknownConversation(context);
    const size = { limit: limit.value ?? maxHistoryLimit, maxBytes: maxHistoryBytes };
    const page = await store.messages(
      id,
      afterSeq.value === undefined
        ? { beforeSeq: beforeSeq.value ?? Number.MAX_SAFE_INTEGER, ...size }
        : { afterSeq: afterSeq.value, ...size },
    );
    return context.json({ messages: page.messages.map(toOwnerMessage), more: page.more });
  });

  routes.post('/conversations/:id/messages', async (context) => {
    const body = await readBody(context, replyRequest);
    if (!body.ok) return body.error;
    const { message: text, id, takes_over: takesOver = true } = body.value;
    const long = tooLong(context, text, 'message');
    if (long) return long;
    const result = await reply(options, context.req.param('id'), { text, id, takesOver });
    switch (result.status) {
      case 'stored':
        return context.json(toOwnerMessage(result.message), 201);
      case 'duplicate':
        return context.json({ ...toOwnerMessage(result.message), duplicate: true });
      case 'conflict':
        return httpError(context, 409, 'id_conflict', 'This id belongs to another message.', 'id');
      case 'unknown':
        return unknownConversation(context);
    }
  });

  return routes;
}
