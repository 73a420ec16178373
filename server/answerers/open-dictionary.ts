/** The dictionary for questions that need it, read when the first one does. */
import type { OnError } from '../ports.ts';
import { sharedDictionary, type Dictionary } from './cross-dictionary.ts';
import { openFor } from './cross-question.ts';
import type { OpenDictionary } from './cross-words.ts';
import type { PostIndex } from './post-index.ts';

export interface DictionaryOptions {
  /** Asked whenever a question needs it; `sharedDictionary` where left out. */
  readonly readDictionary?: () => Promise<Dictionary>;
  /** Told once where the dictionary cannot be read, stage `posts`; the chat goes on without. */
  readonly onError?: OnError;
}

/** Opens it for a text, as far as the text needs it; undefined where it is of no use. */
export function createDictionaryOpener({
  readDictionary = sharedDictionary,
  onError,
}: DictionaryOptions): (text: string, index: PostIndex) => Promise<OpenDictionary | undefined> {
  let isTold = false;
  return async (text, index) => {
    try {
      return await openFor(text, index, readDictionary);
    } catch (error) {
      if (!isTold) onError?.(error, { stage: 'posts' });
      isTold = true;
      return undefined;
    }
  };
}
