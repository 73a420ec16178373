import { Hono } from 'hono';
import { httpError } from './errors.ts';
import { dataHeaders, pageHeaders } from './security-headers.ts';
import type { ServedVersions } from './served-versions.ts';
import { fileResponse, type StaticFolder } from './static-files.ts';

export interface AssetOptions {
  readonly versions: ServedVersions;
  /** Pages of the demo blog by path; empty where it is off. */
  readonly demo: StaticFolder;
  /** Known when the port is taken. */
  readonly publicUrl: () => string;
}

/** Any page of any origin may load the script, under any embedder policy. */
const scriptHeaders = {
  ...dataHeaders,
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'timing-allow-origin': '*',
} as const;
const briefly = { 'cache-control': 'public, max-age=300' } as const;
const forEver = { 'cache-control': 'public, max-age=31536000, immutable' } as const;

/** The script, its chunks in every version, and the demo blog. */
export function assetRoutes({ versions, demo, publicUrl }: AssetOptions): Hono {
  const routes = new Hono();
  const pageHeadersNow = (): Record<string, string> => ({
    ...pageHeaders(publicUrl()),
    'cache-control': 'no-cache',
  });

  routes.get('/contact-chat.js', (context) => {
    const file = versions.current.get('contact-chat.js');
    return file
      ? fileResponse(context.req.raw, file, { ...scriptHeaders, ...briefly })
      : httpError(context, 404, 'not_found', 'The script was not built; run npm run build.');
  });

  routes.get('/:version{v\\d+\\.\\d+\\.\\d+[^/]*}/:name', async (context) => {
    const { version, name } = context.req.param();
    const files = await versions.files(version.slice(1));
    const file = files.get(name);
    return file
      ? fileResponse(context.req.raw, file, { ...scriptHeaders, ...forEver })
      : httpError(context, 404, 'not_found', 'This version was never served here.');
  });

  routes.get('*', (context) => {
    const path = decodePath(new URL(context.req.url).pathname);
    const name = path.replace(/^\/+/, '').replace(/\/+$/, '');
    const file =
      demo.get(name === '' ? 'index.html' : `${name}.html`) ??
      (name.endsWith('.html') ? undefined : demo.get(name));
    if (file) return fileResponse(context.req.raw, file, pageHeadersNow());
    const wantsPage = context.req.header('accept')?.includes('text/html');
    const notFound = demo.get('404.html');
    return wantsPage && notFound
      ? fileResponse(context.req.raw, notFound, pageHeadersNow(), 404)
      : httpError(context, 404, 'not_found', 'There is nothing at this address.');
  });
  return routes;
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
