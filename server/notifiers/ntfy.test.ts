import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../notifier-ports.ts';
import { describeHttpChannel, optionsFor, type HttpChannel } from './http-channel.contract.ts';
import { startHttpCounterpart, type HttpCounterpart } from './http-counterpart.ts';
import { failureOf, sampleNotice } from './notifier.contract.ts';
import { createNtfyNotifier } from './ntfy.ts';
import { parseChannels } from './parse-channels.ts';
import { describeReadableChannel } from './readable-channel.contract.ts';

function notifierFor(entry: string, options = optionsFor()) {
  const parsed = parseChannels(entry);
  const config = parsed.ok ? parsed.value[0] : undefined;
  if (config?.kind !== 'ntfy') throw new Error(parsed.ok ? 'another channel' : parsed.error);
  return createNtfyNotifier(config, options);
}

interface Body {
  readonly title: string;
  readonly message: string;
  readonly click: string;
}
const bodyOf = (body: string): Body => JSON.parse(body) as Body;

const channel = {
  name: 'ntfy',
  create: (origin, options) =>
    notifierFor(`ntfy://tk_abcdef0123456789@ntfy.sh/my-secret-topic?api=${origin}`, options),
  secrets: ['tk_abcdef0123456789', 'my-secret-topic'],
  take: (response) => void response.end('{"id":"hwQ2YpKdmg","event":"message"}'),
  textOf(body) {
    const { title, message, click } = bodyOf(body);
    return [title, message, click].join('\n');
  },
  fits: (body) =>
    Buffer.byteLength(body) <= 8_192 && Buffer.byteLength(bodyOf(body).message) <= 4_096,
  saysNo: ['{"code":40101,"http":401,"error":"unauthorized"}'],
} satisfies HttpChannel;

describeHttpChannel(channel);
describeReadableChannel(channel);

describe('ntfy', () => {
  let server: HttpCounterpart;
  beforeEach(async () => {
    server = await startHttpCounterpart();
    server.respond((response) => channel.take(response));
  });
  afterEach(() => server.goDown());

  const send = (entry: string, notice: Notice = sampleNotice): Promise<void> =>
    notifierFor(entry).notify(notice, { signal: new AbortController().signal });

  it('publishes to the topic, opens the conversation on a tap', async () => {
    const { host } = new URL(server.origin);
    await send(`ntfy://${host}/blog`);
    await send(`ntfy://${host}/blog`, { ...sampleNotice, reason: 'visitor_message' });
    const [post, other] = server.posts;
    expect(post?.url).toBe('/');
    expect(post?.headers).not.toHaveProperty('authorization');
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      topic: 'blog',
      title: 'New contact request from Ann',
      click: 'https://chat.example.com/console#/c/conversation-1',
      tags: ['speech_balloon'],
      priority: 4,
    });
    expect(JSON.parse(other?.body ?? '')).toMatchObject({ priority: 3 });
  });

  it('logs in with a token, or with a user and a password', async () => {
    const { host } = new URL(server.origin);
    await send(`ntfy://tk_1234567890@${host}/blog`);
    await send(`ntfy://:tk_1234567890@${host}/blog`);
    await send(`ntfy://phil:p%40ss%C3%A4@${host}/blog`);
    const basic = Buffer.from('phil:p@ssä').toString('base64');
    expect(server.posts.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer tk_1234567890',
      'Bearer tk_1234567890',
      `Basic ${basic}`,
    ]);
  });

  it('says why ntfy refused, without password and topic', async () => {
    const error = 'forbidden: phil with hunter2 on blog-topic, cGhpbDpodW50ZXIy';
    server.respond(
      (response) => void response.writeHead(403).end(JSON.stringify({ code: 40301, error })),
    );
    const { host } = new URL(server.origin);
    const failure = await failureOf(send(`ntfy://phil:hunter2@${host}/blog-topic`));
    expect(failure.message).toContain('answered 403: forbidden');
    expect(failure.message).not.toMatch(/hunter2|blog-topic|cGhpbDpodW50ZXIy/);
  });
});
