/** Tells when anything in a folder may have changed; what it was is found out by reading. */
import { watch, type FSWatcher } from 'chokidar';
import { basename } from 'node:path';
import type { OnError } from '../ports.ts';
import { identifyFolder, type FolderIdentity } from './folder-identity.ts';
import { isIgnoredName, type FolderScan } from './post-folder.ts';

/** Editors write a file in several steps: wait for the last, in milliseconds. */
const quietMs = 150;
/** But not for ever where something is written all the time. */
const patienceMs = 2_000;
/** How often the folder itself is looked at, in milliseconds. */
const lookEveryMs = 2_000;
/**
 * Some changes are never told: on network mounts, without a watch left, behind a link out of the
 * folder. So now and then everything counts as changed, in milliseconds.
 */
const distrustMs = 60_000;

export interface FolderWatch {
  /**
   * To be told of every scan, undefined for one that failed: a folder that took the place of
   * another, or is back after it was away, is then watched anew. What failed is asked for again
   * at the next look, two seconds later at most.
   */
  scanned(scan: Pick<FolderScan, 'folders'> | undefined): void;
  close(): Promise<void>;
}

/** Whether a path of both leads to another folder than before; new and lost paths do not count. */
function isReplaced(before: FolderScan['folders'], now: FolderScan['folders']): boolean {
  for (const [path, { mark }] of now) {
    const known = before.get(path);
    if (known && known.mark !== mark) return true;
  }
  return false;
}

/**
 * Watching follows the folder, not what was first found at its path: deployments put another
 * folder or link in its place, or take it away for a while. A watch of the system stays with the
 * old folder then and is silent, so the path itself is looked at, too.
 *
 * Events begin with the first `scanned`; what changed before they come is told by one
 * `onChange`. Where watching is impossible this is reported and the rest goes on.
 */
export function watchFolder(
  folder: string,
  listeners: { readonly onChange: () => void; readonly onError: OnError },
): FolderWatch {
  let closed = false;
  let watcher: FSWatcher | undefined;
  /** What is watched by its path, and what stood there at the last scan. */
  let watched = new Map<string, FolderIdentity>();
  let standing: FolderScan['folders'] = new Map();
  /** The folder at the last look; undefined where there was none. */
  let mark: string | undefined;
  /** The folder was away or could not be read: even if the very same is back, its watch ended. */
  let lost = false;
  let toldAt = performance.now();
  let quiet: NodeJS.Timeout | undefined;
  let firstAt = 0;
  const closing = new Set<Promise<void>>();

  const fire = (): void => {
    quiet = undefined;
    toldAt = performance.now();
    if (!closed) listeners.onChange();
  };
  const changed = (): void => {
    if (closed) return;
    const now = performance.now();
    if (quiet) clearTimeout(quiet);
    else firstAt = now;
    quiet = setTimeout(fire, Math.max(0, Math.min(quietMs, firstAt + patienceMs - now))).unref();
  };
  const report = (error: unknown): void => {
    if (!closed) listeners.onError(error, { stage: 'posts' });
  };

  function end(): void {
    const done = watcher?.close().catch(report);
    watcher = undefined;
    if (!done) return;
    closing.add(done);
    void done.finally(() => closing.delete(done));
  }

  function begin(realPath: string): void {
    end();
    lost = false;
    watched = new Map(standing);
    watcher = watch(realPath, {
      ignoreInitial: true,
      ignorePermissionErrors: true,
      ignored: (path) => path !== realPath && isIgnoredName(basename(path)),
    })
      // A folder inside that is replaced by another of its name is told of in the raw only.
      .on('raw', (_event, name) => {
        // The folder itself was moved (or something in it that has its name).
        if (name === basename(realPath)) lost = true;
        changed();
      })
      .on('all', changed)
      .on('ready', changed)
      .on('error', report);
  }

  async function look(): Promise<void> {
    const found = await identifyFolder(folder).catch(() => undefined);
    if (closed) return;
    if (found?.mark !== mark) lost = true;
    if (lost || performance.now() - toldAt > distrustMs) changed();
    mark = found?.mark;
    // Not as soon as it is read: watching anew is dear, and a deployment replaces many folders.
    const hasBeenRead = found !== undefined && found.mark === standing.get('')?.mark;
    if (hasBeenRead && (lost || isReplaced(watched, standing))) begin(found.realPath);
  }

  let next: NodeJS.Timeout | undefined;
  const lookLater = (): void => {
    if (!closed) next = setTimeout(() => void look().finally(lookLater), lookEveryMs).unref();
  };
  lookLater();

  return {
    scanned(scan) {
      const root = scan?.folders.get('');
      if (!scan || !root) lost = true;
      if (closed || !scan || !root) return;
      standing = scan.folders;
      // What a later look is compared with; the folder may have gone since the scan.
      mark = root.mark;
      if (!watcher) begin(root.realPath);
      // Watched since it appeared, from now on compared.
      for (const [path, found] of standing) if (!watched.has(path)) watched.set(path, found);
    },
    async close() {
      closed = true;
      clearTimeout(quiet);
      clearTimeout(next);
      end();
      await Promise.all(closing);
    },
  };
}
