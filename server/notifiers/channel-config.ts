/** What one entry of `NOTIFY` says, parsed. Secrets stand in these objects: they are never logged. */

export interface WebhookConfig {
  readonly kind: 'webhook';
  /** Names the channel in the store and in logs; holds no secret. */
  readonly channel: string;
  /** http(s) address to post to, without the `secret` parameter. */
  readonly url: string;
  /** Key of the signature; absent = posts are not signed. */
  readonly secret?: string;
}

export interface MailAddress {
  readonly address: string;
  readonly name?: string;
}

export interface SmtpConfig {
  readonly kind: 'smtp';
  /** Names the channel in the store and in logs; holds no secret. */
  readonly channel: string;
  /** A host name, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps`); otherwise STARTTLS. */
  readonly implicitTls: boolean;
  /** The server is this machine: then no certificate is asked for and TLS is optional. */
  readonly loopback: boolean;
  readonly credentials?: { readonly user: string; readonly password: string };
  readonly from: MailAddress;
  /** At least one. */
  readonly to: readonly MailAddress[];
}

export interface TelegramConfig {
  readonly kind: 'telegram';
  /** Names the channel in the store and in logs; holds no secret. */
  readonly channel: string;
  /** http(s) address of the Bot API, without a slash at its end. */
  readonly api: string;
  readonly token: string;
  /** A number, negative for groups, or `@name` of a public channel. */
  readonly chat: string;
}

export interface NtfyConfig {
  readonly kind: 'ntfy';
  /** Names the channel in the store and in logs; holds no secret, which the topic may be. */
  readonly channel: string;
  /** http(s) address of the server. */
  readonly api: string;
  readonly topic: string;
  /** Value of the header of this name; absent = none is sent. */
  readonly authorization?: string;
  /** What in `authorization` is secret, as it was typed. */
  readonly passwords?: readonly string[];
}

/** An incoming webhook of a chat: whoever has its address can write there. */
export interface ChatHookConfig {
  readonly kind: 'slack' | 'discord';
  /** Names the channel in the store and in logs; holds no secret. */
  readonly channel: string;
  /** http(s) address to post to. */
  readonly url: string;
  /** Parts of the address that must not be shown. */
  readonly secrets: readonly string[];
}

export type ChannelConfig =
  | WebhookConfig
  | SmtpConfig
  | TelegramConfig
  | NtfyConfig
  | ChatHookConfig;
