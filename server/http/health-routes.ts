import { Hono, type MiddlewareHandler } from 'hono';
import type { Metrics } from '../observe/metrics.ts';
import { bearerToken, isSameSecret } from './bearer.ts';
import { httpError } from './errors.ts';
import type { HttpEnv } from './http-env.ts';

export interface HealthOptions {
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  /** Why the server cannot do its work now; `undefined` when it can. */
  readonly notReady: () => Promise<string | undefined>;
}

/** `/healthz`, `/readyz` and `/metrics`. */
export function healthRoutes({ metrics, metricsToken, notReady }: HealthOptions): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const fresh: MiddlewareHandler = async (context, next) => {
    context.header('cache-control', 'no-store');
    await next();
  };
  routes.get('/healthz', fresh, (context) => context.json({ status: 'ok' }));
  routes.get('/readyz', fresh, async (context) => {
    const reason = await notReady();
    return reason === undefined
      ? context.json({ status: 'ready' })
      : httpError(context, 503, 'not_ready', reason);
  });
  routes.get('/metrics', fresh, async (context) => {
    const given = bearerToken(context.req.header('authorization'));
    const byToken = metricsToken !== undefined && given !== undefined;
    if (byToken ? !isSameSecret(given, metricsToken) : !context.env.peerIsLocal) {
      return httpError(
        context,
        401,
        'unauthorized',
        'Metrics are for loopback, or for the bearer of METRICS_TOKEN.',
      );
    }
    context.header('content-type', metrics.contentType);
    return context.body(await metrics.text());
  });
  return routes;
}
