import ipaddr from 'ipaddr.js';
import type { PushSubscriptionJson } from '../../shared/console-protocol.ts';
import { isLoopbackHost } from './origins.ts';

/** Names that mean this machine or its own network (RFC 6761, 6762, 8375, and `internal`). */
const privateNames = /(?:^|\.)(?:localhost|local|internal|lan|intranet|home\.arpa)$/;

/**
 * Whether notices may be sent to this address. It comes from a browser, and this server will call
 * it: so it is https, and a public name or address, lest a subscription make the server knock at
 * doors that only it can reach. A server that listens on loopback alone may also have its push
 * service there.
 */
export function isPushEndpoint(endpoint: string, loopback: boolean): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, username, password } = new URL(endpoint);
  if (username !== '' || password !== '') return false;
  if (loopback && isLoopbackHost(hostname)) return protocol === 'https:' || protocol === 'http:';
  if (protocol !== 'https:') return false;
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
  if (ipaddr.isValid(host)) return ipaddr.process(host).range() === 'unicast';
  return host.includes('.') && !privateNames.test(host);
}

/** Which field of a subscription cannot be used (RFC 8291, 3.1 and 3.2); `undefined` for none. */
export function wrongPushField(
  { endpoint, keys }: PushSubscriptionJson,
  loopback: boolean,
): 'endpoint' | 'keys.p256dh' | 'keys.auth' | undefined {
  if (!isPushEndpoint(endpoint, loopback)) return 'endpoint';
  // An uncompressed point of P-256: 4 and two coordinates.
  const point = bytesOf(keys.p256dh);
  if (point?.length !== 65 || point[0] !== 4) return 'keys.p256dh';
  return bytesOf(keys.auth)?.length === 16 ? undefined : 'keys.auth';
}

const bytesOf = (text: string): Buffer | undefined =>
  /^[A-Za-z0-9_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : undefined;
