import { Hono } from 'hono';
import {
  answerCountDays,
  answerLists,
  type AnswererState,
  type AnswerListJson,
} from '../../shared/console-protocol.ts';
import { toOwnerMessage } from '../console/message-json.ts';
import { toConversationJson } from '../console/summary-json.ts';
import type { AnswererUsage } from '../answerer-ports.ts';
import { defaultAnswersLimit, maxAnswersLimit } from './answer-limits.ts';
import { httpError } from './errors.ts';
import type { HttpEnv } from './http-env.ts';
import type { OwnerOptions } from './owner-options.ts';
import { numberOf, wordOf } from './request-query.ts';

const dayMs = 86_400_000;
/** An answerer that does not say what it costs within this time is shown without. */
const usageTimeoutMs = 5_000;

/** `/answers`: what visitors thought of them. `/answerer`: who gives them, and what that costs. */
export function answerRoutes(options: OwnerOptions): Hono<HttpEnv> {
  const { store, answerer, clock } = options;
  const routes = new Hono<HttpEnv>();

  routes.get('/answers', async (context) => {
    const limit = numberOf(context, 'limit', 1, maxAnswersLimit);
    if (!limit.ok) return limit.error;
    const list = wordOf(context, 'list', answerLists);
    if (!list.ok) return list.error;
    const before = context.req.query('before');
    const [page, counts] = await Promise.all([
      store.answers({
        list: list.value ?? 'down',
        limit: limit.value ?? defaultAnswersLimit,
        ...(before ? { before } : {}),
      }),
      store.answerCounts(clock.now() - answerCountDays * dayMs),
    ]);
    return context.json({
      answers: page.answers.map(({ conversation, question, answer }) => ({
        conversation: toConversationJson(conversation, options.live(conversation.id), options),
        ...(question ? { question: toOwnerMessage(question) } : {}),
        answer: toOwnerMessage(answer),
      })),
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
      counts,
    } satisfies AnswerListJson);
  });

  routes.get('/answerer', async (context) => {
    if (!answerer) return httpError(context, 404, 'not_found', 'No assistant answers here.');
    const [ready, usage] = await Promise.all([
      isSettled(answerer.ready()),
      usageOf(options).catch((error: unknown) => {
        options.onError(error, { stage: 'usage' });
        return undefined;
      }),
    ]);
    return context.json({
      name: answerer.name,
      description: answerer.describe(),
      ready,
      ...(usage ? { usage: toUsageJson(usage) } : {}),
    } satisfies AnswererState);
  });

  return routes;
}

/** Whether a promise is kept already. */
const isSettled = (promise: Promise<void>): Promise<boolean> =>
  Promise.race([
    promise.then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => setImmediate(resolve, false)),
  ]);

async function usageOf({ answerer }: OwnerOptions): Promise<AnswererUsage | undefined> {
  if (!answerer?.usage) return undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('The answerer does not say what it costs')),
      usageTimeoutMs,
    );
  });
  try {
    return await Promise.race([answerer.usage(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

const toUsageJson = (usage: AnswererUsage): NonNullable<AnswererState['usage']> => ({
  model: usage.model,
  tokens_today: usage.tokensToday,
  ...(Number.isFinite(usage.tokensPerDay) ? { tokens_per_day: usage.tokensPerDay } : {}),
  guarded_today: usage.guardedToday,
});
