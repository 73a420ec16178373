import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSelfSigned } from './self-signed.ts';
import { checkTlsFiles } from './tls-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-chat-tls-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('TLS files', () => {
  async function file(name: string, content: string): Promise<string> {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  }

  it('are read where they belong together', async () => {
    const { cert, certFile, keyFile } = makeSelfSigned(folder);
    expect(String((await checkTlsFiles({ certFile, keyFile })).cert)).toBe(cert);
  });

  it('are refused in one line that names the variable and the file', async () => {
    const { certFile, keyFile } = makeSelfSigned(folder);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const format = { type: 'pkcs8', format: 'pem' } as const;
    const locked = { ...format, cipher: 'aes-256-cbc', passphrase: 'x' };
    const cases: readonly (readonly [object, string, string])[] = [
      [{ certFile: join(folder, 'absent') }, 'TLS_CERT', 'cannot be read (ENOENT'],
      [{ keyFile: folder }, 'TLS_KEY', 'cannot be read (EISDIR'],
      [{ certFile: await file('text', 'no PEM') }, 'TLS_CERT', 'no certificate'],
      [{ certFile: await file('empty', '') }, 'TLS_CERT', 'no certificate'],
      [{ certFile: keyFile }, 'TLS_CERT', 'no certificate'],
      [{ keyFile: await file('text', 'no PEM') }, 'TLS_KEY', 'no key'],
      [{ keyFile: certFile }, 'TLS_KEY', 'no key'],
      [{ keyFile: await file('locked', String(privateKey.export(locked))) }, 'TLS_KEY', 'passph'],
      [{ keyFile: await file('other', String(privateKey.export(format))) }, 'TLS_KEY', 'not the'],
    ];
    for (const [wrong, variable, why] of cases) {
      const error = (await checkTlsFiles({ certFile, keyFile, ...wrong }).catch(
        (reason: unknown) => reason,
      )) as Error;
      expect(error.name).toBe('StartError');
      expect(error.message).toMatch(new RegExp(`^${variable}: ${folder}.*$`));
      expect(error.message).toContain(why);
    }
  });
});
