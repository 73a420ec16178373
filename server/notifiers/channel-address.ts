/** Reading the addresses of `NOTIFY`: what its entries have in common. */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { failure, success, type Result } from '../../shared/result.ts';

/** Percent-decodes a text; `undefined` where the escapes are not UTF-8. */
export function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export interface Parameter {
  readonly name: string;
  readonly value: string;
  /** As it stood in the address. */
  readonly raw: string;
}

/**
 * The parameters of a query, `undefined` where one cannot be decoded. Unlike `URLSearchParams`,
 * `+` stays `+`: `to=owner+blog@example.com` means what it says.
 *
 * @param search - with or without its `?`
 */
export function parseParameters(search: string): readonly Parameter[] | undefined {
  const parameters: Parameter[] = [];
  for (const raw of search.replace(/^\?/, '').split('&')) {
    if (raw === '') continue;
    const equals = raw.indexOf('=');
    const name = decodePercent(equals < 0 ? raw : raw.slice(0, equals));
    const value = equals < 0 ? '' : decodePercent(raw.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    parameters.push({ name, value, raw });
  }
  return parameters;
}

/** Whether a host (a name, or an IP address with or without brackets) is this machine. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(bare) !== 0) return ipaddr.process(bare).range() === 'loopback';
  // RFC 6761, 6.3: these names never leave the machine.
  return bare === 'localhost' || bare.endsWith('.localhost');
}

/** Why an address may not be used for visitors' messages, as the end of a sentence. */
export const unencrypted =
  'would send visitors’ messages unencrypted: use https, or a loopback host such as 127.0.0.1';

/**
 * Reads `?api=`, which leads to another server than the service's own.
 *
 * @returns an http(s) address without a slash at its end; http only to this machine
 */
export function parseApiAddress(value: string): Result<string, string> {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    return failure('has an api that is not an address: write ?api=https://host');
  }
  if (url.username !== '' || url.password !== '') {
    return failure('has a user name or password in its api: write ?api=https://host');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) return failure(unencrypted);
  return success(url.href.replace(/\/+$/, ''));
}

/** Eight hex digits that tell apart what would otherwise read the same. */
export const fingerprint = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8);
