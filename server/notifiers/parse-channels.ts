/** `NOTIFY`: from one line of configuration to the channels that reach the owner. */
import { failure, success, type Result } from '../../shared/result.ts';
import type { ChannelConfig } from './channel-config.ts';
import { parseChatHookChannel } from './parse-chat-hook-channel.ts';
import { parseNtfyChannel } from './parse-ntfy-channel.ts';
import { parseSmtpChannel } from './parse-smtp-channel.ts';
import { parseTelegramChannel } from './parse-telegram-channel.ts';
import { parseWebhookChannel } from './parse-webhook-channel.ts';

/** What people write when they mean a webhook, or a service's own address. */
const bareSchemes: ReadonlyMap<string, string> = new Map([
  ...['http', 'https', 'webhook'].map(
    (scheme) => [scheme, 'webhook+https://…, slack+https://… or discord+https://…'] as const,
  ),
  ['slack', 'slack+https://…'],
  ['discord', 'discord+https://…'],
]);

const parsers = new Map<string, (entry: string) => Result<ChannelConfig, string>>([
  ['webhook+https', (entry) => parseWebhookChannel(entry.slice('webhook+'.length))],
  ['webhook+http', (entry) => parseWebhookChannel(entry.slice('webhook+'.length))],
  ['smtp', (entry) => parseSmtpChannel('smtp', entry)],
  ['smtps', (entry) => parseSmtpChannel('smtps', entry)],
  ['telegram', parseTelegramChannel],
  ['ntfy', parseNtfyChannel],
  ['ntfy+https', parseNtfyChannel],
  ['ntfy+http', parseNtfyChannel],
  ['slack+https', (entry) => parseChatHookChannel('slack', entry.slice('slack+'.length))],
  ['slack+http', (entry) => parseChatHookChannel('slack', entry.slice('slack+'.length))],
  ['discord+https', (entry) => parseChatHookChannel('discord', entry.slice('discord+'.length))],
  ['discord+http', (entry) => parseChatHookChannel('discord', entry.slice('discord+'.length))],
]);

/** Two entries may reach the same place, such as one mailbox through two servers. */
function withUniqueName(config: ChannelConfig, taken: ReadonlySet<string>): ChannelConfig {
  let channel = config.channel;
  for (let copy = 2; taken.has(channel); copy += 1) channel = `${config.channel}~${copy}`;
  return { ...config, channel };
}

/**
 * Parses `NOTIFY`: addresses separated by commas; a comma inside one is written `%2C`. Blank
 * entries are skipped, so that a trailing comma does no harm.
 *
 * ```ts
 * parseChannels('webhook+https://hooks.example.com/chat?secret=s3cret,smtp://127.0.0.1:25?from=a@b.example&to=c@d.example')
 * ```
 *
 * @returns the channels in the order written, or one line that says which entry is wrong and how
 *   to mend it. Nothing of an entry but a known scheme is ever repeated there, since what was
 *   typed wrongly may be a password.
 */
export function parseChannels(notify: string): Result<ChannelConfig[], string> {
  const configs: ChannelConfig[] = [];
  const entries = notify.split(',').map((entry) => entry.trim());
  const seen = new Map<string, number>();
  for (const [index, entry] of entries.entries()) {
    if (entry === '') continue;
    const scheme = /^([a-z+]+):\/\//i.exec(entry)?.[1]?.toLowerCase() ?? '';
    const wrong = (what: string, shown = true): Result<ChannelConfig[], string> =>
      failure(`NOTIFY entry ${index + 1}${shown ? ` (${scheme}://…)` : ''} ${what}`);

    const meant = bareSchemes.get(scheme);
    if (meant !== undefined) return wrong(`is not a channel: write ${meant}`);
    const parse = parsers.get(scheme);
    if (!parse) {
      return wrong(
        'does not begin with a known scheme: write smtp://, smtps://, webhook+https://, telegram://, ntfy://, slack+https:// or discord+https://, and a comma inside an entry as %2C',
        false,
      );
    }
    const earlier = seen.get(entry);
    if (earlier !== undefined) return wrong(`repeats entry ${earlier}: take one of them out`);
    seen.set(entry, index + 1);

    const parsed = parse(scheme + entry.slice(scheme.length));
    if (!parsed.ok) return wrong(parsed.error);
    configs.push(withUniqueName(parsed.value, new Set(configs.map(({ channel }) => channel))));
  }
  return success(configs);
}
