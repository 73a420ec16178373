/** A page or an entry of a feed as a post. */
import { createHash } from 'node:crypto';
import type { Block } from '../markdown-blocks.ts';
import { cutPassages } from '../passages.ts';
import { scriptOf, type Post } from '../read-post.ts';
import { readablePath } from './address.ts';

export interface PostParts {
  readonly url: string;
  readonly title: string;
  readonly keywords: string;
  readonly lang: string;
  readonly blocks: readonly Block[];
}

/** The post; undefined where there is nothing in it to be found. */
function toPost(parts: PostParts): Post | undefined {
  const path = readablePath(parts.url);
  const heading = parts.blocks.find((block) => block.kind === 'heading')?.text;
  const title = parts.title || heading || path;
  const passages = cutPassages(parts.blocks, title);
  if (passages.length === 0) return undefined;
  const prose = parts.blocks.filter((block) => block.kind !== 'code').map((block) => block.text);
  return {
    path,
    title,
    url: parts.url,
    script: scriptOf([title, ...prose].join('\n')),
    ...(parts.lang === '' ? {} : { lang: parts.lang }),
    keywords: parts.keywords,
    blocks: parts.blocks,
    passages,
  };
}

export interface PostMemory {
  /** The post of these parts: the same object as the last time where they are the same. */
  post(parts: PostParts): Post | undefined;
  /** Forgets posts that were not asked for since the last call. */
  sweep(): void;
}

const digestOf = (parts: PostParts): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64');

/** Keeps unchanged posts the objects that they were, so that they are not indexed again. */
export function createPostMemory(): PostMemory {
  interface Known {
    readonly digest: string;
    readonly post: Post | undefined;
  }
  let known = new Map<string, Known>();
  let asked = new Map<string, Known>();
  return {
    post(parts) {
      const digest = digestOf(parts);
      const before = asked.get(parts.url) ?? known.get(parts.url);
      const now = before?.digest === digest ? before : { digest, post: toPost(parts) };
      asked.set(parts.url, now);
      return now.post;
    },
    sweep() {
      known = asked;
      asked = new Map();
    },
  };
}
