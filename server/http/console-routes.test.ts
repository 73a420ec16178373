import { describe, expect, it } from 'vitest';
import { consoleRoutes } from './console-routes.ts';
import type { StaticFile } from './static-files.ts';

const file = (text: string, contentType: string): StaticFile => ({
  ...{ contentType, etag: 'tag', identity: new TextEncoder().encode(text) },
});
const built = new Map([
  ['index.html', file('<!doctype html>', 'text/html; charset=utf-8')],
  ['sw.js', file('self', 'text/javascript; charset=utf-8')],
  ['manifest.webmanifest', file('{}', 'application/manifest+json; charset=utf-8')],
  ['assets/main-abc.js', file('main', 'text/javascript; charset=utf-8')],
]);
const at = (path: string, files: ReadonlyMap<string, StaticFile> = built) =>
  consoleRoutes({ console: files, publicUrl: () => 'https://chat.example.com' }).request(path);

describe('the inbox', () => {
  it('is a page under a policy that lets nothing foreign run', async () => {
    const response = await at('/console');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const policy = new Map(
      (response.headers.get('content-security-policy') ?? '')
        .split('; ')
        .map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
    );
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'connect-src': "'self' wss://chat.example.com",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'worker-src': "'self'",
      'manifest-src': "'self'",
      'require-trusted-types-for': "'script'",
      'trusted-types': 'lit-html contact-chat-inbox',
    });
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('strict-transport-security')).toMatch(/max-age/);
  });

  it('keeps for ever what has a hash in its name, and asks again for the rest', async () => {
    const cached = async (path: string): Promise<string | null> =>
      (await at(path)).headers.get('cache-control');
    expect(await cached('/console/assets/main-abc.js')).toBe('public, max-age=31536000, immutable');
    expect(await cached('/console/manifest.webmanifest')).toBe('no-cache');
    expect(await cached('/console/sw.js')).toBe('no-cache');
    expect((await at('/console/sw.js')).headers.get('service-worker-allowed')).toBe('../console');
    const script = await at('/console/assets/main-abc.js');
    expect(script.headers.get('x-content-type-options')).toBe('nosniff');
    expect(script.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('has one address', async () => {
    const slash = await at('/console/');
    expect([slash.status, slash.headers.get('location')]).toEqual([308, '../console']);
    for (const path of [
      '/console/index.html',
      '/console/x',
      '/console/assets/',
      '/console/%2e%2e/x',
    ]) {
      expect((await at(path)).status).toBe(404);
    }
  });

  it('says how to build it where it is missing', async () => {
    for (const path of ['/console', '/console/assets/main.js']) {
      const response = await at(path, new Map());
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        detail: expect.stringContaining('npm run build'),
      });
    }
  });
});
