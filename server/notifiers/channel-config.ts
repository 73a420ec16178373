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

export type ChannelConfig = WebhookConfig | SmtpConfig;
