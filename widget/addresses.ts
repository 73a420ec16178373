/**
 * Where the socket of a server is: `https://chat.example.com/base` → `wss://…/base/contact`.
 *
 * @param server - base of the server, http(s) or ws(s), with or without `/contact`
 * @param conversationId - helps a balancer to find the right instance; grants nothing
 */
export function socketAddress(server: string, conversationId?: string): string {
  const base = server
    .replace(/^http/i, 'ws')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  const address = base.endsWith('/contact') ? base : `${base}/contact`;
  return conversationId ? `${address}?c=${encodeURIComponent(conversationId)}` : address;
}

/**
 * The base of the server that a script came from: its address without `/contact-chat.js` or
 * `/v1.2.3/contact-chat.js`.
 */
export function serverBase(script: string): string {
  const { origin, pathname } = new URL(script);
  return origin + pathname.replace(/(\/v\d[^/]*)?\/[^/]*$/, '');
}

/** A server's base as an absolute address without a slash at its end; garbage stays garbage. */
export function absoluteServer(address: string, base: string): string {
  try {
    return new URL(address, base).href.replace(/\/+$/, '');
  } catch {
    return address;
  }
}

/** An address that may stand in a link: http(s), or relative to the page. */
export function safeLink(address: string, base: string): string | undefined {
  try {
    const url = new URL(address, base);
    return /^https?:$/.test(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
