/** The one place that lists the ways to reach the owner. A new channel adds a line here. */
import type { Notifier, OnError } from '../ports.ts';
import type { ChannelConfig } from './channel-config.ts';
import { createSmtpNotifier } from './smtp.ts';
import { createWebhookNotifier } from './webhook.ts';

export interface NotifierOptions {
  /** Version of this program. */
  readonly version: string;
  /** Told of what went wrong although the notice was taken. */
  readonly onError?: OnError;
}

/** The adapter of a configured channel; see `parseChannels`. */
function createNotifier(config: ChannelConfig, options: NotifierOptions): Notifier {
  switch (config.kind) {
    case 'webhook':
      return createWebhookNotifier(config, { version: options.version });
    case 'smtp':
      return createSmtpNotifier(config, options.onError ? { onError: options.onError } : {});
  }
}

/** Adapters for all configured channels, in their order. None connects before its first notice. */
export const createNotifiers = (
  configs: readonly ChannelConfig[],
  options: NotifierOptions,
): Notifier[] => configs.map((config) => createNotifier(config, options));
