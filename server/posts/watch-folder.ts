/** Tells when anything in a folder has changed; what it was is found out by reading. */
import { watch } from 'chokidar';
import { basename } from 'node:path';
import type { OnError } from '../ports.ts';
import { isIgnoredName } from './post-folder.ts';

/** Editors write a file in several steps: wait for the last, in milliseconds. */
const quietMs = 150;
/** But not for ever where something is written all the time. */
const patienceMs = 2_000;

export interface FolderWatch {
  close(): Promise<void>;
}

/**
 * Resolves when every change from now on is seen. Where watching is impossible (no more
 * watches, a file system without events) this is reported and the folder is simply not watched.
 */
export async function watchFolder(
  folder: string,
  listeners: { readonly onChange: () => void; readonly onError: OnError },
): Promise<FolderWatch> {
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignorePermissionErrors: true,
    ignored: (path) => path !== folder && isIgnoredName(basename(path)),
  });
  let timer: NodeJS.Timeout | undefined;
  let firstAt = 0;
  let closed = false;
  const fire = (): void => {
    timer = undefined;
    if (!closed) listeners.onChange();
  };
  watcher.on('all', () => {
    if (closed) return;
    const now = Date.now();
    if (timer) clearTimeout(timer);
    else firstAt = now;
    timer = setTimeout(fire, Math.max(0, Math.min(quietMs, firstAt + patienceMs - now))).unref();
  });
  const ready = new Promise<void>((resolve) => {
    watcher.once('ready', resolve);
    watcher.on('error', (error) => {
      listeners.onError(error, { stage: 'posts' });
      resolve();
    });
  });
  await ready;
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
