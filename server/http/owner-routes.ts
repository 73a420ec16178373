import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isTooLong } from '../../shared/codec.ts';
import { isVisible } from '../../shared/protocol.ts';
import { isClientMessageId } from '../../shared/ids.ts';
import { maxHistoryBytes, maxHistoryLimit, maxMessageChars } from '../../shared/limits.ts';
import { isIdle, newSlidingWindow, take, type SlidingWindow } from '../chat/sliding-window.ts';
import { isoTime, toHistoryMessage } from '../chat/wire.ts';
import { StoreUnavailable, type Bus, type BusEvent, type Clock, type Store } from '../ports.ts';
import type { ConversationSummary, OnError } from '../ports.ts';
import { bearerToken, isSameSecret } from './bearer.ts';
import { httpError } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import { limitKey } from './trusted-proxies.ts';

export interface OwnerOptions {
  readonly ownerToken: string;
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly newId: () => string;
  /** @returns how many clients took it */
  readonly broadcast: (event: Extract<BusEvent, { type: 'broadcast' }>) => number;
  readonly onError: OnError;
}

/** Wrong tokens an address may try. */
const tries = { limit: 10, windowMs: 60_000 };
const maxBodyBytes = 64 * 1024;
const defaultListLimit = 50;

/** `/api`: what the owner, and programs of the owner, may do. */
export function ownerRoutes(options: OwnerOptions): Hono<HttpEnv> {
  const { store, clock } = options;
  const routes = new Hono<HttpEnv>();
  const failures = new Map<string, SlidingWindow>();

  routes.use('*', async (context, next) => {
    context.header('cache-control', 'no-store');
    const key = limitKey(context.env.address);
    const nowMs = clock.now();
    const given = bearerToken(context.req.header('authorization'));
    if (given !== undefined && isSameSecret(given, options.ownerToken)) return next();
    if (given !== undefined) {
      // Whoever guesses is slowed down; the right token works all the same.
      for (const [address, window] of failures) {
        if (isIdle(window, tries, nowMs)) failures.delete(address);
      }
      const window = failures.get(key) ?? newSlidingWindow();
      failures.set(key, window);
      const waitMs = take(window, tries, nowMs);
      if (waitMs > 0) {
        context.header('retry-after', String(Math.ceil(waitMs / 1000)));
        return httpError(context, 429, 'rate_limited', 'Too many wrong tokens; wait a minute.');
      }
    }
    context.header('www-authenticate', 'Bearer realm="contact-chat"');
    return httpError(context, 401, 'unauthorized', 'Send Authorization: Bearer <OWNER_TOKEN>.');
  });
  routes.use(
    '*',
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: (context) =>
        httpError(context, 413, 'frame_too_large', `At most ${maxBodyBytes} bytes, please.`),
    }),
  );
  routes.onError((error, context) => {
    options.onError(error, { stage: 'api' });
    return error instanceof StoreUnavailable
      ? httpError(context, 503, 'store_unavailable', 'The store is not available; try again.')
      : httpError(context, 500, 'internal', 'Something went wrong on the server.');
  });

  routes.get('/conversations', async (context) => {
    const limit = wholeNumber(context.req.query('limit'), 1, 200) ?? defaultListLimit;
    const before = context.req.query('before');
    const list = await store.conversations({ limit, ...(before ? { before } : {}) });
    return context.json({
      conversations: list.conversations.map(toJson),
      ...(list.cursor === undefined ? {} : { cursor: list.cursor }),
    });
  });

  routes.get('/conversations/:id/messages', async (context) => {
    const id = context.req.param('id');
    if (!(await store.conversation(id))) return unknownConversation(context);
    const limit = wholeNumber(context.req.query('limit'), 1, maxHistoryLimit) ?? maxHistoryLimit;
    const afterSeq = wholeNumber(context.req.query('after_seq'), 0, Number.MAX_SAFE_INTEGER);
    const beforeSeq = wholeNumber(context.req.query('before_seq'), 1, Number.MAX_SAFE_INTEGER);
    const size = { limit, maxBytes: maxHistoryBytes };
    const page = await store.messages(
      id,
      afterSeq === undefined
        ? { beforeSeq: beforeSeq ?? Number.MAX_SAFE_INTEGER, ...size }
        : { afterSeq, ...size },
    );
    return context.json({ messages: page.messages.map(toHistoryMessage), more: page.more });
  });

  routes.post('/conversations/:id/messages', async (context) => {
    const conversationId = context.req.param('id');
    const body = await messageOf(context);
    if (body instanceof Response) return body;
    if (!(await store.conversation(conversationId))) return unknownConversation(context);
    const result = await store.append({
      conversationId,
      message: {
        id: body.id ?? `owner:${options.newId()}`,
        sender: 'owner',
        text: body.message,
        atMs: clock.now(),
      },
    });
    switch (result.status) {
      case 'stored': {
        const { message } = result;
        options.bus.publish({ type: 'message', conversationId, message });
        return context.json(toHistoryMessage(message), 201);
      }
      case 'duplicate':
        return context.json({ ...toHistoryMessage(result.message), duplicate: true });
      case 'conflict':
        return httpError(context, 409, 'id_conflict', 'This id belongs to another message.');
      case 'erased':
        return unknownConversation(context);
    }
  });

  routes.post('/broadcast', async (context) => {
    const body = await messageOf(context);
    if (body instanceof Response) return body;
    const delivered = options.broadcast({
      type: 'broadcast',
      id: body.id ?? `broadcast:${options.newId()}`,
      text: body.message,
      atMs: clock.now(),
    });
    return context.json({ delivered });
  });

  routes.all('*', (context) =>
    httpError(context, 404, 'not_found', 'The interface has no such path or method.'),
  );
  return routes;
}

const unknownConversation = (context: Context): Response =>
  httpError(context, 404, 'not_found', 'There is no such conversation.');

/** `{message, id?}` of a request, or the response that says what is wrong with it. */
async function messageOf(
  context: Context,
): Promise<{ readonly message: string; readonly id?: string } | Response> {
  const body: unknown = await context.req.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) {
    return httpError(context, 400, 'invalid_json', 'Send a JSON object like {"message": "…"}.');
  }
  const message = 'message' in body ? body.message : undefined;
  const id = 'id' in body ? body.id : undefined;
  if (typeof message !== 'string' || !isVisible(message) || !message.isWellFormed()) {
    return httpError(context, 400, 'invalid_message', '"message" must be a text, not blank.');
  }
  if (isTooLong(message)) {
    const detail = `"message" must have at most ${maxMessageChars} characters.`;
    return httpError(context, 400, 'message_too_long', detail);
  }
  if (id === undefined) return { message };
  return typeof id === 'string' && isClientMessageId(id)
    ? { message, id }
    : httpError(context, 400, 'invalid_message', '"id" must match ^[A-Za-z0-9_-]{1,64}$.');
}

/** A whole number of the query; what is none, or out of range, counts as absent. */
function wholeNumber(value: string | undefined, least: number, most: number): number | undefined {
  if (value === undefined || !/^\d{1,16}$/.test(value)) return undefined;
  const parsed = Number(value);
  return parsed >= least && parsed <= most ? parsed : undefined;
}

const toJson = (conversation: ConversationSummary): Record<string, unknown> => ({
  id: conversation.id,
  created_at: isoTime(conversation.createdAtMs),
  updated_at: isoTime(conversation.updatedAtMs),
  last_seq: conversation.lastSeq,
  answering: conversation.answering,
  lang: conversation.lang,
  user_agent: conversation.userAgent,
  page: conversation.page,
  user: conversation.user,
  name: conversation.name,
  email: conversation.email,
  read_by_visitor: conversation.readByVisitor,
  read_by_owner: conversation.readByOwner,
  last_message: conversation.lastMessage && toHistoryMessage(conversation.lastMessage),
});
