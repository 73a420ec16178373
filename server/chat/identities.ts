import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Identities } from './context.ts';

/**
 * Visitors that the blog's own log-in vouches for.
 *
 * @param identitySecret - signs `user + "\n" + expires`, as the site's back end does
 * @param storeSecret - names the conversations of users, so that an id tells nothing of its user
 */
export function createIdentities(identitySecret: string, storeSecret: Uint8Array): Identities {
  return {
    isValid({ user, expires, signature }, nowMs) {
      const wanted = createHmac('sha256', identitySecret).update(`${user}\n${expires}`).digest();
      const given = Buffer.from(/^[0-9a-f]{64}$/i.test(signature) ? signature : '', 'hex');
      return (
        given.length === wanted.length && timingSafeEqual(given, wanted) && expires * 1000 > nowMs
      );
    },
    conversationId: (user, generation) =>
      `u_${createHmac('sha256', storeSecret)
        .update(`conversation of user\n${generation}\n${user}`)
        .digest('base64url')
        .slice(0, 32)}`,
  };
}
