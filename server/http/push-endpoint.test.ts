import { describe, expect, it } from 'vitest';
import { isPushEndpoint, wrongPushField } from './push-endpoint.ts';

describe('where notices may be pushed to', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/abc',
    'https://push.example.org:8443/x',
    'https://203.0.112.7/x',
  ])('%s', (endpoint) => expect(isPushEndpoint(endpoint, false)).toBe(true));

  it.each([
    ...[
      '',
      'nothing',
      'ftp://push.example.org/',
      'http://push.example.org/x',
      'file:///etc/passwd',
    ],
    ...['https://user:secret@push.example.org/', 'https://localhost/x', 'https://a.localhost/'],
    ...['https://127.0.0.1/', 'https://[::1]/', 'https://10.1.2.3/', 'https://192.168.1.1/'],
    ...['https://172.16.0.1/', 'https://169.254.169.254/latest', 'https://0.0.0.0/'],
    ...['https://[fd00::1]/', 'https://[fe80::1]/', 'https://[::ffff:10.0.0.1]/'],
    ...['https://0x7f000001/', 'https://2130706433/', 'https://router/', 'https://nas.local/'],
    ...['https://db.internal./', 'https://printer.home.arpa/', 'https://100.64.0.1/'],
  ])('not %s', (endpoint) => expect(isPushEndpoint(endpoint, false)).toBe(false));

  it('on loopback only for a server that is there itself', () => {
    for (const endpoint of ['http://127.0.0.1:9/x', 'https://localhost/x', 'http://[::1]/']) {
      expect(isPushEndpoint(endpoint, true)).toBe(true);
    }
    expect(isPushEndpoint('http://push.example.org/', true)).toBe(false);
    expect(isPushEndpoint('https://10.0.0.1/', true)).toBe(false);
  });

  it('with keys that are keys', () => {
    const point = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]).toString('base64url');
    const auth = Buffer.alloc(16, 9).toString('base64url');
    const endpoint = 'https://push.example.org/x';
    const wrong = (p256dh: string, secret: string) =>
      wrongPushField({ endpoint, keys: { p256dh, auth: secret } }, false);
    expect(wrong(point, auth)).toBeUndefined();
    expect(wrong(`${point}=`, `${auth}==`)).toBeUndefined();
    expect(wrong(point.slice(2), auth)).toBe('keys.p256dh');
    expect(wrong(point.replace(/^B/, 'A'), auth)).toBe('keys.p256dh');
    expect(wrong('not base64!', auth)).toBe('keys.p256dh');
    expect(wrong(point, auth.slice(4))).toBe('keys.auth');
  });
});
