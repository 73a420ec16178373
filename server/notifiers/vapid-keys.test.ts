import { createECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveVapidKeys, isPrivateKey, vapidSubject } from './vapid-keys.ts';

const order = Buffer.from(
  'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  'hex',
);
const less = Buffer.from(order);
less[31] = 0x50;

describe('the keys for push services', () => {
  it('are the same for the same secret, and a pair', () => {
    const secret = new Uint8Array(32).fill(7);
    const keys = deriveVapidKeys(secret);
    expect(deriveVapidKeys(secret)).toEqual(keys);
    expect(deriveVapidKeys(new Uint8Array(32))).not.toEqual(keys);
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(Buffer.from(keys.privateKey, 'base64url'));
    expect(curve.getPublicKey('base64url')).toBe(keys.publicKey);
    expect(Buffer.from(keys.publicKey, 'base64url')).toHaveLength(65);
  });

  it('are made of numbers from 1 to below the order of the curve only', () => {
    expect(isPrivateKey(Buffer.alloc(32))).toBe(false);
    expect(isPrivateKey(order)).toBe(false);
    expect(isPrivateKey(Buffer.alloc(32, 255))).toBe(false);
    expect(isPrivateKey(less)).toBe(true);
    expect(isPrivateKey(Buffer.alloc(31, 1))).toBe(false);
    const candidates = [Buffer.alloc(32), order, Buffer.alloc(32, 255), less];
    const keys = deriveVapidKeys(new Uint8Array(32), (attempt) => candidates[attempt] ?? less);
    expect(keys.privateKey).toBe(less.toString('base64url'));
  });

  it('name whom to turn to: https, else a mail address', () => {
    expect(vapidSubject('https://chat.example.com/x')).toBe('https://chat.example.com');
    expect(vapidSubject('http://127.0.0.1:8080')).toBe('mailto:webmaster@127.0.0.1');
    expect(vapidSubject('https://localhost:1')).toBe('mailto:webmaster@localhost');
  });
});
