/** Posts of a site that is read at another address than visitors know it by. */
import type { PostSource } from './post-source.ts';
import type { Post } from './read-post.ts';

/**
 * Cites posts of the host that was read below another base: read at `http://blog:4000/notes/a`,
 * cited as `https://blog.example.com/notes/a`. Posts of other hosts keep their address.
 *
 * @param readAt - address of the site as it is read, http(s)
 * @param base - http(s); its path stands before that of the post
 */
export function citedAt(source: PostSource, readAt: string, base: string): PostSource {
  const from = new URL(readAt).origin;
  const to = base.replace(/\/+$/, '');
  // A post that has not changed has to stay the same object.
  const moved = new WeakMap<Post, Post>();
  const move = (post: Post): Post => {
    if (!post.url.startsWith(`${from}/`)) return post;
    const known = moved.get(post) ?? { ...post, url: to + post.url.slice(from.length) };
    moved.set(post, known);
    return known;
  };
  return {
    ...source,
    async scan(signal) {
      const scan = await source.scan(signal);
      return { ...scan, posts: scan.posts.map(move) };
    },
  };
}
