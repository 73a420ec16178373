import type { AnswerProgress } from '../answerer-ports.ts';
import type { Bus, Timers } from '../ports.ts';

/** An answer on its way to those who watch it being written. */
export interface AnswerStream {
  readonly progress: AnswerProgress;
  /** UTF-16 units shown since it last began. */
  shown(): number;
  /** Nothing is shown any more, whatever the answerer still says. */
  end(): void;
}

export interface AnswerStreamOptions {
  readonly bus: Bus;
  readonly timers: Timers;
  readonly conversationId: string;
  /** Id of the answer, and of the question that it replies to. */
  readonly id: string;
  readonly inReplyTo: string;
  /** A piece is about to go out. */
  onPiece(): void;
}

/** Pieces are gathered for so long, in milliseconds. */
const gatherMs = 50;
/** UTF-16 units of one piece at most: at most 48 KiB of UTF-8. */
export const maxPieceChars = 16_384;
/** What comes after so many UTF-16 units is shown with the whole answer. */
const maxShownChars = 64_000;

/**
 * Publishes an answer piece by piece: the first at once, then what has come in 50 ms. No character
 * is cut in two. What it says is a hint; the answer that is stored repairs whatever was missed.
 */
export function createAnswerStream(options: AnswerStreamOptions): AnswerStream {
  const { bus, timers, conversationId, id, inReplyTo } = options;
  let pending = '';
  let shown = 0;
  let index = 0;
  let ended = false;
  let cancel: (() => void) | undefined;

  function publishPending(): void {
    const room = Math.min(maxPieceChars, maxShownChars - shown);
    const piece = wholeCharacters(pending.slice(0, room));
    if (piece === '') return;
    pending = pending.slice(piece.length);
    shown += piece.length;
    options.onPiece();
    bus.publish({ type: 'delta', conversationId, id, inReplyTo, index, delta: piece });
    index += 1;
    cancel = timers.after(gatherMs, () => {
      cancel = undefined;
      publishPending();
    });
  }

  return {
    progress: {
      delta(text) {
        // Enough is kept for the piece after this one; the rest comes with the whole answer.
        if (ended || shown + pending.length >= maxShownChars) return;
        pending += text;
        if (!cancel) publishPending();
      },
      restart() {
        pending = '';
        shown = 0;
        index = 0;
      },
    },
    shown: () => shown,
    end() {
      ended = true;
      cancel?.();
      cancel = undefined;
    },
  };
}

/** Without the first half of a surrogate pair at its end. */
export const wholeCharacters = (text: string): string =>
  /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
