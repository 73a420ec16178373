/**
 * Headers of every page. Scripts, styles and connections come from this server alone; nothing
 * inline, no frames, no plug-ins.
 */
export const pageHeaders = (publicUrl: string): Readonly<Record<string, string>> => {
  const { host, protocol } = new URL(publicUrl);
  // 'self' covers WebSockets of the same host in current engines, not in older WebKit.
  const socketOrigin = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}`;
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      `connect-src 'self' ${socketOrigin}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(protocol === 'https:' ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
};

/**
 * Headers of the inbox: as of every page, and whatever is to become script has to come through
 * Lit, or through the inbox's own policy, which names its worker.
 */
export const consoleHeaders = (publicUrl: string): Readonly<Record<string, string>> => {
  const headers = pageHeaders(publicUrl);
  const policy = [
    headers['content-security-policy'],
    "worker-src 'self'",
    "manifest-src 'self'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html contact-chat-inbox',
  ].join('; ');
  return { ...headers, 'content-security-policy': policy, 'referrer-policy': 'no-referrer' };
};

/** Headers of everything that is no page. */
export const dataHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
