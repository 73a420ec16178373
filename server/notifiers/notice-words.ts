/** What a notice says to the owner, in the owner's language. A language is one file and one line. */
import type { NoticeReason } from '../ports.ts';
import { en } from './notice-words-en.ts';
import { zhCn } from './notice-words-zh-cn.ts';

export interface NoticeWords {
  /** BCP 47 tag of this language. */
  readonly lang: string;
  /** Who wrote is named where they said so. */
  readonly headline: (reason: NoticeReason, name: string | undefined) => string;
  /** Who wrote, where they left neither a name nor an address. */
  readonly visitor: string;
  /** Stands for the words of somebody who asked for a person without any. */
  readonly wordless: string;
  readonly from: string;
  readonly page: string;
  readonly language: string;
  readonly browser: string;
  /** Messages of the same conversation that are not shown. */
  readonly earlier: (count: number, since: string) => string;
  /** Messages that the limits hold back and that follow. */
  readonly heldBack: (count: number, since: string) => string;
  /** In front of the address where the owner answers. */
  readonly answer: string;
  /** Between a label and its value. */
  readonly colon: string;
}

const languages: readonly NoticeWords[] = [zhCn, en];

const primary = (tag: string): string => tag.trim().toLowerCase().split('-', 1)[0] ?? '';

/** The words for a BCP 47 tag by its primary subtag, English where there are none. */
export const noticeWords = (tag: string): NoticeWords =>
  languages.find(({ lang }) => primary(lang) === primary(tag)) ?? en;
