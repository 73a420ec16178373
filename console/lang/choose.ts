import { frameEn, type FrameWords } from './en-frame.ts';
import { inboxEn, type InboxWords } from './en-inbox.ts';

/** Every sentence of the inbox. */
export type Words = InboxWords & FrameWords;

const en: Words = { ...inboxEn, ...frameEn };

/** By primary subtag. A new language is two files and one entry here. */
const languages: Readonly<Record<string, () => Promise<Words>>> = {
  en: async () => en,
  zh: async () => {
    const [inbox, frame] = await Promise.all([import('./zh-inbox.ts'), import('./zh-frame.ts')]);
    return { ...inbox.inboxZh, ...frame.frameZh };
  },
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
