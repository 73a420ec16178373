/**
 * A push service for tests, with browsers that subscribe to it: it takes only what is signed as
 * RFC 8292 says and what a browser can decrypt as RFC 8291 says.
 */
import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
  type ECDH,
} from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { PushSubscriptionRow } from '../inbox-ports.ts';
import {
  startHttpCounterpart,
  type HttpCounterpart,
  type ReceivedPost,
} from './http-counterpart.ts';

/** A browser that has subscribed. */
export interface PushBrowser {
  readonly row: PushSubscriptionRow;
  /** Everything it was given, decrypted and parsed. */
  readonly received: Readonly<Record<string, unknown>>[];
  /** What its push service does from now on; `undefined` = takes what is right. */
  behave(
    how: ((response: ServerResponse, post: ReceivedPost) => void | Promise<void>) | undefined,
  ): void;
  /** How often its push service was asked. */
  readonly asked: () => number;
}

export interface PushService {
  readonly server: HttpCounterpart;
  /** @param applicationServerKey - the server that alone may write to it, base64url */
  subscribe(applicationServerKey: string): PushBrowser;
  /** Why something was refused. */
  readonly refusals: string[];
}

const hkdf = (secret: Buffer, salt: Buffer, info: Buffer | string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length));

/** RFC 8291, 3.4, over RFC 8188, 2: one record. */
function decrypt(body: Buffer, keys: ECDH, auth: Buffer): string {
  const salt = body.subarray(0, 16);
  const recordBytes = body.readUInt32BE(16);
  const senderKey = body.subarray(21, 21 + body.readUInt8(20));
  const record = body.subarray(21 + senderKey.length);
  if (record.length > recordBytes) throw new Error('more than one record');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), senderKey]);
  const secret = hkdf(keys.computeSecret(senderKey), auth, info, 32);
  const key = hkdf(secret, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = hkdf(secret, salt, 'Content-Encoding: nonce\0', 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = padded.lastIndexOf(2);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('padding');
  return padded.subarray(0, end).toString('utf8');
}

/** RFC 8292, 2 and 3: whether this server wrote it, for this push service, just now. */
function checkSignature(authorization: string, serverKey: string, origin: string): void {
  const [, token = '', key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization) ?? [];
  if (key !== serverKey) throw new Error('another server');
  const [head = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  const jwk = {
    ...{ kty: 'EC', crv: 'P-256' },
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const signed = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!signed) throw new Error('wrong signature');
  const parse = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  if (parse(head)['alg'] !== 'ES256') throw new Error('wrong algorithm');
  const { aud, exp, sub } = parse(claims);
  const nowSeconds = Date.now() / 1000;
  if (aud !== origin) throw new Error('wrong audience');
  if (typeof exp !== 'number' || exp < nowSeconds || exp > nowSeconds + 86_400) {
    throw new Error('wrong time');
  }
  if (!/^(https:\/\/[^/]+|mailto:[^@]+@.+)$/.test(String(sub))) throw new Error('wrong subject');
}

export async function startPushService(): Promise<PushService> {
  const server = await startHttpCounterpart();
  const refusals: string[] = [];
  const browsers = new Map<string, (response: ServerResponse, post: ReceivedPost) => unknown>();

  server.respond(async (response, post) => {
    const browser = browsers.get(post.url);
    if (browser) await browser(response, post);
    else response.writeHead(404).end();
  });

  function subscribe(applicationServerKey: string): PushBrowser {
    const keys = createECDH('prime256v1');
    keys.generateKeys();
    const auth = randomBytes(16);
    const path = `/push/${randomBytes(12).toString('hex')}`;
    const received: Record<string, unknown>[] = [];
    let how: Parameters<PushBrowser['behave']>[0];
    let asked = 0;

    function take(response: ServerResponse, { headers, bytes }: ReceivedPost): void {
      try {
        checkSignature(String(headers['authorization']), applicationServerKey, server.origin);
        if (headers['content-encoding'] !== 'aes128gcm') throw new Error('wrong encoding');
        if (bytes.length > 4_096) throw new Error('too large');
        received.push(JSON.parse(decrypt(bytes, keys, auth)) as Record<string, unknown>);
        response.writeHead(201, { location: '/message/1' }).end();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        refusals.push(reason);
        response.writeHead(403).end(JSON.stringify({ reason }));
      }
    }

    browsers.set(path, (response, post) => {
      asked += 1;
      return how ? how(response, post) : take(response, post);
    });
    return {
      row: {
        endpoint: `${server.origin}${path}`,
        p256dh: keys.getPublicKey('base64url'),
        auth: auth.toString('base64url'),
        createdAtMs: browsers.size,
      },
      received,
      behave: (next) => void (how = next),
      asked: () => asked,
    };
  }

  return { server, subscribe, refusals };
}

/** What of a store a channel to browsers needs. */
export function subscriptionsInMemory() {
  const rows = new Map<string, PushSubscriptionRow>();
  const secret = new Uint8Array(randomBytes(32));
  return {
    rows,
    secret: async () => secret,
    pushSubscriptions: async () => [...rows.values()],
    addPushSubscription: async (row: PushSubscriptionRow) => void rows.set(row.endpoint, row),
    deletePushSubscription: async (endpoint: string) => void rows.delete(endpoint),
  };
}
