/** Mails as a mail program reads them, after a real SMTP server has taken them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../notifier-ports.ts';
import type { SmtpConfig } from './channel-config.ts';
import { createVoice } from './describe-notice.ts';
import { sampleNotice } from './notifier.contract.ts';
import { configFor, startSmtpCounterpart, type SmtpCounterpart } from './smtp-counterpart.ts';
import { createSmtpNotifier } from './smtp.ts';

describe('a mail to the owner', () => {
  let server: SmtpCounterpart;
  beforeEach(async () => {
    server = await startSmtpCounterpart();
  });
  afterEach(() => server.goDown());

  async function send(
    config: SmtpConfig,
    notice: Notice = sampleNotice,
    lang = 'en',
  ): Promise<void> {
    const notifier = createSmtpNotifier(config, { voice: createVoice(lang, 'UTC') });
    await notifier.notify(notice, { signal: new AbortController().signal });
    await notifier.close();
  }

  const withMessage = (text: string, contact = {}): Notice => ({
    ...sampleNotice,
    messages: [{ id: 'm', seq: 1, text, atMs: 0, contact }],
  });

  it('writes a mail with all that is known, answered to the visitor', async () => {
    const to = [{ address: 'owner@example.com' }, { address: 'second@example.net' }];
    await send(configFor(server.port, { to }));
    const { mail } = server.mails[0] ?? {};
    expect(server.recipients).toEqual(['owner@example.com', 'second@example.net']);
    expect(mail?.subject).toBe('[contact-chat] New contact request from Ann · And in English.');
    expect(mail?.from?.text).toBe('"Blog" <blog@example.com>');
    expect(mail?.replyTo?.value).toEqual([{ name: 'Ann', address: 'ann@example.org' }]);
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    for (const part of [mail?.text, mail?.html]) {
      expect(part).toContain('2025-01-02 03:04:05 UTC');
      expect(part).toContain('你好，我想了解这个项目');
      expect(part).toContain('And in English.');
      expect(part).toContain('Browser/1.0');
      expect(part).toContain('ann@example.org');
      expect(part).toContain('A post · https://blog.example.com/a?b=1');
      expect(part).toContain('https://chat.example.com/console#/c/conversation-1');
    }
  });

  it('speaks the owner’s language, and names the visitor’s', async () => {
    const heldBack = { messages: 12, sinceMs: Date.UTC(2025, 0, 2, 2, 42) };
    const notice: Notice = { ...sampleNotice, lang: 'de', heldBack };
    await send(configFor(server.port), notice, 'zh-CN');
    await send(configFor(server.port), notice, 'en');
    const [zh, en] = server.mails.map(({ mail }) => mail);
    expect(zh?.subject).toBe('[contact-chat] Ann发来联系请求 · And in English.');
    expect(en?.subject).toBe('[contact-chat] New contact request from Ann · And in English.');
    for (const part of [zh?.text, String(zh?.html)]) {
      for (const words of ['来自', '德语', '另有 12 条消息自 02:42 起等待发送', '查看并回复']) {
        expect(part).toContain(words);
      }
    }
    for (const part of [en?.text, String(en?.html)]) {
      for (const words of ['German', '12 more messages have been waiting since 02:42']) {
        expect(part).toContain(words);
      }
    }
  });

  it('needs no words where a visitor pressed a button', async () => {
    await send(configFor(server.port), { ...withMessage(''), reason: 'human_request' });
    expect(server.mails[0]?.mail.subject).toBe('[contact-chat] A visitor asks for you');
    expect(server.mails[0]?.mail.text).toContain('(asked for you without writing a message)');
  });

  it('counts what would make a mail endless, and shows the newest', async () => {
    const messages = Array.from({ length: 100 }, (_, index) => ({
      ...{ id: `m${index}`, seq: index + 1, contact: {}, atMs: Date.UTC(2025, 0, 2, 10, index) },
      text: `${index} ${'x'.repeat(4_000)}`,
    }));
    await send(configFor(server.port), { ...sampleNotice, messages });
    const { mail } = server.mails[0] ?? {};
    const shown = [...(mail?.text ?? '').matchAll(/^(\d+) x/gm)].map(([, index]) => Number(index));
    expect(shown.length).toBeGreaterThan(10);
    expect(shown).toEqual(Array.from({ length: shown.length }, (_, at) => 100 - shown.length + at));
    const words = `… and ${100 - shown.length} more messages since 10:00`;
    expect(mail?.text).toContain(words);
    expect(mail?.html).toContain('more messages since 10:00');
  });

  it('keeps the Message-ID over retries and threads by conversation', async () => {
    await send(configFor(server.port));
    await send(configFor(server.port));
    await send(configFor(server.port), { ...sampleNotice, id: 'later' });
    const [first, again, later] = server.mails.map(({ mail }) => mail);
    expect(first?.messageId).toMatch(/^<notice\.[0-9a-f]+@example\.com>$/);
    expect(again?.messageId).toBe(first?.messageId);
    expect(later?.messageId).not.toBe(first?.messageId);
    expect(later?.references).toBe(first?.references);
    expect(later?.inReplyTo).toBe(first?.references);
  });

  it('lets nothing of a visitor become a header, a recipient or markup', async () => {
    const attack = 'Eve\r\nBcc: victim@example.net\r\n\r\n<script>alert(1)</script>';
    await send(
      configFor(server.port),
      withMessage(`${attack}\u2028Subject: x\u202e\n.\n.leading dot\nQUIT`, {
        name: `${attack}", <victim@example.net>`,
        email: 'eve@example.org',
        userAgent: '<img src=x onerror=1>',
        page: { url: 'javascript:alert(1)', title: '"><b>' },
      }),
    );
    const { mail, raw = '' } = server.mails[0] ?? {};
    expect(server.recipients).toEqual(['owner@example.com']);
    expect(mail?.headers.has('bcc')).toBe(false);
    expect(raw.match(/^Subject:/gim)).toHaveLength(1);
    expect(mail?.subject).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    expect(mail?.replyTo?.value.map(({ address }) => address)).toEqual(['eve@example.org']);
    expect(mail?.text).toContain('\n.\n.leading dot\nQUIT');
    expect(mail?.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(mail?.html).not.toMatch(/<script|<img|<b>|href="javascript/);
  });

  it('has no Reply-To where the address would not be one', async () => {
    for (const email of ['', 'a@b.c, d@e.f', 'a b@c.d', 'a@b.c\r\nBcc: d@e.f', '<a@b.c>']) {
      await send(configFor(server.port), withMessage('hello', { email, name: 'Eve' }));
    }
    expect(server.mails).toHaveLength(5);
    for (const { mail } of server.mails) {
      expect(mail.replyTo).toBeUndefined();
      expect(mail.headers.has('bcc')).toBe(false);
    }
  });

  it('carries long texts of any script unharmed, and cuts the subject between characters', async () => {
    const family = '👩‍👩‍👧‍👦';
    const texts = ['长'.repeat(4_000), family.repeat(300), 'x'.repeat(4_000), 'é\t\n  zwei'];
    for (const text of texts) await send(configFor(server.port), withMessage(text));
    for (const [index, text] of texts.entries()) {
      expect(server.mails[index]?.mail.text).toContain(text);
      expect(server.mails[index]?.mail.html).toContain(text);
    }
    const subjects = server.mails.map(({ mail }) => mail.subject);
    expect(subjects[0]).toBe(
      `[contact-chat] New contact request from a visitor · ${'长'.repeat(60)}…`,
    );
    expect(subjects[1]).toBe(
      `[contact-chat] New contact request from a visitor · ${family.repeat(60)}…`,
    );
    expect(subjects[3]).toBe('[contact-chat] New contact request from a visitor · é zwei');
  });
});
