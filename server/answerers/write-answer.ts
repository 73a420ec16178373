/** One call of a model, as the visitor sees it: what is shown while it comes, and what became of it. */
import { wholeCharacters } from '../chat/answer-stream.ts';
import type { AnswerProgress } from '../answerer-ports.ts';
import type { Timers } from '../ports.ts';
import { estimateTokens } from './estimate-tokens.ts';
import {
  ModelFailed,
  type LanguageModel,
  type ModelPrompt,
  type ModelUsage,
} from './model-port.ts';
import { createShownText, type ShownText, type ShownTextOptions } from './shown-text.ts';
import { createWithoutThoughts } from './without-thoughts.ts';

export interface ModelTimeouts {
  /** Until the first token, thoughts included, in milliseconds. */
  readonly firstMs: number;
  /** From one token to the next. */
  readonly betweenMs: number;
}

export interface WriteAnswerOptions extends ShownTextOptions {
  readonly model: LanguageModel;
  readonly prompt: ModelPrompt;
  readonly timers: Timers;
  readonly timeouts: ModelTimeouts;
  readonly signal: AbortSignal;
  readonly progress?: AnswerProgress | undefined;
}

/** What a model wrote, as it is shown; empty where it only said `[0]`. */
export interface WrittenAnswer extends Pick<ShownText, 'cited' | 'declined'> {
  readonly text: string;
  /** Whether it used up its tokens. */
  readonly cutShort: boolean;
}

export interface Writing {
  /** Rejects with `ModelFailed`, or with the reason of the signal. */
  readonly answer: Promise<WrittenAnswer>;
  /** Whether anything was shown that still stands. */
  hasShown(): boolean;
  /** What it cost: as the server says, else estimated. To be asked when `answer` is settled. */
  used(promptTokens: number): ModelUsage;
}

/** A longer answer ends there, in UTF-16 units: a server need not keep to `maxTokens`. */
const longestAnswer = 6_000;
/** Thoughts, links and marks included; what is longer than this in one piece is not looked at. */
const longestWritten = 64_000;

class Enough extends Error {}

export function writeAnswer(options: WriteAnswerOptions): Writing {
  const { timers, timeouts, progress } = options;
  let usage: ModelUsage | undefined;
  let written = '';
  let text = '';
  let shown = createShownText(options);
  const thoughts = createWithoutThoughts(() => {
    shown = createShownText(options);
    takeBack();
  });

  function takeBack(): void {
    if (text !== '') progress?.restart();
    text = '';
  }
  function show(piece: string): void {
    if (piece === '') return;
    const room = longestAnswer - text.length;
    const fits = piece.length <= room ? piece : wholeCharacters(piece.slice(0, room));
    text += fits;
    progress?.delta(fits);
    if (piece.length > room) throw new Enough();
  }

  /** What was said may have made `shown` another one. */
  function hear(said: string): void {
    show(shown.push(said));
  }

  async function write(): Promise<WrittenAnswer> {
    const late = new AbortController();
    const patience = (ms: number, what: string): (() => void) =>
      timers.after(ms, () =>
        late.abort(new ModelFailed('late', `The language model ${what} for ${ms} ms`)),
      );
    let stop = patience(timeouts.firstMs, 'did not answer');
    let cutShort = false;
    const enough = new AbortController();
    const signal = AbortSignal.any([options.signal, late.signal, enough.signal]);
    try {
      for await (const part of options.model.stream(options.prompt, signal)) {
        signal.throwIfAborted();
        stop();
        if (part.type === 'end') {
          ({ usage, cutShort } = { usage: part.usage, cutShort: part.cutShort });
          break;
        }
        stop = patience(timeouts.betweenMs, 'was silent in the middle');
        const room = longestWritten - written.length;
        written += part.text.slice(0, room);
        if (part.type === 'text') hear(thoughts.push(part.text.slice(0, room)));
        if (part.text.length > room) throw new Enough();
      }
      hear(thoughts.end());
      show(shown.end());
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
      const rest = ' …';
      text += rest;
      progress?.delta(rest);
    } finally {
      stop();
      enough.abort(new Error('The answer is long enough'));
    }
    const { cited, declined } = shown;
    if (text === '' && !declined) {
      throw new ModelFailed(
        'empty',
        cutShort
          ? 'The language model used up its tokens before it said anything'
          : 'The language model said nothing',
      );
    }
    return { text, cited, declined, cutShort };
  }

  return {
    answer: write(),
    hasShown: () => text !== '',
    used: (promptTokens) => usage ?? { prompt: promptTokens, completion: estimateTokens(written) },
  };
}
