import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it that are missing, for their owner alone (mode 0700). One
 * that is there already is left as it is.
 *
 * Not by `mkdir` with `recursive`: where a level cannot be made although the one above it is
 * there, as in `/proc`, Node 20 tries again for ever.
 *
 * @param folder - an absolute path
 * @throws the error of `mkdir` of the level that could not be made
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (await isFolder(folder)) return;
    const above = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above);
    // Once more and no oftener: whatever is missing now was not what stood above.
    await mkdir(folder, { mode: 0o700 }).catch(async (again: unknown) => {
      if (!(await isFolder(folder))) throw again;
    });
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
