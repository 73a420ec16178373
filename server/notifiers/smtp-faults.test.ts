/** Certificates as a certificate authority makes them, and mail servers on a bad day. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createVoice } from './describe-notice.ts';
import { failureOf, sampleNotice } from './notifier.contract.ts';
import { configFor, startSmtpCounterpart, type SmtpCounterpart } from './smtp-counterpart.ts';
import { createSmtpNotifier, type SmtpOptions } from './smtp.ts';

const voice = createVoice('en', 'UTC');
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function serve(options?: SMTPServerOptions): Promise<SmtpCounterpart> {
  const server = await startSmtpCounterpart(options);
  cleanups.push(server.goDown);
  return server;
}

function notifierFor(
  config: ReturnType<typeof configFor>,
  options: Partial<SmtpOptions> = {},
): { notify(): Promise<void> } {
  const notifier = createSmtpNotifier(config, { voice, ...options });
  cleanups.push(notifier.close);
  return {
    notify: () => notifier.notify(sampleNotice, { signal: new AbortController().signal }),
  };
}

const refusal = (code: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode: code });

describe('mail over TLS', () => {
  let folder = '';
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

  const program = 'openssl';
  const openssl = (...args: string[]): Buffer =>
    execFileSync(program, args, { cwd: folder, stdio: 'pipe' });

  /** Signs a certificate for these names, good for so many days; negative = expired. */
  function certify(name: string, names: string, period: readonly string[]): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/CN=mail');
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key'],
      ...['-set_serial', '7', '-extfile', `${name}.ext`, '-out', `${name}.crt`, ...period],
    );
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'contact-chat-certificates-'));
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=Test authority'],
    );
    certify('good', 'DNS:localhost', ['-days', '2']);
    certify('other', 'DNS:mail.example.com', ['-days', '2']);
    certify('expired', 'DNS:localhost', ['-days', '-1']);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Off this machine for all that the channel knows: then certificates count. */
  const remote = (port: number, implicitTls: boolean) =>
    configFor(port, { host: 'localhost', loopback: false, implicitTls });

  it('is sent where an authority that is trusted vouches for the server', async () => {
    for (const secure of [true, false]) {
      const server = await serve({ secure, key: read('good.key'), cert: read('good.crt') });
      await notifierFor(remote(server.port, secure), { ca: read('ca.crt') }).notify();
      expect(server.mails).toHaveLength(1);
    }
  });

  it('is not sent to anybody else, and says what is wrong with the certificate', async () => {
    for (const [name, ca, words] of [
      ['good', undefined, 'NODE_EXTRA_CA_CERTS'],
      ['other', 'ca.crt', 'write the host name that stands in its certificate'],
      ['expired', 'ca.crt', 'certificate has expired (the server has to renew its certificate)'],
    ] as const) {
      for (const secure of [true, false]) {
        const server = await serve({ secure, key: read(`${name}.key`), cert: read(`${name}.crt`) });
        const options = ca === undefined ? {} : { ca: read(ca) };
        const failure = await failureOf(notifierFor(remote(server.port, secure), options).notify());
        expect(failure.message).toContain(words);
        expect(failure.retryable).toBe(true);
        expect(server.mails).toEqual([]);
      }
    }
  });
});

describe('a mail server on a bad day', () => {
  it('that lists senders grey takes the mail when it comes again', async () => {
    let tries = 0;
    const server = await serve({
      onRcptTo(_address, _session, done) {
        tries += 1;
        done(tries === 1 ? refusal(450, '4.2.0 Greylisted, try again in 60 seconds') : null);
      },
    });
    const notifier = notifierFor(configFor(server.port));
    const failure = await failureOf(notifier.notify());
    expect(failure.message).toContain('450 4.2.0 Greylisted');
    expect(failure.retryable).toBe(true);
    await notifier.notify();
    expect(server.mails).toHaveLength(1);
  });

  it('that shuts down in the middle of a dialogue gets the mail later', async () => {
    let closing = true;
    const server = await serve({
      onMailFrom(_from, _session, done) {
        done(closing ? refusal(421, '4.3.2 Service shutting down') : null);
      },
    });
    const notifier = notifierFor(configFor(server.port));
    expect((await failureOf(notifier.notify())).message).toContain('421');
    closing = false;
    await notifier.notify();
    expect(server.mails).toHaveLength(1);
  });

  it('that never answers the log-in is given up on', async () => {
    const server = await serve({ authOptional: false, onAuth: () => undefined });
    const credentials = { user: 'me', password: 'hunter2' };
    const config = configFor(server.port, { credentials });
    const failure = await failureOf(notifierFor(config, { timeoutMs: 500 }).notify());
    expect(failure.retryable).toBe(true);
    expect(failure.message).toContain('no answer within 0.5 s');
  });
});
