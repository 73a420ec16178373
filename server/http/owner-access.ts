import type { Context, MiddlewareHandler } from 'hono';
import type { OwnerLogin } from '../inbox-ports.ts';
import type { Clock } from '../ports.ts';
import { httpError, tooMany } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import type { Credentials, OwnerAccess } from './owner-session.ts';
import { isJsonType } from './request-body.ts';
import { createThrottle } from './throttle.ts';
import { limitKey } from './trusted-proxies.ts';

export type OwnerEnv = HttpEnv & { Variables: { login: OwnerLogin | undefined } };

/** Requests of the owner from one address: far more than the inbox needs. */
export const requestRate = { limit: 600, windowMs: 60_000 } as const;

/** What a request says of who sends it. */
export function credentialsOf(context: {
  readonly req: { header(name: string): string | undefined };
  readonly env: HttpEnv['Bindings'];
}): Credentials {
  const header = (name: string): string => context.req.header(name) ?? '';
  return {
    authorization: header('authorization'),
    cookie: header('cookie'),
    origin: header('origin'),
    fetchSite: header('sec-fetch-site'),
    host: header('host'),
    address: limitKey(context.env.address),
  };
}

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Lets the owner through, and nobody else. Of what lies behind, strangers learn nothing. */
export function ownerOnly(access: OwnerAccess, clock: Clock): MiddlewareHandler<OwnerEnv> {
  const requests = createThrottle(requestRate);
  return async (context, next) => {
    context.header('cache-control', 'no-store');
    const credentials = credentialsOf(context);
    const changes = !reads.has(context.req.method);
    const result = await access.authorize(credentials, changes);
    switch (result.status) {
      case 'unauthorized': {
        if (result.endCookie !== undefined) context.header('set-cookie', result.endCookie);
        context.header('www-authenticate', 'Bearer realm="contact-chat"');
        const detail = 'Log in at /console, or send Authorization: Bearer <OWNER_TOKEN>.';
        return httpError(context, 401, 'unauthorized', detail);
      }
      case 'cross_site': {
        const detail =
          'A login is good for the page of the inbox alone, at the address in PUBLIC_URL.';
        return httpError(context, 403, 'forbidden', detail);
      }
      case 'throttled':
        return tooMany(context, result.waitMs, 'Too many wrong tokens; wait a minute.');
      case 'granted':
    }
    const waitMs = requests.take(credentials.address, clock.now());
    if (waitMs > 0) return tooMany(context, waitMs, 'Too many requests; wait a moment.');
    if (result.login && changes && !bodyIsJson(context)) {
      const detail = 'Send bodies as application/json.';
      return httpError(context, 415, 'unsupported_media_type', detail);
    }
    context.set('login', result.login);
    await next();
    if (result.cookie !== undefined && !context.res.headers.has('set-cookie')) {
      context.header('set-cookie', result.cookie);
    }
    return undefined;
  };
}

/** A page of another site can send text and forms without asking; JSON it cannot. */
function bodyIsJson(context: Context): boolean {
  const type = context.req.header('content-type');
  return type === undefined ? context.req.raw.body === null : isJsonType(type);
}
