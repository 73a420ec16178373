/** What is said beside the posts where a language model was to answer. */
import type { OwnLanguage } from './own-sentences.ts';

/** Before the answer of the posts themselves, where the model did not give one. */
export const unreachableNote: Readonly<Record<OwnLanguage, string>> = {
  en: 'The language model could not be reached, so this is what the posts say:',
  zh: '暂时无法连接语言模型，以下是文章中的相关内容：',
};
