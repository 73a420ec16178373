import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from './start-error.ts';

export interface OwnerToken {
  readonly token: string;
  /** Where it is kept; absent where it came from the configuration. */
  readonly file?: string;
  /** Whether it was made just now. */
  readonly made: boolean;
}

/**
 * The owner's secret: the configured one, else the one made at the first start.
 *
 * @throws StartError naming `DATA_DIR`, where the file that keeps it cannot be read or written
 */
export async function loadOwnerToken(
  configured: string | undefined,
  dataDir: string,
): Promise<OwnerToken> {
  if (configured !== undefined) return { token: configured, made: false };
  const file = join(dataDir, 'owner-token');
  try {
    const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    if (kept.trim().length >= 16) return { token: kept.trim(), file, made: false };
    const token = randomBytes(24).toString('base64url');
    await writeFile(file, `${token}\n`, { mode: 0o600 });
    return { token, file, made: true };
  } catch (cause) {
    throw new StartError(
      `DATA_DIR: ${file}, which keeps the owner's token, cannot be read or written (${(cause as Error).message}); make it a file of the user that runs the server, remove it so that a new token is made, or set OWNER_TOKEN`,
      { cause },
    );
  }
}
