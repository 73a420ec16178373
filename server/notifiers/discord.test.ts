import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiscordNotifier } from './discord.ts';
import { describeHttpChannel, optionsFor, type HttpChannel } from './http-channel.contract.ts';
import { startHttpCounterpart, type HttpCounterpart } from './http-counterpart.ts';
import { failureOf, sampleNotice } from './notifier.contract.ts';
import { parseChannels } from './parse-channels.ts';
import { describeReadableChannel } from './readable-channel.contract.ts';

const path = '/api/webhooks/1234567890123/abcDEF-ghi_JKL0123456789';

/** Takes the backslashes away that Discord shows nothing of. */
const shown = (content: string): string => content.replace(/\\([^0-9A-Za-z\s])/g, '$1');
const contentOf = (body: string): string => (JSON.parse(body) as { content: string }).content;

const channel = {
  name: 'discord',
  create(origin, options) {
    const parsed = parseChannels(`discord+https://discord.com${path}?api=${origin}`);
    const config = parsed.ok ? parsed.value[0] : undefined;
    if (config?.kind !== 'discord') throw new Error(parsed.ok ? 'another channel' : parsed.error);
    return createDiscordNotifier(config, options);
  },
  secrets: ['abcDEF-ghi_JKL0123456789', '1234567890123'],
  take: (response) => void response.writeHead(204).end(),
  textOf: (body) => shown(contentOf(body)),
  fits: (body) => contentOf(body).length <= 2_000,
  saysNo: ['{"message":"Cannot send an empty message","code":50006}'],
} satisfies HttpChannel;

describeHttpChannel(channel);
describeReadableChannel(channel);

describe('discord', () => {
  let server: HttpCounterpart;
  beforeEach(async () => {
    server = await startHttpCounterpart();
    server.respond((response) => channel.take(response));
  });
  afterEach(() => server.goDown());

  const send = (text = 'hello'): Promise<void> =>
    channel.create(server.origin, optionsFor()).notify(
      {
        ...sampleNotice,
        messages: sampleNotice.messages.slice(0, 1).map((message) => ({ ...message, text })),
      },
      { signal: new AbortController().signal },
    );
  const answer = (status: number, body: object, headers = {}): void =>
    server.respond((response) => {
      response.writeHead(status, headers).end(JSON.stringify(body));
    });

  it('posts to the webhook of the current interface, with no mention and no preview', async () => {
    await send();
    expect(server.posts[0]?.url).toBe(path.replace('/api/', '/api/v10/'));
    expect(JSON.parse(server.posts[0]?.body ?? '')).toMatchObject({
      allowed_mentions: { parse: [] },
      flags: 4,
    });
  });

  it('lets no visitor call everyone or hide where a link leads', async () => {
    await send(
      '@everyone @here <@123> <@&4> [your bank](https://evil.example) **b** ||s|| `c` \\*\n# big\n> q\n- l',
    );
    expect(contentOf(server.posts[0]?.body ?? '')).toContain(
      '@\u200beveryone @\u200bhere \\<@123\\> \\<@&4\\> \\[your bank\\](https://evil.example) ' +
        '\\*\\*b\\*\\* \\|\\|s\\|\\| \\`c\\` \\\\\\*\n\\# big\n\\> q\n\\- l',
    );
  });

  it('leaves addresses as they are, so that they lead where they should', async () => {
    const text = 'see https://blog.example.com/a_b_c?x=1&y=~z#-top, or snake_case';
    await send(text);
    expect(contentOf(server.posts[0]?.body ?? '')).toContain(
      'https://blog.example.com/a_b_c?x=1&y=',
    );
    expect(contentOf(server.posts[0]?.body ?? '')).toContain('snake\\_case');
  });

  it('heeds the wait that Discord asks for, in parts of a second', async () => {
    answer(
      429,
      { message: 'You are being rate limited.', retry_after: 1.337 },
      { 'retry-after': '2' },
    );
    expect(await failureOf(send())).toMatchObject({ retryAfterMs: 1_337, retryable: true });
    answer(429, {}, { 'retry-after': '65' });
    expect((await failureOf(send())).retryAfterMs).toBe(65_000);
  });

  it('ends where the webhook was deleted, and says so', async () => {
    answer(404, { message: 'Unknown Webhook', code: 10_015 });
    const gone = await failureOf(send());
    expect(gone.message).toContain('answered 404: Unknown Webhook');
    expect(gone.retryable).toBe(false);
    answer(401, { message: 'Invalid Webhook Token', code: 50_027 });
    expect((await failureOf(send())).retryable).toBe(false);
    answer(404, { message: '404: Not Found', code: 0 });
    expect((await failureOf(send())).retryable).toBe(true);
  });
});
