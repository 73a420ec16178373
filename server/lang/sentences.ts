import type { DecodeError } from '../../shared/codec.ts';
import { en } from './en.ts';
import { zhCn } from './zh-cn.ts';

/** Everything the server says to a person, in one language. */
export interface Sentences {
  /** BCP 47 tag of this language. */
  readonly lang: string;
  readonly connected: string;
  readonly chatMessageReceived: string;
  readonly contactRequestReceived: string;
  /** The answer where the answerer failed. */
  readonly answerFailed: string;
  /** The answer to a wish for a person, where the owner is told of it. */
  readonly ownerNotified: string;
  /** The answer to a wish for a person, where no channel reaches the owner. */
  readonly ownerUnreachable: string;
  /** The same, where no assistant answers either. */
  readonly nobodyThere: string;
  /** Stands before the citations of an answer in plain text. */
  readonly sources: string;
  readonly errors: {
    readonly invalidJson: string;
    readonly notAnObject: string;
    readonly invalidField: (field: string) => string;
    readonly unknownType: (type: string) => string;
    readonly messageTooLong: (limit: number) => string;
    readonly frameTooLarge: (limit: number) => string;
    readonly binaryUnsupported: string;
    readonly rateLimited: (seconds: number) => string;
    readonly helloTwice: string;
    readonly helloTooLate: string;
    readonly helloNeeded: string;
    readonly unknownAnswer: string;
    readonly idConflict: string;
    readonly storeUnavailable: string;
    readonly overloaded: string;
    readonly internal: string;
  };
}

const languages: readonly Sentences[] = [zhCn, en];

/** Tags of the languages that the server speaks. */
export const spokenLanguages: readonly string[] = languages.map((sentences) => sentences.lang);

/**
 * The sentences for a BCP 47 tag by its primary subtag: `zh-Hans-TW` gets `zh-CN`.
 * @returns `undefined` for a language that the server does not speak
 */
export function sentencesFor(tag: string): Sentences | undefined {
  const primary = tag.trim().toLowerCase().split('-', 1)[0];
  return languages.find((sentences) => sentences.lang.toLowerCase().split('-', 1)[0] === primary);
}

/**
 * The first language of an `Accept-Language` header, by quality, that the server speaks
 * (RFC 9110, 12.5.4).
 */
export function fromAcceptLanguage(header: string): Sentences | undefined {
  const wanted = header
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';');
      const quality = parameters.find((parameter) => parameter.trim().startsWith('q='));
      return { tag, quality: quality ? Number(quality.trim().slice(2)) : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((left, right) => right.quality - left.quality);
  for (const { tag } of wanted) {
    const sentences = sentencesFor(tag);
    if (sentences) return sentences;
  }
  return undefined;
}

/** Says why a frame is not a message. */
export function decodeErrorSentence(
  sentences: Sentences,
  error: DecodeError,
  maxMessageChars: number,
): string {
  switch (error.code) {
    case 'invalid_json':
      return sentences.errors.invalidJson;
    case 'unknown_type':
      return sentences.errors.unknownType(error.unknownType ?? '');
    case 'message_too_long':
      return sentences.errors.messageTooLong(maxMessageChars);
    case 'invalid_message':
      return error.field
        ? sentences.errors.invalidField(error.field)
        : sentences.errors.notAnObject;
  }
}
