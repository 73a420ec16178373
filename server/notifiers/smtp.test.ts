import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import type { Notice } from '../notifier-ports.ts';
import type { OnError } from '../ports.ts';
import type { SmtpConfig } from './channel-config.ts';
import { createVoice } from './describe-notice.ts';
import { createFlag } from './flag.ts';
import {
  describeNotifier,
  failureOf,
  sampleNotice,
  type Counterpart,
} from './notifier.contract.ts';
import { configFor, startSmtpCounterpart, type SmtpCounterpart } from './smtp-counterpart.ts';
import { createSmtpNotifier } from './smtp.ts';

const voice = createVoice('en', 'UTC');

const refusal = (code: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode: code });

async function startCounterpart(): Promise<Counterpart> {
  const server = await startSmtpCounterpart();
  const hanging = createFlag();
  return {
    notifier: (options) => createSmtpNotifier(configFor(server.port), { voice, ...options }),
    behave(how) {
      server.onData(async () => {
        if (how === 'refuse') throw refusal(451, 'later, please');
        if (how === 'hang') {
          hanging.raise();
          await new Promise(() => undefined);
        }
      });
    },
    goDown: server.goDown,
    comeUp: server.comeUp,
    taken: () =>
      server.mails.map(({ mail }) => {
        const id = mail.headers.get('x-contact-chat-id');
        return { id: typeof id === 'string' ? id : '', text: mail.text ?? '' };
      }),
    hanging: () => hanging.raised,
    released: () => server.released,
    close: server.goDown,
  };
}

describeNotifier('smtp', startCounterpart);

describe('smtp', () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });

  async function serve(options?: SMTPServerOptions): Promise<SmtpCounterpart> {
    const server = await startSmtpCounterpart(options);
    cleanups.push(server.goDown);
    return server;
  }

  function send(config: SmtpConfig, notice: Notice = sampleNotice, onError?: OnError) {
    const notifier = createSmtpNotifier(config, { voice, ...(onError ? { onError } : {}) });
    cleanups.push(notifier.close);
    return notifier.notify(notice, { signal: new AbortController().signal });
  }

  it('logs in, over STARTTLS and over TLS from the start', async () => {
    const users: unknown[] = [];
    const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, session, done) => {
      users.push([username, password, session.secure]);
      done(null, { user: username });
    };
    const credentials = { user: 'me@example.com', password: 'pä:ss' };
    for (const secure of [false, true]) {
      const server = await serve({ secure, authOptional: false, onAuth });
      await send(configFor(server.port, { credentials, implicitTls: secure }));
      expect(server.mails).toHaveLength(1);
    }
    expect(users).toEqual([
      ['me@example.com', 'pä:ss', true],
      ['me@example.com', 'pä:ss', true],
    ]);
  });

  it('does not trust a self-signed certificate off this machine', async () => {
    for (const secure of [false, true]) {
      const server = await serve({ secure });
      const config = configFor(server.port, { loopback: false, implicitTls: secure });
      const failure = await failureOf(send(config));
      expect(failure.message).toMatch(/self-signed|certificate/i);
      expect(failure.retryable).toBe(true);
      expect(server.mails).toEqual([]);
    }
  });

  it('sends no credentials in the clear off this machine', async () => {
    const logins: unknown[] = [];
    const server = await serve({
      hideSTARTTLS: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth(auth, _session, done) {
        logins.push(auth);
        done(null, { user: 1 });
      },
    });
    const credentials = { user: 'me', password: 'secret' };
    await failureOf(send(configFor(server.port, { loopback: false, credentials })));
    expect(logins).toEqual([]);
    await send(configFor(server.port, { loopback: true, credentials }));
    expect(logins).toHaveLength(1);
  });

  it('tries a refused log-in again later, without the credentials in its words', async () => {
    const server = await serve({
      authOptional: false,
      authMethods: ['PLAIN', 'LOGIN'],
      onAuth(auth, _session, done) {
        const { username, password } = {
          username: String(auth.username),
          password: String(auth.password),
        };
        const sent = Buffer.from(`\0${username}\0${password}`).toString('base64');
        done(
          refusal(535, `no ${password} for ${sent}\r\n${Buffer.from(password).toString('base64')}`),
        );
      },
    });
    const credentials = { user: 'me', password: 'hunter2hunter2' };
    const failure = await failureOf(send(configFor(server.port, { credentials })));
    expect(failure.retryable).toBe(true);
    expect(failure.message).toContain('535');
    expect(failure.message).not.toContain('hunter2');
    expect(failure.message).not.toContain(Buffer.from('hunter2hunter2').toString('base64'));
    expect(failure.message).not.toContain(Buffer.from('\0me\0hunter2hunter2').toString('base64'));
    expect(failure.message).not.toMatch(/[\r\n]/);
  });

  it('passes on no address in full, and nothing of the mail, when the server quotes them', async () => {
    const addresses = '<owner.to@example.com> unknown, visitor.addr@example.org';
    const refusing = await serve({
      onRcptTo: (_address, _session, done) => done(refusal(550, `5.1.1 ${addresses}`)),
    });
    const unknown = await failureOf(send(configFor(refusing.port)));
    expect(unknown.message).toContain('550 5.1.1 <o…@example.com> unknown, v…@example.org');

    const quoting = await serve();
    const text = sampleNotice.messages[0]?.text ?? '';
    quoting.onData(() =>
      Promise.reject(refusal(554, `spam: "${text}" from Ann, subject ${text}…`)),
    );
    const spam = await failureOf(send(configFor(quoting.port)));
    expect(spam.message).toContain('554');
    for (const failure of [unknown, spam]) {
      const logged = [failure.message, failure.stack, String(failure.cause)].join('\n');
      expect(logged).not.toMatch(/owner\.to@|visitor\.addr@|了解|Ann/);
    }
  });

  it('counts a mail as taken when some recipients took it, and says that others did not', async () => {
    const server = await serve({
      onRcptTo({ address }, _session, done) {
        done(address.startsWith('gone') ? refusal(550, 'no such user') : null);
      },
    });
    const problems: string[] = [];
    const onError: OnError = (error) => void problems.push(String(error));
    const gone = { address: 'gone@example.com' };
    const to = [gone, { address: 'owner@example.com' }];
    await send(configFor(server.port, { to }), sampleNotice, onError);
    expect(server.recipients).toEqual(['owner@example.com']);
    expect(problems).toEqual([expect.stringContaining('refused 1 of 2 recipients')]);

    const failure = await failureOf(send(configFor(server.port, { to: [gone] })));
    expect(failure.retryable).toBe(true);
    expect(failure.message).toContain('550');
  });

  it('fails on 421 at the door, and on a server that is full', async () => {
    const busy = await serve({ onConnect: (_session, done) => done(refusal(421, 'too busy')) });
    expect((await failureOf(send(configFor(busy.port)))).retryable).toBe(true);
    const full = await serve({
      onMailFrom: (_from, _session, done) => done(refusal(452, 'no space')),
    });
    expect((await failureOf(send(configFor(full.port)))).message).toContain('452');
  });

  it('fails where the connection breaks after the text, and sends the next one', async () => {
    const server = await serve({ hideSTARTTLS: true });
    const notifier = createSmtpNotifier(configFor(server.port), { voice });
    cleanups.push(notifier.close);
    const notify = () => notifier.notify(sampleNotice, { signal: new AbortController().signal });
    server.onData(async () => server.cut());
    await failureOf(notify());
    server.onData(async () => undefined);
    await notify();
  });

  /** A server that says what it likes, in answer to each line or unasked. */
  async function impostor(onSocket: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      onSocket(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
    return (server.address() as AddressInfo).port;
  }

  it('gives up on a server that never greets, and on one that trickles', async () => {
    for (const words of ['', '220-slow\r\n']) {
      const port = await impostor((socket) => {
        const drip = setInterval(() => socket.write(words), 50);
        socket.on('close', () => clearInterval(drip));
      });
      const notifier = createSmtpNotifier(configFor(port), { voice, timeoutMs: 300 });
      cleanups.push(notifier.close);
      const { signal } = new AbortController();
      expect((await failureOf(notifier.notify(sampleNotice, { signal }))).retryable).toBe(true);
    }
  });

  it('survives servers that talk nonsense, before and within TLS', async () => {
    const lines = (answer: (line: string, socket: Socket) => void) => (socket: Socket) => {
      socket.write('220 hello\r\n');
      socket.on('data', (data) => answer(String(data), socket));
    };
    const port = await impostor(
      lines((line, socket) => {
        if (line.startsWith('EHLO')) socket.write('250-x\r\n250 STARTTLS\r\n');
        else if (line.startsWith('STARTTLS')) socket.write('220 go\r\n');
        else socket.end('no TLS at all');
      }),
    );
    const hangsUp = await impostor(
      lines((line, socket) => {
        if (line.startsWith('EHLO')) socket.write('250-x\r\n250 STARTTLS\r\n');
        else socket.end('220 go\r\n');
      }),
    );
    const web = await impostor((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const flood = await impostor((socket) => {
      socket.write('220-'.repeat(1_000_000));
    });
    for (const each of [port, hangsUp, web, flood]) {
      expect((await failureOf(send(configFor(each)))).retryable).toBe(true);
    }
  });
});
