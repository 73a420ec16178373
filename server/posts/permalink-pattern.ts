/**
 * Permalinks with places to be filled in, as Jekyll (https://jekyllrb.com/docs/permalinks/) and
 * Hugo (https://gohugo.io/content-management/urls/) write them: `/:categories/:year/:title/`.
 */
import { headText, headTexts, type FrontMatter } from './front-matter.ts';

const placeholder = /:([a-z_]+)/gi;

/** Whether an address has places to be filled in. */
export const isPattern = (value: string): boolean => /(?:^|[/.-]):[a-z]/i.test(value);

/** A name as it stands in addresses: lower case, hyphens, nothing else. */
const slugOf = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

interface DateParts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
}

/** The date as it is written, in the head or in the name of the file: no zone is reckoned with. */
function dateOf(path: string, head: FrontMatter): DateParts | undefined {
  const value = head.get('date') ?? head.get('publishdate') ?? head.get('pubdate');
  const text = value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : '';
  const name = path.split('/').at(-1) ?? '';
  const found =
    /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text) ?? /^(\d{4})-(\d{1,2})-(\d{1,2})-/.exec(name);
  const [, year, month, day] = found ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return { year, month: month.padStart(2, '0'), day: day.padStart(2, '0') };
}

/** Categories of the head, else the folders above `_posts`. */
function categoriesOf(path: string, head: FrontMatter): string[] {
  const named = [...headTexts(head, 'categories'), ...headTexts(head, 'category')];
  const above = /^(.*?)\/?_posts\//.exec(path)?.[1] ?? '';
  // One text names several, separated by white space.
  const words = named.length === 1 ? (named[0] ?? '').split(/\s+/) : named;
  return [...above.split('/'), ...words].map(slugOf).filter((name) => name !== '');
}

const withoutDate = (name: string): string => name.replace(/^\d{4}-\d{1,2}-\d{1,2}-(?=.)/, '');

/**
 * The address that a pattern stands for; undefined where the post lacks what it asks for.
 *
 * @param path - of the file, with its extension
 */
export function fillPattern(pattern: string, path: string, head: FrontMatter): string | undefined {
  const name = (path.split('/').at(-1) ?? '').replace(/\.[^./]+$/, '');
  const date = dateOf(path, head);
  const slug = headText(head, 'slug');
  const folders = path.split('/').slice(0, -1);
  const values: Readonly<Record<string, string | undefined>> = {
    year: date?.year,
    month: date?.month,
    day: date?.day,
    short_year: date?.year.slice(2),
    i_month: date && String(Number(date.month)),
    i_day: date && String(Number(date.day)),
    title: slug ?? withoutDate(name),
    slug: slug ?? withoutDate(name),
    name: withoutDate(name),
    filename: name,
    categories: categoriesOf(path, head).join('/'),
    category: categoriesOf(path, head)[0] ?? '',
    section: folders[0] ?? '',
    sections: folders.join('/'),
    output_ext: '.html',
  };
  let isWhole = true;
  const filled = pattern.replace(placeholder, (_, key: string) => {
    const value = values[key.toLowerCase()];
    isWhole &&= value !== undefined;
    return value ?? '';
  });
  return isWhole ? filled.replace(/\/{2,}/g, '/') : undefined;
}
