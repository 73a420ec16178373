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
 * @param publicUrl - the server's own address
 * @param loopback - whether the server listens on loopback only
 */
export function createOriginPolicy(
  allowed: readonly string[] | undefined,
  publicUrl: string,
  loopback: boolean,
): OriginPolicy {
  const own = new URL(publicUrl).origin;
  const exact = new Set(allowed ?? []);
  const anywhere = exact.has('*');
  return {
    allows(origin, host) {
      if (origin === '' || anywhere || exact.has(origin)) return true;
      if (allowed) return false;
      if (origin === own) return true;
      if (origin === `http://${host}` || origin === `https://${host}`) return true;
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
