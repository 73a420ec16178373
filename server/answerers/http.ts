/** Answers from a question-answering service that is there already: one POST a question. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Answerer, AnswerProgress, Question } from '../answerer-ports.ts';
import { cleanAnswer, cleanCitations } from './clean-text.ts';
import { readEvents } from './event-stream.ts';
import { BadReply, replyInEvents, replyInJson, type Reply } from './http-reply.ts';

export interface HttpAnswererOptions {
  /** Where questions are posted to. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
  /** Before a question is posted once more, in milliseconds; default 500. */
  readonly retryAfterMs?: number;
  /** What an answer may take, in milliseconds, for whoever asks to keep to. */
  readonly timeoutMs?: number;
}

const historyMessages = 20;
const maxBodyBytes = 1024 * 1024;
const maxRedirects = 3;
/** Of a server that is being started anew, or of what stands before it. */
const passing = new Set([502, 503]);

/** The service could not be reached, or says itself that it will be back. */
class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/**
 * Posts `{message, history, conversation_id}` and takes `{message, citations?}` or a
 * `text/event-stream` (`replyInEvents`). A question is posted once more where the service could
 * not be reached, broke off, or said 502 or 503, before any text came. Failures never quote the
 * question nor the reply. How long it may take is up to the caller's signal.
 *
 *     const answerer = createHttpAnswerer({ url: 'http://127.0.0.1:9000/ask', token });
 */
export function createHttpAnswerer(options: HttpAnswererOptions): Answerer {
  const { url, token, retryAfterMs = 500, timeoutMs } = options;
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream, application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };

  async function ask(
    question: Question,
    signal: AbortSignal,
    progress: AnswerProgress | undefined,
  ): Promise<Answer> {
    const response = await post(url, { headers, body: bodyOf(question), signal });
    try {
      if (passing.has(response.status)) throw new Unreachable(saidStatus(response.status));
      if (!response.ok) throw new BadReply(saidStatus(response.status));
      const reply = await readReply(response, progress);
      const text = cleanAnswer(reply.text);
      if (text === '') throw new BadReply('The service at QA_URL gave an empty answer');
      return { text, citations: cleanCitations(reply.citations), outcome: 'found' };
    } finally {
      // What is left of the body is not wanted, and its connection would be held.
      await response.body?.cancel().catch(() => undefined);
    }
  }

  return {
    name: 'http',
    historyMessages,
    ...(timeoutMs !== undefined && { timeoutMs }),
    async answer(question, { signal, progress }) {
      let shown = false;
      const watched = progress && {
        ...progress,
        delta(text: string) {
          shown = true;
          progress.delta(text);
        },
      };
      try {
        return await ask(question, signal, watched);
      } catch (error) {
        if (!(error instanceof Unreachable) || shown || signal.aborted) throw error;
      }
      await delay(retryAfterMs, undefined, { signal });
      return ask(question, signal, progress);
    },
    describe: () => `questions are posted to ${withoutSecrets(url)}`,
    // A service that is down is no reason to take no messages.
    ready: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

const bodyOf = ({ text, history, conversationId }: Question): string =>
  JSON.stringify({
    message: text,
    history: history.map((one) => ({ sender: one.sender, message: one.text })),
    ...(conversationId === undefined ? {} : { conversation_id: conversationId }),
  });

/** Redirected only within the service's own host, so that the token reaches nobody else. */
async function post(
  url: string,
  init: {
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly signal: AbortSignal;
  },
): Promise<Response> {
  let target = new URL(url);
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const response = await fetch(target, { ...init, method: 'POST', redirect: 'manual' }).catch(
      (error: unknown) => {
        throw init.signal.aborted ? error : unreachable(error);
      },
    );
    if (response.status < 300 || response.status >= 400) return response;
    await response.body?.cancel().catch(() => undefined);
    const location = response.headers.get('location');
    const next = location !== null && URL.canParse(location, target) && new URL(location, target);
    // 301 to 303 would turn the question into a GET.
    const keeps = response.status === 307 || response.status === 308;
    const isSafe = next && next.hostname === target.hostname && !isDowngrade(target, next);
    if (!next || !keeps || !isSafe) {
      throw new BadReply(
        `${saidStatus(response.status)}, a redirect that is not followed: set QA_URL to the address that answers`,
      );
    }
    target = next;
  }
  throw new BadReply('The service at QA_URL redirects without end');
}

const isDowngrade = (from: URL, to: URL): boolean =>
  !/^https?:$/.test(to.protocol) || (from.protocol === 'https:' && to.protocol !== 'https:');

async function readReply(response: Response, progress: AnswerProgress | undefined): Promise<Reply> {
  const type = response.headers.get('content-type') ?? '';
  if (/^\s*text\/event-stream\b/i.test(type)) {
    return replyInEvents(readEvents(textOf(response)), progress);
  }
  if (/^\s*application\/(?:[\w.+-]*\+)?json\b/i.test(type)) {
    let body = '';
    for await (const chunk of textOf(response)) body += chunk;
    return replyInJson(body);
  }
  const shown = /^[\w.+/-]{1,80}/.exec(type.trim())?.[0] ?? 'no type';
  throw new BadReply(
    `The service at QA_URL replied with ${shown}; application/json or text/event-stream is expected`,
  );
}

/** The body as text, in pieces, up to a limit. */
async function* textOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > maxBodyBytes) {
        throw new BadReply(`The service at QA_URL replied with more than ${maxBodyBytes} bytes`);
      }
      yield decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    throw error instanceof BadReply ? error : unreachable(error);
  }
  yield decoder.decode();
}

const saidStatus = (status: number): string =>
  `The service at QA_URL answered with status ${status}`;

/** Only its code: a message may quote what was sent. */
function unreachable(error: unknown): Unreachable {
  const causes = [error, (error as { readonly cause?: unknown } | undefined)?.cause];
  const code = causes.map((one) => (one as { code?: unknown } | undefined)?.code).find(Boolean);
  const why = typeof code === 'string' ? ` (${code})` : '';
  return new Unreachable(`The service at QA_URL cannot be reached, or broke off${why}`);
}

/** For logs: a query may hold a key. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
