/** Which folder stands at a path: another one may be put in its place at any time. */
import { realpath, stat } from 'node:fs/promises';

export interface FolderIdentity {
  /** Without links. */
  readonly realPath: string;
  /** Equal for the same folder, another for one that took its place. */
  readonly mark: string;
}

/**
 * Rejects where nothing stands at the path. A path and an inode's number are not enough: file
 * systems give the number of a deleted folder to the next one that is made, so its time of
 * birth is looked at, too.
 */
export async function identifyFolder(path: string): Promise<FolderIdentity> {
  const realPath = await realpath(path);
  const { dev, ino, birthtimeNs } = await stat(realPath, { bigint: true });
  return { realPath, mark: `${dev}:${ino}:${birthtimeNs}:${realPath}` };
}
