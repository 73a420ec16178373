import { Hono } from 'hono';
import { isTooLong } from '../../shared/codec.ts';
import { isVisible } from '../../shared/protocol.ts';
import { maxMessageChars } from '../../shared/limits.ts';
import type { Answerer } from '../answerer-ports.ts';
import type { Clock, OnError, Timers } from '../ports.ts';
import type { Limits } from '../chat/context.ts';
import { withinTime } from '../chat/within-time.ts';
import { fromAcceptLanguage, type Sentences } from '../lang/sentences.ts';
import { httpError } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import { limitKey } from './trusted-proxies.ts';
import type { OriginPolicy } from './origins.ts';

export interface AskOptions {
  /** Absent where nobody answers. */
  readonly answerer: Answerer | undefined;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly origins: OriginPolicy;
  readonly defaultSentences: Sentences;
  readonly timers: Timers;
  readonly timeoutMs: number;
  readonly onError: OnError;
}

/** `POST /ask`: a question and its answer, for programs without a WebSocket. Nothing is stored. */
export function askRoute(options: AskOptions): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();

  routes.use('/ask', async (context, next) => {
    const origin = context.req.header('origin') ?? '';
    context.header('vary', 'origin');
    if (!options.origins.allows(origin, context.req.header('host') ?? '')) {
      return httpError(context, 403, 'forbidden', 'This origin may not ask; see ALLOWED_ORIGINS.');
    }
    if (origin) context.header('access-control-allow-origin', origin);
    return next();
  });

  routes.options('/ask', (context) => {
    context.header('access-control-allow-methods', 'POST');
    context.header('access-control-allow-headers', 'content-type');
    context.header('access-control-max-age', '600');
    return context.body(null, 204);
  });

  routes.post('/ask', async (context) => {
    const sentences =
      fromAcceptLanguage(context.req.header('accept-language') ?? '') ?? options.defaultSentences;
    const question = questionOf(await context.req.json().catch(() => undefined));
    if (question === undefined) {
      return httpError(
        context,
        400,
        'invalid_message',
        'Send a JSON object with a "question" that is not blank.',
      );
    }
    if (isTooLong(question)) {
      const detail = sentences.errors.messageTooLong(maxMessageChars);
      return httpError(context, 400, 'message_too_long', detail);
    }
    const { address } = context.env;
    const key = limitKey(address);
    const waitMs = options.limits.takeMessage(`ask:${key}`, key, options.clock.now());
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      context.header('retry-after', String(seconds));
      return httpError(context, 429, 'rate_limited', sentences.errors.rateLimited(seconds));
    }
    if (!options.answerer) {
      return httpError(context, 503, 'not_ready', 'Nobody answers here: ANSWERER is off.');
    }
    const left = context.req.raw.signal;
    try {
      const { answerer, timers, timeoutMs } = options;
      const asked = { text: question, lang: sentences.lang, history: [], visitor: key };
      // Not `AbortSignal.timeout` within `AbortSignal.any`: nothing but the garbage collector
      // holds it, and a time-out that it has collected never comes.
      const { text, citations } = await withinTime((signal) => answerer.answer(asked, { signal }), {
        ...{ timers, timeoutMs, calledOff: left },
      });
      if (text.trim() === '') throw new Error('The answerer gave an empty answer');
      return context.json({ answer: text, citations });
    } catch (error) {
      // Nobody waits for it any more: that is no failure.
      if (!left.aborted) options.onError(error, { stage: 'ask' });
      return httpError(context, 503, 'internal', sentences.answerFailed);
    }
  });

  routes.all('/ask', (context) => {
    context.header('allow', 'POST, OPTIONS');
    return httpError(context, 405, 'invalid_message', 'Send the question with POST.');
  });
  return routes;
}

function questionOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('question' in body)) return undefined;
  const { question } = body;
  if (typeof question !== 'string' || !isVisible(question)) return undefined;
  return question.toWellFormed();
}
