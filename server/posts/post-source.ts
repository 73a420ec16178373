/** Where posts come from: a folder, or addresses of the blog itself. */
import type { Post } from './read-post.ts';
import type { Skipped } from './skipped.ts';

/** What a source holds now. */
export interface PostScan {
  /** Every post to be shown. Unchanged posts MUST be the same objects as before. */
  readonly posts: readonly Post[];
  /** Why there is no post; absent where there is one. */
  readonly whyEmpty?: string;
  /** What was found and is not shown. */
  readonly skipped?: readonly Skipped[];
  /** How the posts were found: `a feed of 10 posts`. */
  readonly found?: string;
}

export interface PostSource {
  /**
   * Reads what is new or changed since the last call. What cannot be read of it is reported once
   * and left out; rejects where the source as a whole cannot be read.
   * MUST NOT be called again before it has settled.
   */
  scan(signal: AbortSignal): Promise<PostScan>;
  /** Sets who is told when a scan may find something new; several calls may mean one change. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}
