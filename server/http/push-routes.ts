import { Hono } from 'hono';
import { pushSubscription, pushUnsubscription } from '../../shared/console-protocol.ts';
import { httpError } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import type { OwnerOptions } from './owner-options.ts';
import { wrongPushField } from './push-endpoint.ts';
import { readBody } from './request-body.ts';

/** Notices to the owner's browsers. */
export function pushRoutes({ push, clock }: OwnerOptions): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const path = '/push/subscriptions';

  routes.get('/push', (context) =>
    push
      ? context.json({ public_key: push.publicKey() })
      : httpError(context, 404, 'not_found', 'This server has no Web Push.'),
  );

  routes.post(path, async (context) => {
    if (!push) return httpError(context, 404, 'not_found', 'This server has no Web Push.');
    const body = await readBody(context, pushSubscription);
    if (!body.ok) return body.error;
    const { endpoint, keys } = body.value;
    const wrong = wrongPushField(body.value, push.loopback);
    if (wrong !== undefined) {
      const detail =
        wrong === 'endpoint'
          ? '"endpoint" must be a public https address of a push service.'
          : `"${wrong}" is no key of a push subscription.`;
      return httpError(context, 400, 'invalid_message', detail, wrong);
    }
    try {
      await push.subscribe({ endpoint, ...keys, createdAtMs: clock.now() });
    } catch (error) {
      // The right length, and no point of the curve.
      if (!(error instanceof RangeError)) throw error;
      const detail = '"keys.p256dh" is no key of a push subscription.';
      return httpError(context, 400, 'invalid_message', detail, 'keys.p256dh');
    }
    return context.body(null, 204);
  });

  routes.delete(path, async (context) => {
    const body = await readBody(context, pushUnsubscription);
    if (!body.ok) return body.error;
    await push?.unsubscribe(body.value.endpoint);
    return context.body(null, 204);
  });

  return routes;
}
