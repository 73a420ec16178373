/** Which browsers' pages may speak to this server. */
export interface OriginPolicy {
  /**
   * @param origin - the `Origin` header, empty where absent: no browser, hence allowed
   * @param host - the `Host` header: the server's own origin as the client sees it
   */
  allows(origin: string, host: string): boolean;
}

/**
 * @param allowed - exact origins, or `*`; absent = own origin, and loopback where `loopback`
 * @param own - the server's own address; `given` where the owner configured it, else guessed
 * @param loopback - whether the server listens on loopback only
 */
export function createOriginPolicy(
  allowed: readonly string[] | undefined,
  own: { readonly url: string; readonly given: boolean },
  loopback: boolean,
): OriginPolicy {
  const ownOrigin = new URL(own.url).origin;
  const exact = new Set(allowed ?? []);
  const anywhere = exact.has('*');
  return {
    allows(origin, host) {
      if (origin === '' || anywhere || exact.has(origin)) return true;
      if (allowed) return false;
      if (origin === ownOrigin) return true;
      // Without an address of its own a server on all interfaces goes by what the browser calls
      // it. On loopback that would let a stranger's name that points there in (DNS rebinding).
      const asCalled = origin === `http://${host}` || origin === `https://${host}`;
      if (asCalled && !own.given && !loopback) return true;
      return loopback && URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname);
    },
  };
}

/** Whether a host name or address means this machine alone. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  host === '::1' ||
  host === '[::1]' ||
  /^127(\.\d{1,3}){3}$/.test(host);
