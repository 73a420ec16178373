/** Posts of a folder of Markdown, watched for changes. */
import type { OnError } from '../ports.ts';
import { createPostFolder } from './post-folder.ts';
import type { PostSource } from './post-source.ts';
import { watchFolder } from './watch-folder.ts';

export interface FolderSourceOptions {
  /** Of Markdown files, read with its subfolders. */
  readonly folder: string;
  /** `POSTS_URL`: base of the addresses cited, with or without its last slash. */
  readonly baseUrl: string;
  /**
   * Whether changes are picked up: edited files, another folder put in place of this one, a
   * folder that was missing, and posts whose time has come or is over. Default true.
   */
  readonly watch?: boolean;
  /** Told of files left out, stage `posts`. */
  readonly onError: OnError;
}

/** A timer takes at most 2³¹ ms; looking once a day is often enough until the day. */
const longestWaitMs = 86_400_000;

export function createFolderSource(options: FolderSourceOptions): PostSource {
  const { folder, onError } = options;
  const posts = createPostFolder(options);
  let listener = (): void => undefined;
  let nextChange: NodeJS.Timeout | undefined;
  let closed = false;
  const watching =
    options.watch === false
      ? undefined
      : watchFolder(folder, { onChange: () => listener(), onError });

  return {
    async scan(signal) {
      const scan = await posts.scan(signal).catch((error: unknown) => {
        watching?.scanned(undefined);
        throw error;
      });
      signal.throwIfAborted();
      watching?.scanned(scan);
      clearTimeout(nextChange);
      if (scan.nextChangeAtMs !== undefined && watching && !closed) {
        const waitMs = Math.max(1_000, scan.nextChangeAtMs - Date.now());
        const delayMs = Math.min(waitMs, longestWaitMs);
        nextChange = setTimeout(() => listener(), delayMs).unref();
      }
      const { skipped } = scan;
      if (scan.posts.length > 0) return { posts: scan.posts, skipped };
      const whyEmpty =
        scan.files === 0
          ? `no Markdown files in ${folder}`
          : `none of the ${scan.files} Markdown files in ${folder} is a post to be shown`;
      return { posts: [], skipped, whyEmpty };
    },
    onChange(next) {
      listener = next;
    },
    async close() {
      closed = true;
      clearTimeout(nextChange);
      await watching?.close();
    },
  };
}
