/** What every way to reach the owner must do, run against the real thing it talks to. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoticeFailed, type Notice, type Notifier } from '../notifier-ports.ts';

/** A real receiver in the hands of a test. */
export interface Counterpart {
  /** A new adapter that delivers here. */
  notifier(options?: { readonly timeoutMs: number }): Notifier;
  behave(how: 'take' | 'refuse' | 'hang'): void;
  /** Stops listening and drops every connection. */
  goDown(): Promise<void>;
  /** Listens again at the same address. */
  comeUp(): Promise<void>;
  /** What was taken, in order: the notice's id and a text that holds the messages. */
  taken(): readonly { readonly id: string; readonly text: string }[];
  /** Resolves when a delivery hangs here. */
  hanging(): Promise<void>;
  /** Resolves when the hanging delivery's connection is gone. */
  released(): Promise<void>;
  close(): Promise<void>;
}

export const sampleNotice: Notice = {
  id: 'a1b2c3d4',
  reason: 'contact_request',
  conversationId: 'conversation-1',
  url: 'https://chat.example.com/console#/c/conversation-1',
  messages: [
    {
      id: 'm1',
      seq: 1,
      text: '你好，我想了解这个项目',
      atMs: Date.UTC(2025, 0, 2, 3, 4, 5),
      contact: { name: 'Ann', email: 'ann@example.org', userAgent: 'Browser/1.0' },
    },
    {
      id: 'm2',
      seq: 3,
      text: 'And in English.',
      atMs: Date.UTC(2025, 0, 2, 3, 5, 6),
      contact: { page: { url: 'https://blog.example.com/a?b=1&c=2', title: 'A post' } },
    },
  ],
};

const never = (): AbortSignal => new AbortController().signal;

/** The failure of a delivery that must fail. */
export async function failureOf(delivery: Promise<void>): Promise<NoticeFailed> {
  const error = await delivery.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(NoticeFailed);
  return error as NoticeFailed;
}

export function describeNotifier(name: string, start: () => Promise<Counterpart>): void {
  describe(`${name} keeps the contract of a notifier`, () => {
    let counterpart: Counterpart;
    let notifier: Notifier;

    beforeEach(async () => {
      counterpart = await start();
      notifier = counterpart.notifier();
    });
    afterEach(async () => {
      await notifier.close();
      await counterpart.close();
    });

    const notify = (signal = never()): Promise<void> => notifier.notify(sampleNotice, { signal });

    it('resolves when the counterpart has taken the notice with all its messages', async () => {
      await notify();
      const [taken, ...more] = counterpart.taken();
      expect(more).toEqual([]);
      expect(taken?.id).toBe(sampleNotice.id);
      for (const { text } of sampleNotice.messages) expect(taken?.text).toContain(text);
    });

    it('takes several at once, and the same one again under the same id', async () => {
      const other = { ...sampleNotice, id: 'other', conversationId: 'conversation-2' };
      await Promise.all([notify(), notifier.notify(other, { signal: never() })]);
      await notify();
      const ids = counterpart.taken().map(({ id }) => id);
      expect(ids.toSorted()).toEqual(['a1b2c3d4', 'a1b2c3d4', 'other']);
    });

    it('rejects where the counterpart refuses, in one line, and delivers when it no longer does', async () => {
      counterpart.behave('refuse');
      const failure = await failureOf(notify());
      expect(failure.retryable).toBe(true);
      expect(failure.message).not.toMatch(/[\r\n]|了解这个项目|English/);
      expect(counterpart.taken()).toEqual([]);
      counterpart.behave('take');
      await notify();
      expect(counterpart.taken()).toHaveLength(1);
    });

    it('rejects while the counterpart is down, and delivers when it is up again', async () => {
      await notify();
      await counterpart.goDown();
      expect((await failureOf(notify())).retryable).toBe(true);
      await counterpart.comeUp();
      await notify();
      expect(counterpart.taken()).toHaveLength(2);
    });

    it('gives up on a counterpart that hangs, and lets go of it', async () => {
      const impatient = counterpart.notifier({ timeoutMs: 1_500 });
      counterpart.behave('hang');
      const failure = await failureOf(impatient.notify(sampleNotice, { signal: never() }));
      expect(failure.retryable).toBe(true);
      expect(failure.message).toContain('no answer within 1.5 s');
      await counterpart.released();
      await impatient.close();
    });

    it('stops when told to, and lets go of the counterpart', async () => {
      counterpart.behave('hang');
      const stop = new AbortController();
      const delivery = failureOf(notify(stop.signal));
      await counterpart.hanging();
      stop.abort();
      await delivery;
      await counterpart.released();
    });

    it('does not begin where it was told to stop before', async () => {
      await failureOf(notify(AbortSignal.abort()));
      expect(counterpart.taken()).toEqual([]);
    });

    it('closes twice without harm', async () => {
      await notify();
      await notifier.close();
      await notifier.close();
    });
  });
}
