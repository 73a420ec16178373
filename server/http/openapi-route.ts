import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { HttpEnv } from './http-env.ts';
import { openApiDocument } from './openapi-document.ts';
import type { OwnerOptions } from './owner-options.ts';
import { dataHeaders } from './security-headers.ts';
import { fileResponse, type StaticFile } from './static-files.ts';

/** `/openapi.json`, for everybody and for tools on any origin: it holds no secret. */
export function openApiRoute({
  version,
  publicUrl,
}: Pick<OwnerOptions, 'version' | 'publicUrl'>): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  let made: StaticFile | undefined;
  routes.get('/openapi.json', (context) => {
    // The address is known when the first request comes, and does not change after that.
    made ??= asFile(JSON.stringify(openApiDocument({ url: publicUrl(), version }), null, 2));
    return fileResponse(context.req.raw, made, {
      ...dataHeaders,
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=300',
    });
  });
  return routes;
}

function asFile(text: string): StaticFile {
  const identity = new TextEncoder().encode(text);
  return {
    contentType: 'application/json; charset=utf-8',
    etag: createHash('sha256').update(identity).digest('base64url').slice(0, 27),
    identity,
  };
}
