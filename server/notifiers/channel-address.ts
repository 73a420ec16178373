/** Reading the addresses of `NOTIFY`: what its entries have in common. */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

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

/** Eight hex digits that tell apart what would otherwise read the same. */
export const fingerprint = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8);
