/** The whole way, with the real things: NOTIFY, a store on disk, an HTTP and an SMTP server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clock, Store, Timers } from '../ports.ts';
import { openSqliteStore } from '../stores/sqlite.ts';
import { createNotifiers } from './create-notifiers.ts';
import { createFlag } from './flag.ts';
import { startHttpCounterpart } from './http-counterpart.ts';
import { createNoticeWorker, type NoticeWorkerOptions } from './notice-worker.ts';
import { parseChannels } from './parse-channels.ts';
import { startSmtpCounterpart } from './smtp-counterpart.ts';

/** Real time at a hundredfold pace, so that retries after 5 s and 10 s need no patience. */
const pace = 100;
const beganMs = Date.now();
const clock: Clock = { now: () => Math.round(beganMs + (Date.now() - beganMs) * pace) };
const timers: Timers = {
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs / pace);
    return () => clearTimeout(timer);
  },
};

describe('notices, from NOTIFY to the owner', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });

  it('arrive on every channel although these fail and the server restarts in between', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-notices-'));
    cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
    const http = await startHttpCounterpart();
    cleanups.push(http.goDown);
    const smtp = await startSmtpCounterpart();
    cleanups.push(smtp.goDown);
    const errors: string[] = [];
    const onError = (error: unknown): void => void errors.push(String(error));

    const channels = parseChannels(
      `webhook+${http.origin}/hook?secret=s3cret,smtp://127.0.0.1:${smtp.port}?from=blog@example.com&to=owner@example.com`,
    );
    if (!channels.ok) throw new Error(channels.error);
    const notifiers = createNotifiers(channels.value, { version: '1.2.3', onError });
    for (const notifier of notifiers) cleanups.push(notifier.close);

    const startWorker = (store: Store, more: Partial<NoticeWorkerOptions> = {}) =>
      createNoticeWorker({
        store,
        notifiers,
        clock,
        timers,
        holder: crypto.randomUUID(),
        publicUrl: 'https://chat.example.com',
        random: Math.random,
        onError,
        // The receivers live in real time: they must not be hurried.
        limits: { leaseMs: 60_000 * pace, deliveryTimeoutMs: 25_000 * pace },
        ...more,
      });

    const failedTwice = createFlag();
    http.respond((response) => {
      response.writeHead(500).end();
      if (http.posts.length >= 2) failedTwice.raise();
    });
    smtp.onData(() => Promise.reject(Object.assign(new Error('later'), { responseCode: 451 })));

    let store = await openSqliteStore({ dataDir, onError });
    let worker = startWorker(store);
    await store.append({
      conversationId: 'c1',
      message: {
        id: 'm1',
        sender: 'visitor',
        kind: 'contact_request',
        text: '你好，博主',
        atMs: clock.now(),
        contact: { email: 'ann@example.org', userAgent: 'Browser/1.0' },
      },
      owedNotices: notifiers.map(({ channel }) => ({
        channel,
        notBeforeMs: clock.now(),
        reason: 'contact_request',
      })),
    });
    worker.kick();
    await failedTwice.raised;
    await worker.close();
    await store.close();
    expect(smtp.mails).toEqual([]);

    http.respond((response) => void response.writeHead(204).end());
    smtp.onData(async () => undefined);
    const delivered = createFlag();
    const done: string[] = [];
    store = await openSqliteStore({ dataDir, onError });
    worker = startWorker(store, {
      onDelivered({ channel }) {
        done.push(channel);
        if (done.length === 2) delivered.raise();
      },
    });
    await delivered.raised;

    expect(done.toSorted()).toEqual(notifiers.map(({ channel }) => channel).toSorted());
    expect((await store.owedWork()).notices).toBe(0);
    const posts = http.posts.map(({ body }) => JSON.parse(body));
    expect(posts.at(-1)).toMatchObject({
      type: 'contact_request',
      conversation_id: 'c1',
      messages: [{ id: 'm1', message: '你好，博主', email: 'ann@example.org' }],
    });
    expect(new Set(posts.map(({ id }) => id)).size).toBe(1);
    // A delivery that was stopped half-way may have arrived: then under the same Message-ID.
    expect(new Set(smtp.mails.map(({ mail }) => mail.messageId)).size).toBe(1);
    expect(smtp.mails[0]?.mail.text).toContain('你好，博主');
    expect(errors.join('\n')).not.toMatch(/s3cret|博主/);
    await worker.close();
    await store.close();
  }, 30_000);
});
