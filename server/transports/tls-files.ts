import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { ListenOptions } from '../transport-ports.ts';
import { StartError } from '../start-error.ts';

/**
 * Reads and checks a certificate and its key before a transport uses them: the native code says
 * nothing of use about files that it cannot take.
 *
 * @throws StartError naming `TLS_CERT` or `TLS_KEY`, where a file cannot be read, is no PEM, or
 *   the two do not belong together
 */
export async function checkTlsFiles(
  files: NonNullable<ListenOptions<unknown>['tls']>,
): Promise<{ readonly cert: Buffer; readonly key: Buffer }> {
  const { certFile, keyFile } = files;
  const [cert, key] = await Promise.all([read('TLS_CERT', certFile), read('TLS_KEY', keyFile)]);
  check(
    { cert },
    `TLS_CERT: ${certFile} holds no certificate that can be used; give a PEM file that begins with the certificate of this server`,
  );
  check(
    { key },
    `TLS_KEY: ${keyFile} holds no key that can be used; give a PEM file with the private key, without a passphrase`,
  );
  check(
    { cert, key },
    `TLS_KEY: ${keyFile} is not the key of the certificate in ${certFile}; give the two files that were made together`,
  );
  return { cert, key };
}

async function read(variable: 'TLS_CERT' | 'TLS_KEY', file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new StartError(
      `${variable}: ${file} cannot be read (${whyOf(cause)}); give a PEM file that the user that runs the server may read`,
      { cause },
    );
  }
}

function check(options: SecureContextOptions, problem: string): void {
  try {
    createSecureContext(options);
  } catch (cause) {
    throw new StartError(`${problem} (${whyOf(cause)})`, { cause });
  }
}

const whyOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
