import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdentities } from './identities.ts';
import { createTokens, tokenLifetimeMs } from './tokens.ts';

const secret = new Uint8Array(32).fill(1);
const now = Date.UTC(2025, 0, 1);
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);

describe('tokens', () => {
  const tokens = createTokens(secret);

  it('prove the conversation they were signed for, after a restart too', () => {
    fc.assert(
      fc.property(id, (conversationId) => {
        const token = tokens.sign(conversationId, now);
        expect(createTokens(secret.slice()).verify(token, now + 1000)).toBe(conversationId);
      }),
    );
  });

  it('prove nothing once a single character is another', () => {
    fc.assert(
      fc.property(id, fc.nat(), fc.constantFrom('A', '_', '.', 'é', '0'), (name, at, other) => {
        const token = tokens.sign(name, now);
        const index = at % token.length;
        const forged = token.slice(0, index) + other + token.slice(index + 1);
        // The last character of base64url carries bits that nobody reads.
        fc.pre(forged !== token && index < token.length - 1);
        expect(tokens.verify(forged, now)).toBeUndefined();
      }),
    );
  });

  it('prove nothing whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tokens.verify(text, now)).toBeUndefined();
      }),
    );
    expect(tokens.verify('x'.repeat(60_000), now)).toBeUndefined();
    expect(tokens.verify('....', now)).toBeUndefined();
  });

  it('prove nothing to a server with another secret', () => {
    const foreign = createTokens(new Uint8Array(32).fill(2));
    expect(foreign.verify(tokens.sign('c', now), now)).toBeUndefined();
  });

  it('expire after a year, and survive a clock that was set back [D5]', () => {
    const token = tokens.sign('c', now);
    expect(tokens.verify(token, now + tokenLifetimeMs)).toBe('c');
    expect(tokens.verify(token, now + tokenLifetimeMs + 1000)).toBeUndefined();
    expect(tokens.verify(token, now - 400 * 86_400_000)).toBe('c');
  });
});

describe('identities', () => {
  const identities = createIdentities('the secret of the blog', secret);
  const expires = now / 1000 + 60;
  const sign = (user: string, until: number, key = 'the secret of the blog'): string =>
    createHmac('sha256', key).update(`${user}\n${until}`).digest('hex');

  it('are what the back end of the blog signed', () => {
    const signature = sign('用户 1', expires);
    expect(identities.isValid({ user: '用户 1', expires, signature }, now)).toBe(true);
    const upper = signature.toUpperCase();
    expect(identities.isValid({ user: '用户 1', expires, signature: upper }, now)).toBe(true);
  });

  it.each([
    ['another user', { user: 'bob', expires, signature: sign('ann', expires) }],
    ['another time', { user: 'ann', expires: expires + 1, signature: sign('ann', expires) }],
    ['another secret', { user: 'ann', expires, signature: sign('ann', expires, 'guess') }],
    ['no signature', { user: 'ann', expires, signature: '' }],
    ['half a signature', { user: 'ann', expires, signature: sign('ann', expires).slice(0, 32) }],
    ['no hex', { user: 'ann', expires, signature: 'z'.repeat(64) }],
    ['the past', { user: 'ann', expires: now / 1000, signature: sign('ann', now / 1000) }],
  ])('are not %s', (_what, identity) => {
    expect(identities.isValid(identity, now)).toBe(false);
  });

  it('name a conversation by user and generation, and tell nothing of the user', () => {
    const first = identities.conversationId('ann@example.com', 0);
    expect(first).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(first).toBe(identities.conversationId('ann@example.com', 0));
    expect(identities.conversationId('ann@example.com', 1)).not.toBe(first);
    expect(identities.conversationId('bob@example.com', 0)).not.toBe(first);
    const elsewhere = createIdentities('the secret of the blog', new Uint8Array(32));
    expect(elsewhere.conversationId('ann@example.com', 0)).not.toBe(first);
  });
});
