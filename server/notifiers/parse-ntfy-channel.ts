/** `ntfy://host/topic`, `ntfy://token@host/topic` and `ntfy://user:password@host/topic`. */
import { failure, success, type Result } from '../../shared/result.ts';
import {
  decodePercent,
  fingerprint,
  isLoopbackHost,
  parseApiAddress,
  parseParameters,
  unencrypted,
} from './channel-address.ts';
import type { NtfyConfig } from './channel-config.ts';

const shape = 'ntfy://host/topic, ntfy://token@host/topic or ntfy://user:password@host/topic';

function authorizationOf(user: string, password: string): string | undefined {
  if (user === '' && password === '') return undefined;
  if (user === '' || password === '') return `Bearer ${user}${password}`;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/**
 * Spoken over https; over http where the host is this machine, unless `ntfy+https` says otherwise.
 *
 * @param address - `ntfy://…`, `ntfy+https://…` or `ntfy+http://…`
 * @returns why it is no ntfy channel, as the end of a sentence, never with any part of the address
 */
export function parseNtfyChannel(address: string): Result<NtfyConfig, string> {
  const [, given, rest = ''] = /^ntfy(?:\+(https?))?:\/\/(.*)$/s.exec(address) ?? [];
  // Of schemes that it does not know, URL does not look at the host.
  const url = URL.canParse(`https://${rest}`) ? new URL(`https://${rest}`) : undefined;
  if (!url) return failure(`is not an address: write ${shape}`);
  const loopback = isLoopbackHost(url.hostname);
  if (given === 'http' && !loopback) return failure(unencrypted);
  if (url.hash !== '') return failure('has a # in it: write %23 in a password');

  const user = decodePercent(url.username);
  const password = decodePercent(url.password);
  const parameters = parseParameters(url.search);
  if (user === undefined || password === undefined || !parameters) {
    return failure('has a broken percent escape: write % itself as %25');
  }
  // What a header cannot carry would fail with every notice.
  if (/[^\x21-\x7e]/.test(user + password) && (user === '' || password === '')) {
    return failure('has a token with characters that no token has');
  }
  const topic = url.pathname.replace(/^\/|\/$/g, '');
  if (!/^[-_a-z0-9]{1,64}$/i.test(topic)) {
    return failure(
      `has no usable topic: write ${shape}, where the topic is up to 64 letters, digits, - or _`,
    );
  }
  const [api, ...more] = parameters;
  if (more.length > 0 || (api !== undefined && api.name !== 'api')) {
    return failure('has a parameter other than one api: take it out');
  }
  const own = `${given ?? (loopback ? 'http' : 'https')}://${url.host}`;
  const parsedApi = api === undefined ? success(own) : parseApiAddress(api.value);
  if (!parsedApi.ok) return parsedApi;

  const authorization = authorizationOf(user, password);
  return success({
    kind: 'ntfy',
    // Where nobody has to log in, the topic itself is the password.
    channel: `ntfy:${url.host}#${fingerprint(topic)}`,
    api: parsedApi.value,
    topic,
    ...(authorization === undefined ? {} : { authorization, passwords: [user, password] }),
  });
}
