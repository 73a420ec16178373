import { chmod, copyFile, mkdir, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Brings a file or a folder that was written to durable storage. */
export async function flush(path: string): Promise<void> {
  if (process.platform === 'win32' && (await stat(path)).isDirectory()) return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Copies a file, or a folder with all that is in it, for its owner alone and durably. Names that
 * begin with a dot are left out: they are being made, or were left behind.
 * @returns bytes copied; 0 where there is nothing
 */
export async function copyDurably(from: string, to: string): Promise<number> {
  const found = await stat(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found?.isFile()) {
    await copyFile(from, to);
    await chmod(to, 0o600);
    await flush(to);
    return (await stat(to)).size;
  }
  if (!found?.isDirectory()) return 0;
  await mkdir(to, { mode: 0o700 });
  let bytes = 0;
  for (const name of await readdir(from)) {
    if (!name.startsWith('.')) bytes += await copyDurably(join(from, name), join(to, name));
  }
  await flush(to);
  return bytes;
}
