/**
 * WebSocket close codes. 1000–1015 are RFC 6455's; of the private range, 40xx tells a client to
 * stay away, 41xx to come back after a pause, 42xx to come back now.
 */
export const closeCodes = {
  /** The conversation of this socket is over, as the client wished. Final. */
  normal: 1000,
  /** The server or the page goes away. Reconnect with back-off. */
  goingAway: 1001,
  /** A frame larger than `limits.frame_bytes`. Reconnect with back-off. */
  tooBig: 1009,
  /** `identity` is wrong or has expired. Final until the page supplies another. */
  badIdentity: 4001,
  /** Origin not allowed, or visitor blocked. Final. */
  forbidden: 4003,
  /** A newer socket of the same tab took over. Final for this socket. */
  replaced: 4009,
  /** The client reads more slowly than messages arrive. Back off, then resume. */
  tooSlow: 4100,
  /** Nothing was heard from the client for the idle limit. Back off, then resume. */
  noSignOfLife: 4101,
  /** The server holds as many connections as it may. Back off. */
  overloaded: 4103,
  /** The server drains for a restart. Reconnect now, or after `reconnect_after_ms`. */
  draining: 4200,
  /** The server cannot tell what this socket has seen. Reconnect now and resume. */
  positionLost: 4201,
} as const;

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];

export type ReconnectPolicy = 'never' | 'back-off' | 'now';

/**
 * What a client does after a close.
 *
 * @param code - as in `CloseEvent.code`; 1006 is a connection that broke
 */
export function reconnectPolicy(code: number): ReconnectPolicy {
  if (code === closeCodes.normal) return 'never';
  if (code >= 4000 && code < 4100) return 'never';
  if (code >= 4200 && code < 4300) return 'now';
  return 'back-off';
}
