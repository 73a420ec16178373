/** What every channel that a person reads must say, and how much of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../notifier-ports.ts';
import { optionsFor, type HttpChannel } from './http-channel.contract.ts';
import { startHttpCounterpart, type HttpCounterpart } from './http-counterpart.ts';
import { failureOf, sampleNotice } from './notifier.contract.ts';

export function describeReadableChannel(
  channel: HttpChannel & Required<Pick<HttpChannel, 'fits'>>,
): void {
  describe(`${channel.name}, read by the owner`, () => {
    let server: HttpCounterpart;
    beforeEach(async () => {
      server = await startHttpCounterpart();
      server.respond((response) => channel.take(response));
    });
    afterEach(() => server.goDown());

    async function read(notice: Notice, lang = 'en'): Promise<string> {
      await channel
        .create(server.origin, optionsFor(lang))
        .notify(notice, { signal: new AbortController().signal });
      const { body = '' } = server.posts.at(-1) ?? {};
      expect(channel.fits(body)).toBe(true);
      const text = channel.textOf(body);
      expect(text.isWellFormed()).toBe(true);
      return text;
    }

    const saying = (...texts: string[]): Notice => ({
      ...sampleNotice,
      messages: texts.map((text, index) => ({
        ...{ id: `m${index}`, seq: index + 1, text, contact: {} },
        atMs: Date.UTC(2025, 0, 2, 10, 40 + index),
      })),
    });

    it('says who wrote what, when, where and in which language, and where to answer', async () => {
      const heldBack = { messages: 12, sinceMs: Date.UTC(2025, 0, 2, 2, 42) };
      const notice: Notice = { ...sampleNotice, lang: 'de', heldBack };
      const en = await read(notice);
      for (const words of [
        ...[
          'New contact request from Ann',
          'ann@example.org',
          'A post · https://blog.example.com/a',
        ],
        ...['German', '2025-01-02 03:04:05 UTC', '你好，我想了解这个项目', 'And in English.'],
        '12 more messages have been waiting since 02:42 and follow',
        'https://chat.example.com/console#/c/conversation-1',
      ]) {
        expect(en).toContain(words);
      }
      const zh = await read(notice, 'zh-CN');
      for (const words of ['Ann发来联系请求', '德语', '另有 12 条消息自 02:42 起等待发送']) {
        expect(zh).toContain(words);
      }
    });

    it('names a visitor who left no name, and a wish for a person without words', async () => {
      const text = await read({ ...saying(''), reason: 'human_request' });
      expect(text).toContain('A visitor asks for you');
      expect(text).toContain('From: a visitor');
      expect(text).toContain('(asked for you without writing a message)');
    });

    it('cuts what is too long between code points, and keeps the address', async () => {
      const units = ['x', '长', '𠮷', '👩‍👩‍👧', '"', '\\', '&', '*', 'a\n', '\u202e', '@a '];
      // At odd and at even places: a cut that counts in halves would be wrong in one of them.
      for (const start of ['', 'x']) {
        for (const unit of units) {
          const text = await read(saying(start + unit.repeat(6_000 / [...unit].length)));
          expect(text).toContain('…');
          expect(text).toContain('console#/c/conversation-1');
        }
      }
    });

    it('drops control characters, which some services refuse, but not lines', async () => {
      const text = await read(saying('one\u0000\u0007\u001b[31m\u009f\r\n\ttwo'));
      expect(text).toContain('one[31m\n\ttwo');
    });

    it('shows the newest messages where not all fit, and counts the others', async () => {
      const texts = Array.from(
        { length: 30 },
        (_, index) => `text-${index}. ${'word '.repeat(80)}`,
      );
      const text = await read(saying(...texts));
      const shown = [...text.matchAll(/text\\?-(\d+)\./g)].map(([, index]) => Number(index));
      expect(shown.length).toBeGreaterThan(1);
      expect(shown).toEqual(
        Array.from({ length: shown.length }, (_, at) => 30 - shown.length + at),
      );
      expect(text).toContain(`… and ${30 - shown.length} more messages since 10:40`);
    });

    it('carries its secret to no other host, be it as safe as it likes', async () => {
      const addresses: string[] = [];
      const fetch: typeof globalThis.fetch = async (address) => {
        addresses.push(new Request(address).url);
        const headers = { location: 'https://elsewhere.example/x' };
        return new Response(null, { status: 308, headers });
      };
      const notifier = channel.create(server.origin, optionsFor('en', { fetch }));
      const { signal } = new AbortController();
      const failure = await failureOf(notifier.notify(sampleNotice, { signal }));
      expect(failure.message).toContain('redirects (308) to another host');
      expect(addresses).toHaveLength(1);
    });

    it('still arrives where a visitor fills every field', async () => {
      const endless = '*_[@&<'.repeat(400);
      const page = { url: `https://blog.example.com/${endless}`.slice(0, 2_048), title: endless };
      const contact = { name: endless.slice(0, 100), email: endless.slice(0, 254), page };
      const messages = saying(endless).messages.map((message) => ({ ...message, contact }));
      const text = await read({ ...sampleNotice, messages, lang: 'x-'.repeat(30) });
      expect(text).toContain('console#/c/conversation-1');
    });
  });
}
