/** `webhook+https://host/path?secret=…`, and `webhook+http://` on this machine. */
import { failure, success, type Result } from '../../shared/result.ts';
import { fingerprint, isLoopbackHost, parseParameters, unencrypted } from './channel-address.ts';
import type { WebhookConfig } from './channel-config.ts';

/** From here on a part of a path may be a token, and is not shown. */
const shownSegmentChars = 16;

const shownPath = (path: string): string =>
  path
    .split('/')
    .map((segment) => (segment.length < shownSegmentChars ? segment : '…'))
    .join('/')
    .replace(/\/$/, '');

/**
 * @param address - `http://…` or `https://…`, the scheme's `webhook+` already taken off
 * @returns why it is no webhook, as the end of a sentence, never with any part of the address
 */
export function parseWebhookChannel(address: string): Result<WebhookConfig, string> {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return failure('is not an address: write webhook+https://host/path?secret=…');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return failure(unencrypted);
  }
  if (url.username !== '' || url.password !== '') {
    return failure('has a user name or password in it: sign with ?secret=… instead');
  }
  if (url.hash !== '') {
    return failure('has a # in it: write %23 where one is meant, or take it away');
  }
  const parameters = parseParameters(url.search);
  if (!parameters) return failure('has a broken percent escape: write % itself as %25');
  const secrets = parameters.filter(({ name }) => name === 'secret');
  if (secrets.length > 1) return failure('has more than one secret: keep one');
  const secret = secrets[0]?.value;
  if (secret === '') return failure('has an empty secret: give it a value, or take ?secret= away');

  const rest = parameters.filter(({ name }) => name !== 'secret').map(({ raw }) => raw);
  url.search = rest.join('&');
  return success({
    kind: 'webhook',
    // Without the secret: whoever changes it keeps the notices that are still owed.
    channel: `webhook:${url.host}${shownPath(url.pathname)}#${fingerprint(url.href)}`,
    url: url.href,
    ...(secret === undefined ? {} : { secret }),
  });
}
