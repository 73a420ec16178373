import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface OwnerToken {
  readonly token: string;
  /** Where it is kept; absent where it came from the configuration. */
  readonly file?: string;
  /** Whether it was made just now. */
  readonly made: boolean;
}

/** The owner's secret: the configured one, else the one made at the first start. */
export async function loadOwnerToken(
  configured: string | undefined,
  dataDir: string,
): Promise<OwnerToken> {
  if (configured !== undefined) return { token: configured, made: false };
  const file = join(dataDir, 'owner-token');
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (kept.trim().length >= 16) return { token: kept.trim(), file, made: false };
  const token = randomBytes(24).toString('base64url');
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  return { token, file, made: true };
}
