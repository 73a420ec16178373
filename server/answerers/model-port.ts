/** A language model as the answerer needs it; `openai-model.ts` is one behind the OpenAI API. */
import type { PromptMessage } from './grounded-prompt.ts';

export interface ModelPrompt {
  readonly system: string;
  /** Oldest first. */
  readonly messages: readonly PromptMessage[];
  /** The answer ends after so many tokens, thoughts included. */
  readonly maxTokens: number;
}

/** What the server says that a call cost. */
export interface ModelUsage {
  readonly prompt: number;
  readonly completion: number;
}

export type ModelPart =
  | { readonly type: 'text'; readonly text: string }
  /** What a reasoning model thinks, which nobody is shown. */
  | { readonly type: 'thought'; readonly text: string }
  | {
      readonly type: 'end';
      /** Absent where the server does not say. */
      readonly usage?: ModelUsage;
      /** Whether `maxTokens` ended it. */
      readonly cutShort: boolean;
    };

export interface LanguageModel {
  readonly name: string;
  /**
   * Asks once, without retries of its own. Ends with an `end` part or throws `ModelFailed`; a
   * signal that aborts closes the connection.
   */
  stream(prompt: ModelPrompt, signal: AbortSignal): AsyncIterable<ModelPart>;
}

/** Why a call of a model failed. */
export type ModelFailure =
  /** The connection could not be made, or broke before the answer began. */
  | 'unreachable'
  /** 5xx, or an error in the middle of the stream. */
  | 'broken'
  /** The answer ended before its end, or is not what the API promises. */
  | 'cut'
  /** Nothing came for too long. */
  | 'late'
  /** The answer says nothing. */
  | 'empty'
  /** 429. */
  | 'busy'
  /** 429 or 402 that waiting does not mend: nothing is left on the account. */
  | 'quota'
  /** 401 or 403. */
  | 'unauthorized'
  /** 404: no such address, or no such model. */
  | 'not_found'
  /** 400 about a parameter that the next call will not have. */
  | 'parameter'
  /** Any other 3xx or 4xx. */
  | 'rejected';

/** A failed call. Its message holds no text of anybody, no key and no address. */
export class ModelFailed extends Error {
  override readonly name = 'ModelFailed';
  readonly failure: ModelFailure;
  /** When to come back, where the server said so. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: ModelFailure, message: string, retryAfterMs?: number) {
    super(message);
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether the server may have done work for it. */
export function costs(failure: ModelFailure): boolean {
  switch (failure) {
    case 'cut':
    case 'late':
    case 'empty':
      return true;
    case 'broken':
    case 'unreachable':
    case 'busy':
    case 'parameter':
    case 'quota':
    case 'unauthorized':
    case 'not_found':
    case 'rejected':
      return false;
  }
}
