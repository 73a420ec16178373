import { enRare, type RareWords } from './en-rare.ts';
import { zhCnRare } from './zh-cn-rare.ts';

const languages: Readonly<Record<string, RareWords>> = { en: enRare, zh: zhCnRare };

/** The rarer sentences in the language of the others. */
export const rareWords = (tag: string): RareWords => languages[tag.slice(0, 2)] ?? enRare;
