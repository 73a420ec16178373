/** Notices in a Slack channel, by an incoming webhook. */
import type { Notice, Notifier } from '../notifier-ports.ts';
import type { ChatHookConfig } from './channel-config.ts';
import { withDeadline } from './deadline.ts';
import type { Voice } from './describe-notice.ts';
import { fitNotice, renderPlain } from './fit-notice.ts';
import {
  defaultTimeoutMs,
  jsonObject,
  postJson,
  retryAfterOf,
  wallClock,
  type HttpOptions,
} from './post-json.ts';
import { refused } from './service-answer.ts';

/** https://api.slack.com/changelog/2018-04-truncating-really-long-messages: beyond it is cut. */
const maxChars = 4_000;

/** https://api.slack.com/docs/message-formatting: these three begin mentions and links. */
const escapeControl = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** https://api.slack.com/messaging/webhooks#handling_errors: this address will not work again. */
const deadReasons = new Set([
  'no_service',
  'no_service_id',
  'no_team',
  'no_active_hooks',
  'invalid_token',
  'team_disabled',
  'channel_is_archived',
]);

/** Slack's words, which are one word; anything longer is not from Slack and is not repeated. */
const reasonOf = (body = ''): string | undefined => /^[a-z_]{2,60}$/.exec(body.trim())?.[0];

/**
 * A channel that posts to an incoming webhook. Markup is switched off and the characters that
 * begin mentions are escaped, so that a visitor can neither call a channel's members nor hide where
 * a link leads; links get no preview.
 */
export function createSlackNotifier(
  config: ChatHookConfig,
  options: HttpOptions & { readonly voice: Voice },
): Notifier {
  const { clock = wallClock, timeoutMs = defaultTimeoutMs, voice } = options;

  async function notify(notice: Notice, { signal }: { signal: AbortSignal }): Promise<void> {
    const text = fitNotice(
      notice,
      voice,
      (description) => renderPlain(description, { escape: escapeControl }, voice),
      (rendered) => rendered.length <= maxChars,
    );
    await withDeadline(signal, timeoutMs, async (stopped) => {
      const answer = await postJson(
        {
          url: config.url,
          headers: { 'x-contact-chat-id': notice.id },
          body: JSON.stringify({
            text,
            mrkdwn: false,
            link_names: false,
            unfurl_links: false,
            unfurl_media: false,
          }),
          redirects: 'same_host',
          readBody: true,
        },
        options,
        stopped,
      );
      const reason = reasonOf(answer.body);
      const taken = reason === undefined || reason === 'ok';
      if (answer.ok && taken && jsonObject(answer.body)['ok'] !== false) return;
      throw refused(answer, notice, {
        reason,
        secrets: config.secrets,
        retryAfterMs: retryAfterOf(answer, clock.now()),
        gone: answer.status === 410 || (reason !== undefined && deadReasons.has(reason)),
      });
    });
  }

  return { channel: config.channel, notify, close: async () => undefined };
}
