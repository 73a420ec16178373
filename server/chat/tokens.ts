import { createHmac, timingSafeEqual } from 'node:crypto';
import { isClientMessageId } from '../../shared/ids.ts';
import type { Tokens } from './context.ts';

const version = 'v1';
const dayMs = 86_400_000;

/** How long a token is good for; each `session` brings a fresh one. */
export const tokenLifetimeMs = 365 * dayMs;

/**
 * Tokens `v1.<conversation>.<issued at, Unix seconds in base 36>.<HMAC-SHA-256, base64url>`.
 *
 * @param secret - 32 random bytes that the store keeps
 */
export function createTokens(secret: Uint8Array): Tokens {
  const mac = (payload: string): Buffer => createHmac('sha256', secret).update(payload).digest();
  return {
    sign(conversationId, nowMs) {
      const payload = `${version}.${conversationId}.${Math.floor(nowMs / 1000).toString(36)}`;
      return `${payload}.${mac(payload).toString('base64url')}`;
    },
    verify(token, nowMs) {
      if (token.length > 300) return undefined;
      const [tokenVersion, conversationId = '', issued = '', signature = '', ...rest] =
        token.split('.');
      if (tokenVersion !== version || rest.length > 0 || !isClientMessageId(conversationId)) {
        return undefined;
      }
      const given = Buffer.from(signature, 'base64url');
      const wanted = mac(`${version}.${conversationId}.${issued}`);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
      // One from the future is no forgery, the signature is ours: this clock was set back, and
      // that must cost nobody their conversation.
      const ageMs = nowMs - Number.parseInt(issued, 36) * 1000;
      return ageMs <= tokenLifetimeMs ? conversationId : undefined;
    },
  };
}
