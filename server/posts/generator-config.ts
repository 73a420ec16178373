/**
 * The permalinks of a blog whose generator says in `_config.yml` how its addresses are made:
 * Jekyll (https://jekyllrb.com/docs/permalinks/) and Hexo (https://hexo.io/docs/permalinks).
 */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';

/** No configuration that a person wrote is longer, in bytes. */
const longestConfig = 512 * 1024;

const jekyllStyles: Readonly<Record<string, string>> = {
  date: '/:categories/:year/:month/:day/:title:output_ext',
  pretty: '/:categories/:year/:month/:day/:title/',
  none: '/:categories/:title:output_ext',
};
const hexoDefault = '/:year/:month/:day/:title/';

/** Folders that may hold the configuration: the posts' own, and those above a `_posts`. */
function placesOf(folder: string): string[] {
  const own = resolve(folder);
  if (basename(own) !== '_posts') return [own];
  const above = dirname(own);
  return [own, above, ...(basename(above) === 'source' ? [dirname(above)] : [])];
}

function permalinkIn(text: string): string | undefined {
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  const config: unknown = document.toJS({ mapAsMap: true, maxAliasCount: 50 });
  if (!(config instanceof Map)) return undefined;
  const value: unknown = config.get('permalink');
  const isHexo = ['new_post_name', 'source_dir', 'public_dir'].some((key) => config.has(key));
  if (typeof value !== 'string' || value.trim() === '') {
    return isHexo ? hexoDefault : jekyllStyles['date'];
  }
  const pattern = jekyllStyles[value.trim()] ?? value.trim();
  return pattern.startsWith('/') ? pattern : `/${pattern}`;
}

/**
 * The pattern of the addresses of posts in `_posts`, beginning with a slash; undefined where no
 * configuration says one. Never rejects.
 *
 * @param folder - of the posts, the blog's own or its `_posts`
 */
export async function configuredPermalink(folder: string): Promise<string | undefined> {
  for (const place of placesOf(folder)) {
    const file = join(place, '_config.yml');
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile() || found.size > longestConfig) continue;
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return permalinkIn(text);
  }
  return undefined;
}

/** Whether a pattern of the configuration holds for a file: it stands in `_posts`. */
export const isInPosts = (folder: string, path: string): boolean =>
  /(?:^|\/)_posts\//.test(path) || basename(resolve(folder)) === '_posts';
