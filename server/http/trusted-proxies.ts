import ipaddr from 'ipaddr.js';
import { failure, success, type Result } from '../../shared/result.ts';

/** Whether forwarding headers from this address are believed. */
export type TrustedProxies = (address: string) => boolean;

/**
 * `TRUST_PROXY`: `loopback`, `none`, or IP addresses and CIDR ranges, comma-separated.
 */
export function parseTrustedProxies(value: string): Result<TrustedProxies, string> {
  const ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
  for (const part of value.split(',').map((entry) => entry.trim())) {
    if (part === '' || part === 'none') continue;
    if (part === 'loopback') {
      ranges.push(ipaddr.parseCIDR('127.0.0.0/8'), ipaddr.parseCIDR('::1/128'));
    } else if (ipaddr.isValid(part)) {
      const address = ipaddr.process(part);
      ranges.push([address, address.kind() === 'ipv4' ? 32 : 128]);
    } else if (ipaddr.isValidCIDR(part)) {
      ranges.push(ipaddr.parseCIDR(part));
    } else {
      return failure(`"${part}" is none of loopback, none, an IP address or a CIDR range`);
    }
  }
  return success((text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return ranges.some(
      ([range, bits]) => range.kind() === address.kind() && address.match(range, bits),
    );
  });
}

/**
 * The visitor's address: the rightmost one of the chain that is no trusted proxy.
 *
 * @param peer - the socket's own address
 * @param forwardedFor - `X-Forwarded-For`, appended to by each proxy; empty where absent
 * @param realIp - `X-Real-IP`, used where the proxy sends nothing else
 */
export function clientAddress(
  peer: string,
  forwardedFor: string,
  realIp: string,
  isTrusted: TrustedProxies,
): string {
  let address = normalized(peer);
  if (!isTrusted(address)) return address;
  const chain = (forwardedFor || realIp).split(',').map((part) => part.trim());
  for (const hop of chain.toReversed()) {
    if (!ipaddr.isValid(hop)) return address;
    address = normalized(hop);
    if (!isTrusted(address)) return address;
  }
  return address;
}

/** IPv4 in IPv6 as IPv4, so that one visitor has one address. */
const normalized = (address: string): string =>
  ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;

/**
 * What limits count by: an IPv4 address, or the /64 network of an IPv6 one, since a visitor has
 * a whole /64 to choose from (RFC 6177).
 */
export function limitKey(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return (parsed as ipaddr.IPv6).parts.slice(0, 4).join(':');
}

/** Whether a `limitKey` is of this machine itself. */
export const isLoopbackKey = (key: string): boolean => key === '0:0:0:0' || key.startsWith('127.');
