import { enAnswer, type AnswerWords } from './en-answer.ts';
import { zhCnAnswer } from './zh-cn-answer.ts';

const languages: Readonly<Record<string, AnswerWords>> = { en: enAnswer, zh: zhCnAnswer };

/** What can be said about an answer, in the language of the others. */
export const answerWords = (tag: string): AnswerWords => languages[tag.slice(0, 2)] ?? enAnswer;
