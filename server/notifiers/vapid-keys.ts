/** The key pair by which push services know this server (RFC 8292), made of a secret of the store. */
import { createECDH, hkdfSync } from 'node:crypto';

export interface VapidKeys {
  /** An uncompressed point of P-256, base64url: what a browser subscribes with. */
  readonly publicKey: string;
  /** 32 bytes, base64url. */
  readonly privateKey: string;
}

/** Order of the base point of P-256 (SEC 2, version 2.0, 2.4.2). */
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** Whether these bytes are a private key of P-256: from 1 to below the order. */
export function isPrivateKey(bytes: Uint8Array): boolean {
  const scalar = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  return bytes.length === 32 && scalar > 0n && scalar < order;
}

/** The same keys for the same secret. One in 2^32 numbers is no key: the next one is taken then. */
export function deriveVapidKeys(
  secret: Uint8Array,
  candidate: (attempt: number) => Uint8Array = (attempt) =>
    new Uint8Array(hkdfSync('sha256', secret, '', `web-push ${attempt}`, 32)),
): VapidKeys {
  let attempt = 0;
  let scalar = candidate(attempt);
  while (!isPrivateKey(scalar)) {
    attempt += 1;
    scalar = candidate(attempt);
  }
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(scalar);
  return {
    publicKey: curve.getPublicKey('base64url'),
    privateKey: Buffer.from(scalar).toString('base64url'),
  };
}

/**
 * Whom a push service can turn to (RFC 8292, 2.1): an https address, else a mail address. A
 * server without https, and one that only this machine reaches, has no address that would help.
 */
export function vapidSubject(publicUrl: string): string {
  const url = new URL(publicUrl);
  const reachable = url.protocol === 'https:' && url.hostname !== 'localhost';
  return reachable ? url.origin : `mailto:webmaster@${url.hostname}`;
}
