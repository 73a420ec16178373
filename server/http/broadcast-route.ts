import { Hono } from 'hono';
import { broadcastRequest } from '../../shared/console-protocol.ts';
import { createBroadcasts } from '../owner/broadcasts.ts';
import { httpError } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import type { OwnerOptions } from './owner-options.ts';
import { readBody, tooLong } from './request-body.ts';

/** `/broadcast`: one message to everybody who is connected, or only how many that is. */
export function broadcastRoute(options: OwnerOptions): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const broadcasts = createBroadcasts(options);

  routes.post('/broadcast', async (context) => {
    const body = await readBody(context, broadcastRequest);
    if (!body.ok) return body.error;
    const { message: text, id, preview } = body.value;
    const long = tooLong(context, text, 'message');
    if (long) return long;
    if (preview === true) return context.json({ delivered: options.connected(), preview });
    const result = broadcasts.send({ text, id });
    return result.status === 'conflict'
      ? httpError(context, 409, 'id_conflict', 'This id belongs to another broadcast.', 'id')
      : context.json({ delivered: result.delivered });
  });
  return routes;
}
