/** What the headers of a request say about a wish for a WebSocket. */
interface HandshakeHeaders {
  /** `Upgrade`, empty where absent; likewise below. */
  readonly upgrade: string;
  /** `Sec-WebSocket-Key`. */
  readonly key: string;
  /** `Sec-WebSocket-Version`. */
  readonly version: string;
}

/** `accept`, `plain` for an ordinary request, or the status that refuses the handshake. */
type HandshakeVerdict = 'accept' | 'plain' | 400 | 404 | 426;

const keyPattern = /^[+/0-9A-Za-z]{22}==$/;

/**
 * Whether a request opens a WebSocket that this server gives (RFC 6455, 4.2.1). The path is
 * judged first: a stranger's path is 404 however well the handshake is made.
 */
export function judgeHandshake(
  method: string,
  path: string,
  headers: HandshakeHeaders,
  acceptsPath: (path: string) => boolean,
): HandshakeVerdict {
  if (headers.upgrade.toLowerCase() !== 'websocket') return 'plain';
  if (!acceptsPath(path)) return 404;
  if (method.toUpperCase() !== 'GET' || !keyPattern.test(headers.key)) return 400;
  return headers.version === '13' ? 'accept' : 426;
}

/** What is answered to a handshake that is refused, or that the application failed to judge. */
export const handshakeRefusals = {
  400: {
    statusText: 'Bad Request',
    code: 'bad_handshake',
    detail: 'This is not a WebSocket handshake.',
  },
  404: {
    statusText: 'Not Found',
    code: 'not_found',
    detail: 'No WebSocket is served at this path.',
  },
  426: {
    statusText: 'Upgrade Required',
    code: 'upgrade_required',
    detail: 'WebSocket version 13 is required.',
  },
  500: {
    statusText: 'Internal Server Error',
    code: 'internal',
    detail: 'The server failed to answer this request.',
  },
} as const;

export type HandshakeRefusal = keyof typeof handshakeRefusals;

/**
 * A status that may stand in a close frame (RFC 6455, 7.4), else 1011: a close must not fail
 * over the reason that is given for it.
 */
export function sendableCloseCode(code: number): number {
  const standard = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
  return standard || (code >= 3000 && code <= 4999) ? code : 1011;
}

const maxReasonBytes = 123;

/** A reason cut at a whole character so that it fits a close frame: 123 bytes of UTF-8. */
export function sendableReason(reason: string): string {
  if (Buffer.byteLength(reason) <= maxReasonBytes) return reason;
  let cut = '';
  let bytes = 0;
  for (const character of reason) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxReasonBytes) break;
    cut += character;
  }
  return cut;
}
