import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createLimits } from '../chat/limits.ts';
import { zhCn } from '../lang/zh-cn.ts';
import type { Answer, Question } from '../answerer-ports.ts';
import { createTimers } from '../timers.ts';
import { askRoute } from './ask-route.ts';

interface Asked {
  readonly question: Question;
  readonly signal: AbortSignal;
}

function route(answer: (asked: Asked) => Promise<Answer>, timeoutMs = 30_000) {
  const errors: unknown[] = [];
  const routes = askRoute({
    answerer: {
      name: 'test',
      answer: (question, { signal }) => answer({ question, signal }),
      describe: () => '',
      ready: () => Promise.resolve(),
      close: () => Promise.resolve(),
    },
    limits: createLimits({ limit: 100, windowMs: 1_000 }),
    clock: { now: () => 0 },
    origins: { allows: () => true },
    defaultSentences: zhCn,
    timers: createTimers(),
    timeoutMs,
    onError: (error) => void errors.push(error),
  });
  const ask = async (signal?: AbortSignal): Promise<Response> =>
    routes.request(
      new Request('http://chat.example/ask', {
        ...{ method: 'POST', body: '{"question":"为什么？"}' },
        ...(signal ? { signal } : {}),
      }),
      undefined,
      { address: '192.0.2.1' },
    );
  return { ask, errors };
}

const sorry = { code: 'internal', detail: '抱歉，我暂时无法处理您的请求，请稍后再试。' };

describe('POST /ask', () => {
  it('passes on what the answerer says, and asks it without a conversation', async () => {
    const citations = [{ title: 'A', url: '/a' }];
    const asked: Question[] = [];
    const { ask } = route(({ question }) => {
      asked.push(question);
      return Promise.resolve({ text: '因为。', citations, outcome: 'found' });
    });
    expect(await (await ask()).json()).toEqual({ answer: '因为。', citations });
    expect(asked).toEqual([{ text: '为什么？', lang: 'zh-CN', history: [], visitor: '192.0.2.1' }]);
  });

  it.each<[string, (asked: Asked) => Promise<Answer>, number]>([
    ['fails', () => Promise.reject(new Error('down')), 30_000],
    ['says nothing', () => Promise.resolve({ text: ' ', citations: [], outcome: 'found' }), 30_000],
    ['never answers, whatever it is told', () => new Promise(() => undefined), 20],
  ])('is sorry, with 503, where the answerer %s', async (_what, answer, timeoutMs) => {
    const { ask, errors } = route(answer, timeoutMs);
    const response = await ask();
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual(sorry);
    expect(errors).toHaveLength(1);
  });

  it('is sorry in time whatever memory was cleaned up meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { ask } = route(() => {
      setImmediate(collect);
      return new Promise(() => undefined);
    }, 200);
    expect((await ask()).status).toBe(503);
  });

  it('tells the answerer to stop where whoever asked has left, and calls that no failure', async () => {
    let signal: AbortSignal | undefined;
    const leave = new AbortController();
    const { ask, errors } = route((asked) => {
      signal = asked.signal;
      leave.abort();
      return new Promise(() => undefined);
    });
    await ask(leave.signal);
    expect(signal?.aborted).toBe(true);
    expect(errors).toEqual([]);
  });
});
