import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../notifier-ports.ts';
import { describeHttpChannel, optionsFor, type HttpChannel } from './http-channel.contract.ts';
import { startHttpCounterpart, type HttpCounterpart } from './http-counterpart.ts';
import { failureOf, sampleNotice } from './notifier.contract.ts';
import { parseChannels } from './parse-channels.ts';
import { createTelegramNotifier } from './telegram.ts';
import { describeReadableChannel } from './readable-channel.contract.ts';

const token = '123456789:AAF-abcdefghijklmnopqrstuvwxyz01234';

function create(origin: string, options: Parameters<HttpChannel['create']>[1], chat = '-1001234') {
  const parsed = parseChannels(`telegram://${token}@${chat}?api=${origin}`);
  const config = parsed.ok ? parsed.value[0] : undefined;
  if (config?.kind !== 'telegram') throw new Error(parsed.ok ? 'another channel' : parsed.error);
  return createTelegramNotifier(config, options);
}

interface Body {
  readonly chat_id: string;
  readonly text: string;
}
const bodyOf = (body: string): Body => JSON.parse(body) as Body;

const channel = {
  name: 'telegram',
  create,
  secrets: [token, token.slice(10)],
  take: (response) => void response.end('{"ok":true,"result":{"message_id":1}}'),
  textOf: (body) => bodyOf(body).text,
  fits: (body) => bodyOf(body).text.length <= 4_096,
  saysNo: [
    '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}',
    // Nothing that is not a yes counts: half an answer, a captive portal.
    '{"ok":tr',
    '<html>Log in to the hotel</html>',
    '',
  ],
} satisfies HttpChannel;

describeHttpChannel(channel);
describeReadableChannel(channel);

describe('telegram', () => {
  let server: HttpCounterpart;
  beforeEach(async () => {
    server = await startHttpCounterpart();
    server.respond((response) => channel.take(response));
  });
  afterEach(() => server.goDown());

  const send = (notice: Notice = sampleNotice, chat?: string): Promise<void> =>
    create(server.origin, optionsFor(), chat).notify(notice, {
      signal: new AbortController().signal,
    });
  const answer = (status: number, body: object): void =>
    server.respond((response) => void response.writeHead(status).end(JSON.stringify(body)));

  it('lets the bot write to the chat, without previews', async () => {
    await send();
    await send(sampleNotice, '@my_channel');
    const [post, named] = server.posts;
    expect(post?.url).toBe(`/bot${token}/sendMessage`);
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      chat_id: '-1001234',
      link_preview_options: { is_disabled: true },
    });
    expect(post?.body).not.toContain('parse_mode');
    expect(JSON.parse(named?.body ?? '')).toMatchObject({ chat_id: '@my_channel' });
  });

  it('heeds the wait that Telegram asks for', async () => {
    answer(429, {
      ok: false,
      description: 'Too Many Requests: retry after 33',
      parameters: { retry_after: 33 },
    });
    expect(await failureOf(send())).toMatchObject({ retryAfterMs: 33_000, retryable: true });
  });

  it('says why Telegram refused', async () => {
    answer(403, { ok: false, description: 'Forbidden: bot was blocked by the user' });
    expect((await failureOf(send())).message).toMatch(
      /answered 403: Forbidden: bot was blocked by the user$/,
    );
  });

  it('follows a group to its new id, once', async () => {
    const moved = { ok: false, description: 'moved', parameters: { migrate_to_chat_id: -1009 } };
    server.respond((response, { body }) => {
      if (bodyOf(body).chat_id === '-1009') channel.take(response);
      else response.writeHead(400).end(JSON.stringify(moved));
    });
    const notifier = create(server.origin, optionsFor());
    const { signal } = new AbortController();
    await notifier.notify(sampleNotice, { signal });
    await notifier.notify(sampleNotice, { signal });
    expect(server.posts.map(({ body }) => bodyOf(body).chat_id)).toEqual([
      ...['-1001234', '-1009', '-1009'],
    ]);
    answer(400, moved);
    await failureOf(send());
    expect(server.posts).toHaveLength(5);
  });

  it('counts an answer that breaks off as not taken', async () => {
    server.respond((response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"ok":true,"result":');
      response.socket?.end();
    });
    expect((await failureOf(send())).message).toContain('did not say whether it took the notice');
  });

  it('lets no visitor call the members of a group, and leaves mail addresses alone', async () => {
    const [message] = sampleNotice.messages;
    if (!message) throw new Error('no message');
    const text = '@admin, (@everyone) mail me@example.org or <b>bold</b>';
    await send({ ...sampleNotice, messages: [{ ...message, text }] });
    expect(channel.textOf(server.posts[0]?.body ?? '')).toContain(
      '@\u2060admin, (@\u2060everyone) mail me@example.org or <b>bold</b>',
    );
  });
});
