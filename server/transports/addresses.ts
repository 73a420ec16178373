import { lookup } from 'node:dns/promises';
import { createServer, isIP, type AddressInfo } from 'node:net';

/**
 * The address to bind for a host of the configuration, so that every transport binds the same
 * one. A name with several addresses gets its first IPv4 address, which is where `localhost`
 * is looked for by programs that know only one; else its first.
 *
 * @throws Error with code `ENOTFOUND` (or another of the resolver) for a name without address
 */
export async function resolveBindAddress(host: string): Promise<string> {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (isIP(bare) !== 0) return bare;
  const addresses = await lookup(bare, { all: true, verbatim: true });
  const chosen = addresses.find(({ family }) => family === 4) ?? addresses[0];
  if (!chosen) throw coded('ENOTFOUND', `no address for ${host}`);
  return chosen.address;
}

/** An error as Node makes them: callers tell them apart by `code`. */
export const coded = (code: string, message: string): Error & { code: string } =>
  Object.assign(new Error(`${code}: ${message}`), { code });

/**
 * Why an address cannot be listened on, found by trying it with `node:net`, whose errors have a
 * `code`. Where that attempt succeeds, somebody else held the port a moment ago: `EADDRINUSE`.
 */
export function whyNotListening(address: string, port: number): Promise<Error> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen({ host: address, port, exclusive: true }, () => {
      probe.close(() => resolve(coded('EADDRINUSE', `${address}:${port} was in use`)));
    });
  });
}

/** A port that was free a moment ago. @throws Error with a `code` where the address has none */
export function freePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host: address, port: 0, exclusive: true }, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

const mappedPattern = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An address as people write it; an IPv4 peer of a dual-stack listener is an IPv4 address. */
export const withoutMapping = (address: string): string =>
  mappedPattern.exec(address)?.[1] ?? address;

/**
 * The text of an address of 4 or 16 bytes, in the short form of RFC 5952; empty for any other
 * length (a peer that is gone).
 */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return '';
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0);
  if (mapped && bytes[10] === 0xff && bytes[11] === 0xff) return bytes.subarray(12).join('.');
  const groups: string[] = [];
  for (let index = 0; index < 16; index += 2) {
    groups.push((((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)).toString(16));
  }
  return shorten(groups);
}

/** Replaces the longest run of two or more zero groups, the first of several, by `::`. */
function shorten(groups: readonly string[]): string {
  let start = 0;
  let length = 0;
  for (let from = 0; from < groups.length; from += 1) {
    let to = from;
    while (groups[to] === '0') to += 1;
    if (to - from > length) [start, length] = [from, to - from];
  }
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}
