/** The one place that lists where posts may come from. A new source adds a line here. */
import { join } from 'node:path';
import type { OnError } from '../ports.ts';
import { citedAt } from './cited-at.ts';
import { createFolderSource } from './folder-source.ts';
import type { PostSource } from './post-source.ts';
import type { ScanProgress } from './web/site-scan.ts';
import { createSiteSource } from './web/site-source.ts';

/** Whether `POSTS` names an address of the web rather than a folder. */
export const isSiteAddress = (posts: string): boolean => /^https?:\/\//i.test(posts);

/** Copies of what was read of sites, in the data folder. */
export const cacheFolderOf = (dataDir: string): string => join(dataDir, 'posts-cache');

/**
 * The source that `POSTS` names.
 *
 * @param options.posts - a folder, or an http(s) address
 * @param options.postsUrl - `POSTS_URL`: for a folder, and where it is an address of its own, for a
 *   site too
 * @param options.watch - whether changes are picked up. Default true
 */
export function choosePostSource(options: {
  readonly posts: string;
  readonly postsUrl: string;
  readonly dataDir: string;
  readonly watch?: boolean;
  readonly onError: OnError;
  readonly onNote?: (line: string) => void;
  readonly onProgress?: (progress: ScanProgress) => void;
}): PostSource {
  const { posts: address, postsUrl: baseUrl, dataDir, ...rest } = options;
  if (!isSiteAddress(address)) return createFolderSource({ ...rest, folder: address, baseUrl });
  const site = createSiteSource({ ...rest, address, cacheFolder: cacheFolderOf(dataDir) });
  return isSiteAddress(baseUrl) ? citedAt(site, address, baseUrl) : site;
}
