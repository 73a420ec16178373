/** The documentation as it lies in a folder: `<language>/<slug>.md`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitFrontMatter, type FrontMatter } from '../server/posts/front-matter.ts';
import { languages, type Language } from './site-words.ts';

export interface DocPost {
  readonly language: Language;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Place in the list, ascending. */
  readonly order: number;
  readonly body: string;
}

const slugPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** @throws Error that names the file and what it lacks: a broken post stops the build */
function toPost(language: Language, slug: string, head: FrontMatter, body: string): DocPost {
  const broken = (what: string): Error => new Error(`${language}/${slug}.md: ${what}`);
  const text = (name: string): string => {
    const value = head.get(name);
    if (typeof value !== 'string' || value.trim() === '') throw broken(`${name} is missing`);
    return value.trim();
  };
  if (!slugPattern.test(slug)) throw broken('the name must be lower case with hyphens');
  const date = text('date');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date))) {
    throw broken('date must be YYYY-MM-DD');
  }
  const order = head.get('order');
  if (typeof order !== 'number') throw broken('order must be a number');
  return {
    language,
    slug,
    title: text('title'),
    description: text('description'),
    date,
    order,
    body,
  };
}

/** All posts of one language in their order. */
async function readLanguage(docsDir: string, language: Language): Promise<readonly DocPost[]> {
  const folder = join(docsDir, language);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  const posts = await Promise.all(
    names.map(async (name) => {
      // A checkout on Windows may have its own line ends.
      const source = (await readFile(join(folder, name), 'utf8')).replace(/^\uFEFF/, '');
      const { head, body, problem } = splitFrontMatter(source.replaceAll('\r\n', '\n'));
      if (problem !== undefined) throw new Error(`${language}/${name}: ${problem}`);
      return toPost(language, name.slice(0, -'.md'.length), head, body);
    }),
  );
  return posts.sort((a, b) => a.order - b.order || a.slug.localeCompare(b.slug));
}

type Docs = Readonly<Record<Language, readonly DocPost[]>>;

/**
 * Reads the documentation.
 *
 * @throws Error where a file cannot be read, a post lacks a field, or a post is missing in one
 *   of the languages
 */
export async function readDocs(docsDir: string): Promise<Docs> {
  const [en, zh] = await Promise.all([readLanguage(docsDir, 'en'), readLanguage(docsDir, 'zh')]);
  const docs: Docs = { en, zh };
  const slugs = new Set([...en, ...zh].map((post) => post.slug));
  for (const language of languages) {
    const have = new Set(docs[language].map((post) => post.slug));
    for (const slug of slugs) {
      if (!have.has(slug)) throw new Error(`${language}/${slug}.md is missing`);
    }
  }
  return docs;
}
