/** Notices as mail, over the owner's own mail server. */
import { createTransport, type NodemailerError } from 'nodemailer';
import { NoticeFailed, type Notice, type Notifier, type OnError } from '../ports.ts';
import type { SmtpConfig } from './channel-config.ts';
import { withDeadline } from './deadline.ts';
import { composeMail } from './mail-content.ts';
import { maskWords } from './mask-words.ts';

export interface SmtpOptions {
  /** Told of recipients that the server refused while it took the mail for others. */
  readonly onError?: OnError;
  /** For one whole delivery, in milliseconds. Default 20 s. */
  readonly timeoutMs?: number;
}

const maxErrorChars = 300;

/**
 * One line of what went wrong. Servers answer with texts of their own, so anything that is, or
 * holds in base64 as `AUTH` sends it, a credential is taken out; so are addresses and the words
 * of the mail.
 */
function describeFailure(error: NodemailerError, config: SmtpConfig, notice: Notice): string {
  const { user = '', password = '' } = config.credentials ?? {};
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const secrets = [password, base64(password), base64(user), base64(`\0${user}\0${password}`)];
  let text = error.message || (error.code ?? 'unknown failure');
  for (const secret of secrets) {
    if (secret !== '') text = text.replaceAll(secret, '***');
  }
  const { subject } = composeMail(notice, config.from);
  const words = notice.messages.flatMap(({ text: said, contact: { name = '' } }) => [said, name]);
  const line = maskWords(text, [subject, ...words]).slice(0, maxErrorChars);
  return `mail server ${config.host}:${config.port}: ${line}`;
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
export function createSmtpNotifier(config: SmtpConfig, options: SmtpOptions = {}): Notifier {
  const { timeoutMs = 20_000, onError } = options;
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
    tls: { rejectUnauthorized: !config.loopback },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    socketCloseTimeout: 1_000,
    ...(config.credentials
      ? { auth: { user: config.credentials.user, pass: config.credentials.password } }
      : {}),
  });

  async function send(notice: Notice, signal: AbortSignal): Promise<void> {
    const { replyTo, ...content } = composeMail(notice, config.from);
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
    await withDeadline(signal, timeoutMs, (stopped) =>
      send(notice, stopped).catch((error: NodemailerError) => {
        // The original is not passed on as a cause: it holds the server's unfiltered words.
        throw new NoticeFailed(describeFailure(error, config, notice));
      }),
    );
  }

  return {
    channel: config.channel,
    notify,
    close: async () => transport.close({ force: true }),
  };
}
