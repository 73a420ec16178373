import { Hono } from 'hono';
import type { Metrics } from '../observe/metrics.ts';
import type { OnError } from '../ports.ts';
import { askRoute, type AskOptions } from './ask-route.ts';
import { assetRoutes, type AssetOptions } from './asset-routes.ts';
import { consoleRoutes, type ConsoleOptions } from './console-routes.ts';
import { httpError } from './errors.ts';

import { healthRoutes } from './health-routes.ts';
import type { HttpEnv } from './http-env.ts';
import { isLoopbackHost } from './origins.ts';
import type { OwnerOptions } from './owner-options.ts';
import { ownerRoutes } from './owner-routes.ts';
import { dataHeaders } from './security-headers.ts';
import { clientAddress, type TrustedProxies } from './trusted-proxies.ts';

export interface HttpAppOptions extends AssetOptions, ConsoleOptions {
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  readonly notReady: () => Promise<string | undefined>;
  readonly ask: Omit<AskOptions, 'origins' | 'onError'>;
  readonly originAllowed: (origin: string, host: string) => boolean;
  readonly owner: Omit<OwnerOptions, 'onError'>;
  readonly trustProxy: TrustedProxies;
  readonly onError: OnError;
}

/** What proxies add; with any of them a request is not this machine's own. */
const forwardingHeaders = [
  ...['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'],
  ...['x-real-ip', 'forwarded', 'via'],
];

/** Everything the server answers over plain HTTP, in web-standard terms. */
export function createHttpApp(
  options: HttpAppOptions,
): (request: Request, peer: { readonly address: string }) => Response | Promise<Response> {
  const app = new Hono<HttpEnv>();
  app.use('*', async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(dataHeaders)) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    }
  });
  app.route('/', healthRoutes(options));
  app.route(
    '/',
    askRoute({
      ...options.ask,
      origins: { allows: options.originAllowed },
      onError: options.onError,
    }),
  );
  app.route('/api', ownerRoutes({ ...options.owner, onError: options.onError }));
  app.route('/', consoleRoutes(options));
  app.route('/', assetRoutes(options));
  app.notFound((context) =>
    httpError(context, 404, 'not_found', 'There is nothing at this address.'),
  );
  app.onError((error, context) => {
    options.onError(error, { stage: 'http' });
    return httpError(context, 500, 'internal', 'Something went wrong on the server.');
  });

  return (request, peer) => {
    const header = (name: string): string => request.headers.get(name) ?? '';
    const forwarded = forwardingHeaders.some((name) => header(name) !== '');
    const env: HttpEnv['Bindings'] = {
      address: clientAddress(
        peer.address,
        header('x-forwarded-for'),
        header('x-real-ip'),
        options.trustProxy,
      ),
      peerIsLocal:
        !forwarded && isLoopbackHost(peer.address) && isLoopbackHost(new URL(request.url).hostname),
    };
    return app.fetch(request, env);
  };
}
