import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeHttpChannel, optionsFor, type HttpChannel } from './http-channel.contract.ts';
import { startHttpCounterpart, type HttpCounterpart } from './http-counterpart.ts';
import { failureOf, sampleNotice } from './notifier.contract.ts';
import { parseChannels } from './parse-channels.ts';
import { createSlackNotifier } from './slack.ts';
import { describeReadableChannel } from './readable-channel.contract.ts';

const path = '/services/T0123ABCD/B0123ABCD/abcdefghijklmnop01234567';

const channel = {
  name: 'slack',
  create(origin, options) {
    const parsed = parseChannels(`slack+https://hooks.slack.com${path}?api=${origin}`);
    const config = parsed.ok ? parsed.value[0] : undefined;
    if (config?.kind !== 'slack') throw new Error(parsed.ok ? 'another channel' : parsed.error);
    return createSlackNotifier(config, options);
  },
  secrets: ['T0123ABCD', 'B0123ABCD', 'abcdefghijklmnop01234567'],
  take: (response) => void response.end('ok'),
  textOf: (body) => (JSON.parse(body) as { text: string }).text,
  fits: (body) => (JSON.parse(body) as { text: string }).text.length <= 4_000,
  saysNo: ['invalid_payload', '{"ok":false,"error":"nope"}'],
} satisfies HttpChannel;

describeHttpChannel(channel);
describeReadableChannel(channel);

describe('slack', () => {
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

  it('posts to the webhook, without markup and previews', async () => {
    await send();
    expect(server.posts[0]?.url).toBe(path);
    expect(JSON.parse(server.posts[0]?.body ?? '')).toMatchObject({
      mrkdwn: false,
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
    });
  });

  it('lets no visitor call the channel or hide where a link leads', async () => {
    await send('<!channel> <@U123> <https://evil.example|your bank> &lt;!here&gt; A&B');
    const text = channel.textOf(server.posts[0]?.body ?? '');
    expect(text).toContain(
      '&lt;!channel&gt; &lt;@U123&gt; &lt;https://evil.example|your bank&gt; &amp;lt;!here&amp;gt; A&amp;B',
    );
    expect(text).not.toMatch(/[<>]/);
  });

  it('ends where the address is dead, and says so', async () => {
    for (const [status, words] of [
      [404, 'no_service'],
      [403, 'invalid_token'],
      [410, 'channel_is_archived'],
    ] as const) {
      server.respond((response) => void response.writeHead(status).end(words));
      const failure = await failureOf(send());
      expect(failure.message).toContain(`answered ${status}: ${words}`);
      expect(failure.retryable).toBe(false);
    }
    server.respond((response) => void response.writeHead(400).end('invalid_payload'));
    expect((await failureOf(send())).retryable).toBe(true);
  });
});
