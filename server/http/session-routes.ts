import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { logIn, type OwnerSession } from '../../shared/console-protocol.ts';
import { httpError, tooMany } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import type { OwnerOptions } from './owner-options.ts';
import { credentialsOf, type OwnerEnv } from './owner-access.ts';
import { isJsonType, readBody } from './request-body.ts';

/** A token and its JSON; far above any that is in use. */
const maxLogInBytes = 4 * 1024;

/** Log-in: the one path of the interface that a stranger may post to. */
export function logInRoute({ access }: Pick<OwnerOptions, 'access'>): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const limited = bodyLimit({
    maxSize: maxLogInBytes,
    onError: (context) =>
      httpError(context, 413, 'frame_too_large', `At most ${maxLogInBytes} bytes, please.`),
  });
  routes.post('/session', limited, async (context) => {
    // Forms of other sites can post text, never JSON.
    if (!isJsonType(context.req.header('content-type') ?? '')) {
      const detail = 'Send the token as application/json.';
      return httpError(context, 415, 'unsupported_media_type', detail);
    }
    const body = await readBody(context, logIn);
    if (!body.ok) return body.error;
    const userAgent = context.req.header('user-agent') ?? '';
    const result = await access.logIn(credentialsOf(context), body.value.token, userAgent);
    switch (result.status) {
      case 'logged_in':
        context.header('set-cookie', result.cookie, { append: true });
        return context.body(null, 204);
      case 'wrong':
        return httpError(context, 401, 'unauthorized', "This is not the owner's token.");
      case 'throttled':
        return tooMany(context, result.waitMs, 'Too many wrong tokens; wait a minute.');
      case 'cross_site':
        return httpError(context, 403, 'forbidden', 'Log in on the page of the inbox.');
    }
  });
  return routes;
}

/** What a login can do with itself. */
export function sessionRoutes(options: OwnerOptions): Hono<OwnerEnv> {
  const { access } = options;
  const routes = new Hono<OwnerEnv>();

  routes.get('/session', (context) =>
    context.json({
      owner: { name: options.ownerName },
      version: options.version,
      lang: options.lang,
      ai: options.defaultAnswering === 'assistant',
      channels: [...options.channels()],
      public_url: options.publicUrl(),
    } satisfies OwnerSession),
  );

  routes.delete('/session', async (context) => {
    const cookie = await access.logOut(context.get('login'), credentialsOf(context));
    context.header('set-cookie', cookie);
    return context.body(null, 204);
  });

  routes.delete('/sessions', async (context) => {
    context.header('set-cookie', await access.logOutEverywhere(credentialsOf(context)));
    return context.body(null, 204);
  });

  return routes;
}
