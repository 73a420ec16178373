import { Hono, type Context } from 'hono';
import { httpError } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import { consoleHeaders, dataHeaders } from './security-headers.ts';
import { fileResponse, type StaticFolder } from './static-files.ts';

export interface ConsoleOptions {
  /** The built inbox by path in its folder; empty where it was not built. */
  readonly console: StaticFolder;
  /** Known when the port is taken. */
  readonly publicUrl: () => string;
}

/**
 * The inbox's page and what it is made of. All of it is the same for everybody: what is behind
 * the log-in comes over `/api` and the socket.
 */
export function consoleRoutes({ console: files, publicUrl }: ConsoleOptions): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const pageHeaders = (): Record<string, string> => ({
    ...consoleHeaders(publicUrl()),
    'cache-control': 'no-cache',
  });

  routes.get('/console', (context) => {
    const page = files.get('index.html');
    return page ? fileResponse(context.req.raw, page, pageHeaders()) : notBuilt(context);
  });

  // One address for the page. Relative, since a proxy may put the server below a path.
  routes.get('/console/', (context) => context.body(null, 308, { location: '../console' }));

  routes.get('/console/*', (context) => {
    const name = context.req.path.slice('/console/'.length);
    const file = name === 'index.html' ? undefined : files.get(name);
    if (!file) return files.size === 0 ? notBuilt(context) : nothing(context);
    if (name.startsWith('assets/')) {
      return fileResponse(context.req.raw, file, {
        ...{ ...dataHeaders, 'cross-origin-resource-policy': 'same-origin' },
        'cache-control': 'public, max-age=31536000, immutable',
      });
    }
    const worker = name === 'sw.js';
    return fileResponse(context.req.raw, file, {
      // A worker's own policy is the one it is served with.
      ...(worker ? pageHeaders() : { ...dataHeaders, 'cache-control': 'no-cache' }),
      'cross-origin-resource-policy': 'same-origin',
      // The page stands beside the worker's folder, not in it.
      ...(worker ? { 'service-worker-allowed': '../console' } : {}),
    });
  });
  return routes;
}

const nothing = (context: Context): Response =>
  httpError(context, 404, 'not_found', 'There is nothing at this address.');

const notBuilt = (context: Context): Response =>
  httpError(context, 404, 'not_found', 'The inbox was not built; run npm run build.');
