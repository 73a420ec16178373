import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { StoreUnavailable } from '../ports.ts';

/** Name of the database in a copy of a data folder until all else of it is there. */
export const unfinishedFileName = 'contact-chat.sqlite.partial';

/** Where a copy is made before it gets its name: beside it, so that a rename is enough. */
export const unfinishedFolder = (target: string): string =>
  `${target}.partial-${randomBytes(4).toString('hex')}`;

const unfinishedFolderName = /\.partial-[0-9a-f]{8}$/;

/**
 * A copy that was cut short lacks conversations, or all of them: a server on it would begin as if
 * they had never been. Known by its file, and by its name while it has none yet.
 * @throws StoreUnavailable
 */
export function refuseUnfinishedCopy(dataDir: string): void {
  const folder = resolve(dataDir);
  const unfinished =
    unfinishedFolderName.test(basename(folder)) || existsSync(join(folder, unfinishedFileName));
  if (!unfinished) return;
  throw new StoreUnavailable(
    `${folder} is a backup that was not finished: remove it, and use one that was.`,
  );
}
