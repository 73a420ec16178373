/** The one place that lists the ways to reach the owner. A new channel adds a line here. */
import type { Notifier } from '../notifier-ports.ts';
import type { OnError } from '../ports.ts';
import type { ChannelConfig } from './channel-config.ts';
import { createVoice, type Voice } from './describe-notice.ts';
import { createDiscordNotifier } from './discord.ts';
import { createNtfyNotifier } from './ntfy.ts';
import { createSlackNotifier } from './slack.ts';
import { createSmtpNotifier } from './smtp.ts';
import { createTelegramNotifier } from './telegram.ts';
import { createWebhookNotifier } from './webhook.ts';

export interface NotifierOptions {
  /** Version of this program. */
  readonly version: string;
  /** The owner's language, BCP 47. Default: `zh-CN`, as `DEFAULT_LANG`. */
  readonly lang?: string;
  /** Told of what went wrong although the notice was taken. */
  readonly onError?: OnError;
}

/** The adapter of a configured channel; see `parseChannels`. */
function createNotifier(
  config: ChannelConfig,
  { version, onError }: NotifierOptions,
  voice: Voice,
): Notifier {
  switch (config.kind) {
    case 'webhook':
      return createWebhookNotifier(config, { version });
    case 'smtp':
      return createSmtpNotifier(config, { voice, ...(onError ? { onError } : {}) });
    case 'telegram':
      return createTelegramNotifier(config, { version, voice });
    case 'ntfy':
      return createNtfyNotifier(config, { version, voice });
    case 'slack':
      return createSlackNotifier(config, { version, voice });
    case 'discord':
      return createDiscordNotifier(config, { version, voice });
  }
}

/** Adapters for all configured channels, in their order. None connects before its first notice. */
export function createNotifiers(
  configs: readonly ChannelConfig[],
  options: NotifierOptions,
): Notifier[] {
  const voice = createVoice(options.lang ?? 'zh-CN');
  return configs.map((config) => createNotifier(config, options, voice));
}
