import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { ListenOptions } from '../ports.ts';

/**
 * Reads and checks a certificate and its key before a transport uses them.
 *
 * @throws Error with a `code`: `ENOENT`, `EACCES`, or OpenSSL's (`ERR_OSSL_…`) where the files
 *   are no PEM or do not belong together
 */
export async function checkTlsFiles(
  files: NonNullable<ListenOptions<unknown>['tls']>,
): Promise<{ readonly cert: Buffer; readonly key: Buffer }> {
  const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
  createSecureContext({ cert, key });
  return { cert, key };
}
