/** Notices as mail, over the owner's own mail server. */
import { createTransport, type NodemailerError } from 'nodemailer';
import { NoticeFailed, type Notice, type Notifier } from '../notifier-ports.ts';
import type { OnError } from '../ports.ts';
import type { SmtpConfig } from './channel-config.ts';
import { withDeadline } from './deadline.ts';
import type { Voice } from './describe-notice.ts';
import { composeMail, type MailContent } from './mail-content.ts';
import { maskWords } from './mask-words.ts';

export interface SmtpOptions {
  readonly voice: Voice;
  /** Told of recipients that the server refused while it took the mail for others. */
  readonly onError?: OnError;
  /** For one whole delivery, in milliseconds. Default 20 s. */
  readonly timeoutMs?: number;
  /** Certificates (PEM) of authorities to trust instead of Node's own list. */
  readonly ca?: string;
}

const maxErrorChars = 300;

/** How to mend what OpenSSL says of a certificate; empty where it was something else. */
function certificateHint(text: string): string {
  if (/altnames/i.test(text)) return ' (write the host name that stands in its certificate)';
  if (/certificate has expired/i.test(text)) return ' (the server has to renew its certificate)';
  if (/self[- ]signed|unable to (?:verify|get).*(?:certificate|issuer)/i.test(text)) {
    return ' (its certificate is of no known authority; name a file with that authority’s in NODE_EXTRA_CA_CERTS)';
  }
  return '';
}

/**
 * One line of what went wrong. Servers answer with texts of their own, so anything that is, or
 * holds in base64 as `AUTH` sends it, a credential is taken out; so are addresses and the words
 * of the mail.
 */
function describeFailure(
  error: NodemailerError,
  config: SmtpConfig,
  mail: MailContent,
  notice: Notice,
): string {
  const { user = '', password = '' } = config.credentials ?? {};
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const secrets = [password, base64(password), base64(user), base64(`\0${user}\0${password}`)];
  let text = error.message || (error.code ?? 'unknown failure');
  for (const secret of secrets) {
    if (secret !== '') text = text.replaceAll(secret, '***');
  }
  const words = notice.messages.flatMap(({ text: said, contact: { name = '' } }) => [said, name]);
  const line = maskWords(text, [mail.subject, ...words]).slice(0, maxErrorChars);
  return `mail server ${config.host}:${config.port}: ${line}${certificateHint(text)}`;
}

/**
 * A channel that mails each notice to the owner; a reply goes to the visitor where they left an
 * address. Mails of one conversation form one thread. A retry of the same notice has the same
 * `Message-ID`, which mail servers and programs use to drop doubles.
 *
 * TLS: `smtps` from the start, `smtp` by STARTTLS where it is offered; where credentials are given
 * it must be, or nothing is sent. Certificates are verified: a server with a self-signed one is
 * refused, unless it runs on this machine, where neither TLS nor a certificate is asked for.
 *
 * Every failure is worth another try, refused recipients and credentials too: an owner mends
 * those. A mail that the server took for some recipients counts as taken.
 */
export function createSmtpNotifier(config: SmtpConfig, options: SmtpOptions): Notifier {
  const { timeoutMs = 20_000, onError, voice, ca } = options;
  const transport = createTransport({
    pool: true,
    maxConnections: 2,
    maxMessages: 20,
    // Notices are rare: a connection outlives a burst, not the quiet after it.
    idleTimeout: 10_000,
    // One more try where a kept connection turns out dead; beyond it, the owed notice is retried.
    maxRequeues: 1,
    host: config.host,
    port: config.port,
    secure: config.implicitTls,
    requireTLS: !config.implicitTls && !config.loopback && config.credentials !== undefined,
    opportunisticTLS: config.loopback,
    tls: { rejectUnauthorized: !config.loopback, ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    socketCloseTimeout: 1_000,
    ...(config.credentials
      ? { auth: { user: config.credentials.user, pass: config.credentials.password } }
      : {}),
  });

  async function send(notice: Notice, mail: MailContent, signal: AbortSignal): Promise<void> {
    const { replyTo, ...content } = mail;
    const info = await transport.sendMail({
      ...content,
      from: { name: '', ...config.from },
      to: config.to.map((one) => ({ name: '', ...one })),
      ...(replyTo ? { replyTo: { name: '', ...replyTo } } : {}),
      inReplyTo: content.references,
      headers: {
        // RFC 3834: keeps holiday notices from being sent back.
        'Auto-Submitted': 'auto-generated',
        'X-Contact-Chat-Id': notice.id,
      },
      disableFileAccess: true,
      disableUrlAccess: true,
      signal,
    });
    const refused = info.rejected?.length ?? 0;
    if (refused > 0) {
      const problem = `mail server ${config.host}:${config.port} refused ${refused} of ${config.to.length} recipients`;
      onError?.(new Error(problem), { stage: 'notices' });
    }
  }

  async function notify(notice: Notice, { signal }: { signal: AbortSignal }): Promise<void> {
    const mail = composeMail(notice, config.from, voice);
    await withDeadline(signal, timeoutMs, (stopped) =>
      send(notice, mail, stopped).catch((error: NodemailerError) => {
        // The original is not passed on as a cause: it holds the server's unfiltered words.
        throw new NoticeFailed(describeFailure(error, config, mail, notice));
      }),
    );
  }

  return {
    channel: config.channel,
    notify,
    close: async () => transport.close({ force: true }),
  };
}
