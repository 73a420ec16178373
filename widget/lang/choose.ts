import { en, type Words } from './en.ts';

/**
 * Every language by its primary subtag. English is always there; the others are loaded when they
 * are spoken. A new language is one file and one entry here.
 */
const languages: Readonly<Record<string, () => Promise<Words>>> = {
  en: async () => en,
  zh: async () => (await import('./zh-cn.ts')).zhCn,
};

/**
 * The words for the first of these language tags that is spoken here. English where none is, or
 * where the language cannot be loaded.
 *
 * @param tags - BCP 47, best first; empty and missing ones are passed over
 */
export async function loadWords(...tags: readonly (string | null | undefined)[]): Promise<Words> {
  const names = tags.map((tag) => tag?.toLowerCase().split(/[-_]/)[0] ?? '');
  const name = names.find((known) => Object.hasOwn(languages, known));
  return languages[name ?? 'en']?.().catch(() => en) ?? en;
}
