/** A real SMTP server that receives the owner's mail, for tests. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { SmtpConfig } from './channel-config.ts';
import { createFlag } from './flag.ts';

/** A channel to a counterpart's port, as `NOTIFY` would configure it. */
export const configFor = (port: number, more: Partial<SmtpConfig> = {}): SmtpConfig => ({
  kind: 'smtp',
  channel: 'smtp:test',
  host: '127.0.0.1',
  port,
  implicitTls: false,
  loopback: true,
  from: { address: 'blog@example.com', name: 'Blog' },
  to: [{ address: 'owner@example.com' }],
  ...more,
});

export interface SmtpCounterpart {
  readonly port: number;
  /** Mails taken, in order, as a mail program would read them. */
  readonly mails: readonly { readonly mail: ParsedMail; readonly raw: string }[];
  /** Who the mails were for, as the envelopes said. */
  readonly recipients: readonly string[];
  /** What a client does before a mail is taken; a promise that never settles lets it hang. */
  onData(handler: () => Promise<void>): void;
  readonly released: Promise<void>;
  /** Breaks every connection without a word; only where `hideSTARTTLS` is set. */
  cut(): void;
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
}

export async function startSmtpCounterpart(
  options: SMTPServerOptions = {},
): Promise<SmtpCounterpart> {
  const mails: { mail: ParsedMail; raw: string }[] = [];
  const recipients: string[] = [];
  const sockets = new Set<Socket>();
  const released = createFlag();
  let beforeTaking = async (): Promise<void> => undefined;

  async function receive(stream: AsyncIterable<Buffer>): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    await beforeTaking();
    const raw = Buffer.concat(chunks);
    mails.push({ mail: await simpleParser(raw), raw: raw.toString('latin1') });
  }

  let server: SMTPServer | undefined;
  async function listen(port: number): Promise<number> {
    server = new SMTPServer({
      // Also silences its remark that the certificate is one that everybody knows.
      logger: false,
      authOptional: true,
      disableReverseLookup: true,
      closeTimeout: 50,
      onData(stream, session, done) {
        receive(stream).then(
          () => {
            recipients.push(...session.envelope.rcptTo.map(({ address }) => address));
            done();
          },
          (error: Error) => done(error),
        );
      },
      onClose: () => released.raise(),
      ...options,
    });
    // Clients that break off mid-way are what some tests are about.
    server.on('error', () => undefined);
    const listener = server.listen(port, '127.0.0.1');
    listener.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await once(listener, 'listening');
    return (listener.address() as AddressInfo).port;
  }
  const port = await listen(0);

  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    mails,
    recipients,
    onData: (handler) => void (beforeTaking = handler),
    released: released.raised,
    cut,
    async goDown() {
      const closing = server;
      server = undefined;
      if (!closing) return;
      // Not by `cut`: Node 20 crashes where a socket is destroyed below a TLS handshake.
      await new Promise<void>((resolve) => closing.close(resolve));
    },
    comeUp: async () => void (await listen(port)),
  };
}
