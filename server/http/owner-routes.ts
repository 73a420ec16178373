import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { StoreUnavailable } from '../ports.ts';
import { answerRoutes } from './answer-routes.ts';
import { broadcastRoute } from './broadcast-route.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { deskRoutes } from './desk-routes.ts';
import { httpError } from './errors.ts';
import { methodsAt } from './openapi-operations.ts';
import { openApiRoute } from './openapi-route.ts';
import { ownerOnly, type OwnerEnv } from './owner-access.ts';
import type { OwnerOptions } from './owner-options.ts';
import { pushRoutes } from './push-routes.ts';
import { searchRoute } from './search-route.ts';
import { logInRoute, sessionRoutes } from './session-routes.ts';
import { maxBodyBytes as maxTransportBytes } from '../transports/http-bridge.ts';

const maxBodyBytes = 64 * 1024;

/** `/api`: what the owner, and programs of the owner, may do. */
export function ownerRoutes(options: OwnerOptions): Hono<OwnerEnv> {
  const routes = new Hono<OwnerEnv>();
  const atMost = (maxSize: number) =>
    bodyLimit({
      maxSize,
      onError: (context) =>
        httpError(context, 413, 'frame_too_large', `At most ${maxSize} bytes, please.`),
    });

  routes.onError((error, context) => {
    // Whoever has gone hears nothing, and a search that was given up is no failure.
    if (!context.req.raw.signal.aborted) options.onError(error, { stage: 'api' });
    context.header('cache-control', 'no-store');
    if (!(error instanceof StoreUnavailable)) {
      return httpError(context, 500, 'internal', 'Something went wrong on the server.');
    }
    context.header('retry-after', '2');
    const detail = 'The store is not available; try again.';
    return httpError(context, 503, 'store_unavailable', detail);
  });

  // For everybody: the description, which reveals nothing, and the door.
  routes.route('/', openApiRoute(options));
  routes.use('/session', async (context, next) => {
    context.header('cache-control', 'no-store');
    await next();
  });
  routes.route('/', logInRoute(options));

  routes.use('*', ownerOnly(options.access, options.clock));
  const limited = atMost(maxBodyBytes);
  const wide = atMost(maxTransportBytes);
  routes.use('*', (context, next) =>
    (context.req.path.endsWith('/canned-replies') ? wide : limited)(context, next),
  );
  routes.route('/', sessionRoutes(options));
  routes.route('/', conversationRoutes(options));
  routes.route('/', deskRoutes(options));
  routes.route('/', searchRoute(options));
  routes.route('/', answerRoutes(options));
  routes.route('/', broadcastRoute(options));
  routes.route('/', pushRoutes(options));

  routes.all('*', (context) => {
    const allowed = methodsAt(context.req.path.replace(/^\/api(?=\/)/, ''));
    if (allowed.length === 0) {
      return httpError(context, 404, 'not_found', 'The interface has no such path.');
    }
    context.header('allow', allowed.join(', '));
    const detail = `Here is only ${allowed.join(', ')}.`;
    return httpError(context, 405, 'method_not_allowed', detail);
  });
  return routes;
}
