/** `slack+https://…` and `discord+https://…`: incoming webhooks. */
import { failure, success, type Result } from '../../shared/result.ts';
import {
  fingerprint,
  isLoopbackHost,
  parseApiAddress,
  parseParameters,
  unencrypted,
} from './channel-address.ts';
import type { ChatHookConfig } from './channel-config.ts';

const shapes: Readonly<Record<ChatHookConfig['kind'], string>> = {
  slack: 'slack+https://hooks.slack.com/services/T…/B…/…',
  discord: 'discord+https://discord.com/api/webhooks/…/…',
};

/** Names the version of the interface: without, Discord takes an old one. */
function withVersion(url: URL): void {
  if (/^(?:\w+\.)?discord(?:app)?\.com$/.test(url.hostname)) {
    url.pathname = url.pathname.replace(/^\/api\/(?=webhooks\/)/, '/api/v10/');
  }
}

/** Parts of path and query, without those that are words: hiding them would hide what is said. */
const secretsOf = (url: URL): string[] => {
  const all = `${url.pathname}${url.search}`.split(/[/?&=]/);
  const parts = all.filter((part) => part.length >= 6 && /[^a-z]/.test(part));
  return [url.href, `${url.pathname}${url.search}`, ...parts];
};

/**
 * @param address - `http://…` or `https://…`, the scheme's `slack+` or `discord+` already taken off
 * @returns why it is no channel, as the end of a sentence, never with any part of the address
 */
export function parseChatHookChannel(
  kind: ChatHookConfig['kind'],
  address: string,
): Result<ChatHookConfig, string> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) return failure(`is not an address: write ${shapes[kind]}`);
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) return failure(unencrypted);
  if (url.username !== '' || url.password !== '') {
    return failure(`has a user name or password in it: write ${shapes[kind]}`);
  }
  if (url.hash !== '') return failure('has a # in it: take it away');
  if (url.pathname === '/') return failure(`has no path: write ${shapes[kind]}`);
  const parameters = parseParameters(url.search);
  if (!parameters) return failure('has a broken percent escape: write % itself as %25');
  const apis = parameters.filter(({ name }) => name === 'api');
  if (apis.length > 1) return failure('has more than one api: keep one');
  url.search = parameters
    .filter(({ name }) => name !== 'api')
    .map(({ raw }) => raw)
    .join('&');
  // By the address as it was given: where it is sent to may change, and keeps what is owed.
  const channel = `${kind}:${url.host}#${fingerprint(url.href)}`;
  const [api] = apis;
  if (kind === 'discord') withVersion(url);
  let target = url;
  if (api !== undefined) {
    const parsed = parseApiAddress(api.value);
    if (!parsed.ok) return parsed;
    target = new URL(`${parsed.value}${url.pathname}${url.search}`);
  }
  return success({ kind, channel, url: target.href, secrets: secretsOf(target) });
}
