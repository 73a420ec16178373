/**
 * Which addresses may be asked for pages. A blog's links and redirects are written by others, so
 * they lead nowhere into the network that this server stands in (server-side request forgery).
 */
import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Names that lead nowhere but into a network of one's own; one word is a name of containers. */
const privateName =
  /^[^.]+$|\.(?:localhost|local|internal|lan|home|home\.arpa|intranet|corp|test)$/i;

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

/** Whether an address is of the public internet. Takes only what is surely public for public. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // IPv4 within IPv6 is what is reached in the end.
  return ipaddr.process(address).range() === 'unicast';
}

/** Whether an address as it was typed names a private network or this machine. */
export function isPrivateHost(url: URL): boolean {
  const host = hostOf(url);
  return isIP(host) === 0 ? privateName.test(host) : !isPublicAddress(host);
}

export interface AddressGuard {
  /** Why an address is not asked at all; undefined where it may be. */
  refusal(url: URL): string | undefined;
  /**
   * Resolves names for a connection to this address and refuses private ones. It is asked when
   * the connection is made, and its answer is what is connected to: a name that resolves to
   * something else a moment later gains nothing.
   */
  lookupFor(url: URL): LookupFunction;
}

/** The resolver of the system, as `dns.lookup` with `all`. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Lets through what is public, and beside it the one host and port that the owner typed, where
 * that is itself private.
 *
 * @param typed - the address that the owner wrote
 */
export function createAddressGuard(typed: string, resolve: Resolve = resolveName): AddressGuard {
  const own = new URL(typed);
  const allowed = isPrivateHost(own) ? own.host : undefined;
  const isAllowed = (url: URL): boolean => allowed !== undefined && url.host === allowed;
  return {
    refusal(url) {
      if (!/^https?:$/.test(url.protocol)) return `${url.protocol} is not http or https`;
      if (isAllowed(url) || !isPrivateHost(url)) return undefined;
      return `${url.host} is a private address`;
    },
    lookupFor: (url) => (hostname, options, done) => {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return done(error, '');
        const usable = isAllowed(url)
          ? addresses
          : addresses.filter(({ address }) => isPublicAddress(address));
        const [first] = usable;
        if (!first)
          return done(
            new Error(
              `${hostname} leads to a private address, which is asked only where POSTS names it itself`,
            ),
            '',
          );
        return options.all ? done(null, usable) : done(null, first.address, first.family);
      });
    },
  };
}
