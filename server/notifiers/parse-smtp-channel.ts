/** `smtp://user:password@host:587?from=…&to=…` and `smtps://`. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { failure, success, type Result } from '../../shared/result.ts';
import { decodePercent, fingerprint, isLoopbackHost, parseParameters } from './channel-address.ts';
import type { MailAddress, SmtpConfig } from './channel-config.ts';

const defaultPorts = { smtp: 587, smtps: 465 };

const plainAddress = /^[^\s@,;:<>"()[\]\\]+@[^\s@.,;:<>"()[\]\\]+(?:\.[^\s@.,;:<>"()[\]\\]+)*$/;
const namedAddress = /^([^<>"\p{Cc}]*)<([^<>]*)>$/u;

/** `a@example.com` or `Name <a@example.com>`. */
function parseMailAddress(text: string): MailAddress | undefined {
  const named = namedAddress.exec(text.trim());
  const address = (named?.[2] ?? text).trim();
  const name = named?.[1]?.trim() ?? '';
  // RFC 5321, 4.5.3.1.3: 256 octets with the brackets around it.
  if (!plainAddress.test(address) || Buffer.byteLength(address) > 254) return undefined;
  return name === '' ? { address } : { address, name };
}

function parseHost(urlHost: string): string | undefined {
  const bare = urlHost.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return bare;
  // Of schemes that it does not know, URL leaves the host as it is but for percent escapes.
  const name = domainToASCII(decodePercent(bare) ?? '');
  return /^[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$/.test(name) ? name : undefined;
}

/**
 * @param address - `smtp://…` or `smtps://…`
 * @returns why it is no mail channel, as the end of a sentence, never with any part of the address
 */
export function parseSmtpChannel(
  scheme: 'smtp' | 'smtps',
  address: string,
): Result<SmtpConfig, string> {
  const shape = `${scheme}://user:password@host:${defaultPorts[scheme]}?from=…&to=…`;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return failure(
      `is not an address: write ${shape}, with / ? # @ and : of a password percent-encoded`,
    );
  }
  const host = parseHost(url.hostname);
  if (host === undefined) return failure(`has no usable host: write ${shape}`);
  if (url.port === '0') return failure('has port 0: give the port of the mail server');
  if (!/^\/?$/.test(url.pathname) || url.hash !== '') {
    return failure(
      `has a / or # where none belongs: write ${shape}, with / as %2F and # as %23 in a password`,
    );
  }

  const user = decodePercent(url.username);
  const password = decodePercent(url.password);
  const parameters = parseParameters(url.search);
  if (user === undefined || password === undefined || !parameters) {
    return failure('has a broken percent escape: write % itself as %25');
  }
  if ((user === '') !== (password === '')) {
    return failure('has a user without a password or the reverse: give both, or neither');
  }
  if (parameters.some(({ name }) => name !== 'from' && name !== 'to')) {
    return failure('has a parameter other than from and to: write & inside a value as %26');
  }

  const senders = parameters.filter(({ name }) => name === 'from');
  if (senders.length === 0) return failure('names no sender: add from=blog@example.com');
  const from = senders.length === 1 ? parseMailAddress(senders[0]?.value ?? '') : undefined;
  if (!from) return failure('needs one valid sender: from=blog@example.com');

  const recipients = parameters
    .filter(({ name }) => name === 'to')
    .flatMap(({ value }) => value.split(','))
    .filter((text) => text.trim() !== '');
  if (recipients.length === 0) return failure('names no recipient: add to=owner@example.com');
  const to = recipients.map(parseMailAddress).filter((one) => one !== undefined);
  if (to.length !== recipients.length) {
    return failure('has a recipient that is not an e-mail address: to=owner@example.com');
  }

  // Named for whom it reaches, not how: whoever mends the server, the password or the sender
  // keeps the notices that are still owed.
  const whom = [...new Set(to.map((one) => one.address.toLowerCase()))].sort();
  const domain = whom[0]?.split('@')[1] ?? '';
  return success({
    kind: 'smtp',
    channel: `smtp:${domain}#${fingerprint(whom.join(','))}`,
    host,
    port: url.port === '' ? defaultPorts[scheme] : Number(url.port),
    implicitTls: scheme === 'smtps',
    loopback: isLoopbackHost(host),
    ...(user === '' ? {} : { credentials: { user, password } }),
    from,
    to,
  });
}
