/** What every channel over HTTP must do when the service fails, run against real HTTP servers. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice, Notifier } from '../notifier-ports.ts';
import { createVoice } from './describe-notice.ts';
import { createFlag } from './flag.ts';
import { startHttpCounterpart, type HttpCounterpart } from './http-counterpart.ts';
import {
  describeNotifier,
  failureOf,
  sampleNotice,
  type Counterpart,
} from './notifier.contract.ts';
import type { HttpOptions } from './post-json.ts';

export type ChannelOptions = HttpOptions & { readonly voice: ReturnType<typeof createVoice> };

export interface HttpChannel {
  readonly name: string;
  /** An adapter that posts to this origin, with a configuration that holds `secrets`. */
  create(origin: string, options: ChannelOptions): Notifier;
  /** Typed into the configuration; must never be shown. */
  readonly secrets: readonly string[];
  /** Answers as the service does when it has taken a notice. */
  take(response: ServerResponse): void;
  /** What the owner reads, of a post's body. */
  textOf(body: string): string;
  /** Whether the service takes a post with this body. */
  fits?(body: string): boolean;
  /** Answers with a 2xx that say no; each must fail and be tried again. */
  readonly saysNo: readonly string[];
}

export const nowMs = Date.UTC(2025, 0, 2, 3, 4, 5, 678);
export const optionsFor = (lang = 'en', more: Partial<HttpOptions> = {}): ChannelOptions => ({
  version: '1.2.3',
  voice: createVoice(lang, 'UTC'),
  clock: { now: () => nowMs },
  ...more,
});

async function startCounterpart(channel: HttpChannel): Promise<Counterpart> {
  const server = await startHttpCounterpart();
  const taken: { id: string; text: string }[] = [];
  const hanging = createFlag();
  const released = createFlag();
  const take: Parameters<HttpCounterpart['respond']>[0] = (response, { headers, body }) => {
    taken.push({ id: String(headers['x-contact-chat-id']), text: channel.textOf(body) });
    channel.take(response);
  };
  server.respond(take);
  return {
    notifier: (options) => channel.create(server.origin, optionsFor('en', options)),
    behave(how) {
      if (how === 'take') server.respond(take);
      // Echoes what it got, as careless receivers do.
      else if (how === 'refuse')
        server.respond((response, post) => {
          const words = channel.textOf(post.body);
          const body = { ok: false, description: words, error: words, message: words };
          response.writeHead(500).end(JSON.stringify(body));
        });
      else
        server.respond(async (response) => {
          hanging.raise();
          await once(response, 'close');
          released.raise();
        });
    },
    goDown: server.goDown,
    comeUp: server.comeUp,
    taken: () => taken,
    hanging: () => hanging.raised,
    released: () => released.raised,
    close: server.goDown,
  };
}

export function describeHttpChannel(channel: HttpChannel): void {
  describeNotifier(channel.name, () => startCounterpart(channel));

  describe(`${channel.name} over HTTP`, () => {
    let server: HttpCounterpart;
    const others: HttpCounterpart[] = [];
    beforeEach(async () => {
      server = await startHttpCounterpart();
      server.respond((response) => channel.take(response));
    });
    afterEach(async () => {
      for (const each of [server, ...others.splice(0)]) await each.goDown();
    });

    const send = (notice: Notice = sampleNotice, options = optionsFor()): Promise<void> =>
      channel
        .create(server.origin, options)
        .notify(notice, { signal: new AbortController().signal });

    it('says who it is and which notice this is', async () => {
      await send();
      expect(server.posts[0]).toMatchObject({
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'contact-chat/1.2.3',
          'x-contact-chat-id': sampleNotice.id,
        },
      });
    });

    it('heeds Retry-After of 429 and 503, in seconds and as a date, and nothing without sense', async () => {
      const later = new Date(nowMs - 678 + 90_000).toUTCString();
      const past = new Date(nowMs - 90_000).toUTCString();
      const waits: readonly (readonly [number, string, number | undefined])[] = [
        [429, '120', 120_000],
        [503, '120', 120_000],
        [429, later, 90_000 - 678],
        [503, past, 0],
        ...['soon', '-5', '1e9', '99999999999', ''].map(
          (value) => [429, value, undefined] as const,
        ),
        [500, '9', undefined],
      ];
      for (const [status, value, expected] of waits) {
        server.respond(
          (response) => void response.writeHead(status, { 'retry-after': value }).end(),
        );
        const failure = await failureOf(send());
        expect(failure.retryable).toBe(true);
        expect(failure.retryAfterMs).toBe(expected);
      }
    });

    it('tries refusals again, since an owner mends them', async () => {
      for (const status of [400, 401, 403, 404, 408, 413, 500, 502, 504]) {
        server.respond((response) => void response.writeHead(status).end());
        const failure = await failureOf(send());
        expect(failure.retryable).toBe(true);
        expect(failure.message).toContain(`answered ${status}`);
      }
    });

    it('follows 307 and 308 on the same host with the whole post', async () => {
      for (const status of [307, 308]) {
        server.respond((response, { url }) => {
          if (url.startsWith('/moved')) channel.take(response);
          else response.writeHead(status, { location: '/moved' }).end();
        });
        await send();
        const [first, second] = server.posts.slice(-2);
        expect(second).toMatchObject({ method: 'POST', url: '/moved', body: first?.body });
        expect(second?.headers['authorization']).toBe(first?.headers['authorization']);
      }
    });

    it('does not follow a redirect that would drop the post, lead elsewhere in the clear, or never end', async () => {
      const elsewhere = await startHttpCounterpart();
      others.push(elsewhere);
      const refusals: readonly (readonly [number, string | undefined, string])[] = [
        [301, '/moved', 'redirects (301) and would drop'],
        [302, '/moved', 'redirects (302) and would drop'],
        [303, `${elsewhere.origin}/x`, 'redirects (303) and would drop'],
        [307, `${elsewhere.origin}/x`, 'redirects (307) to an address that is not safe'],
        [308, `${elsewhere.origin}/x`, 'redirects (308) to an address that is not safe'],
        [307, 'ftp://127.0.0.1/x', 'redirects (307) to an address that is not safe'],
        [308, 'http://[', 'redirects (308) to nowhere'],
        [307, '/around', 'redirects more than 3 times'],
      ];
      for (const [status, location, words] of refusals) {
        server.respond(
          (response) => void response.writeHead(status, location ? { location } : {}).end(),
        );
        const before = server.posts.length;
        const failure = await failureOf(send());
        expect(failure.message).toContain(words);
        expect(failure.retryable).toBe(true);
        expect(server.posts.length - before).toBeLessThanOrEqual(4);
      }
      expect(elsewhere.posts).toEqual([]);
    });

    it('fails where the service dies before it has answered', async () => {
      server.respond((response) => void response.destroy());
      expect((await failureOf(send())).retryable).toBe(true);
      server.respond((response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\ncontent-le');
      });
      expect((await failureOf(send())).retryable).toBe(true);
      server.respond((response) => {
        response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n');
      });
      expect((await failureOf(send())).retryable).toBe(true);
    });

    it('lets go of an answer that never ends', async () => {
      const closed = createFlag();
      server.respond((response) => {
        response.writeHead(500);
        const flood = setInterval(() => response.write('x'.repeat(10_000)), 1);
        response.on('close', () => {
          clearInterval(flood);
          closed.raise();
        });
      });
      expect((await failureOf(send())).message).toContain('answered 500');
      await closed.raised;
    });

    it('takes no for an answer, whatever its status', async () => {
      for (const body of channel.saysNo) {
        server.respond((response) => void response.writeHead(200).end(body));
        expect((await failureOf(send())).retryable).toBe(true);
      }
    });

    it('shows no secret in what goes to the log', async () => {
      const everywhere = channel.secrets.join(' and ');
      const quotes = { description: everywhere, error: everywhere, message: everywhere };
      const failures = [];
      for (const status of [200, 400, 404, 500]) {
        const body = JSON.stringify({ ok: false, code: 7, ...quotes });
        server.respond((response) => void response.writeHead(status).end(body));
        if (status !== 200 || channel.saysNo.length > 0) failures.push(await failureOf(send()));
      }
      server.respond((response) => void response.writeHead(302, { location: '/x' }).end());
      failures.push(await failureOf(send()));
      await server.goDown();
      failures.push(await failureOf(send()));
      for (const failure of failures) {
        for (let each: unknown = failure; each instanceof Error; each = each.cause) {
          for (const secret of channel.secrets) {
            expect(`${each.message}\n${each.stack}`).not.toContain(secret);
          }
        }
      }
      expect(failures.at(-1)?.message).toContain('could not reach 127.0.0.1');
    });
  });
}
