/** A question-answering service on a real port, for tests. */
import { afterAll, beforeAll } from 'vitest';
import { startHttpCounterpart, type HttpCounterpart } from '../notifiers/http-counterpart.ts';
import type { Answer, Question } from '../answerer-ports.ts';
import { createHttpAnswerer } from './http.ts';

export const question: Question = { text: 'Why?', lang: 'en', conversationId: 'c', history: [] };
/** Calls nothing off. */
export const none = new AbortController().signal;
export const events = { 'content-type': 'text/event-stream; charset=utf-8' };
export const json = { 'content-type': 'application/json' };

/** What is waited for until it is opened. */
export function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** Starts a service before the tests of this file and ends it after them. */
export function useQaService() {
  let service: HttpCounterpart | undefined;
  beforeAll(async () => {
    service = await startHttpCounterpart();
  });
  afterAll(() => service?.goDown());
  const current = (): HttpCounterpart => {
    if (!service) throw new Error('there is no service yet');
    return service;
  };

  /** Asks, with what was shown meanwhile: pieces, or `restart`. */
  async function ask(asked = question): Promise<{ answer: Answer; shown: string[] }> {
    const shown: string[] = [];
    const answerer = createHttpAnswerer({ url: `${current().origin}/ask`, retryAfterMs: 1 });
    const answer = await answerer.answer(asked, {
      signal: none,
      progress: {
        delta: (text) => void shown.push(text),
        restart: () => void shown.push('restart'),
      },
    });
    return { answer, shown };
  }

  return {
    current,
    ask,
    /** Every question gets this from now on. */
    reply: (body: string, headers: Record<string, string> = json, status = 200): void =>
      current().respond((response) => void response.writeHead(status, headers).end(body)),
    failure: (): Promise<string> =>
      ask().then(
        () => 'no failure',
        (error: unknown) => (error as Error).message,
      ),
  };
}
