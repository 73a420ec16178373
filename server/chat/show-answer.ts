import { maxPieceChars, wholeCharacters } from './answer-stream.ts';
import type { Effect, Step } from './effects.ts';
import type { HalfWritten } from './half-written.ts';
import type { Session } from './session.ts';

/**
 * Shows a client what it has not seen of an answer that is being written: all of it where it came
 * late or the answer began anew, as `index` 0. One that reads too slowly just gets more at once.
 * Clients without `hello` see whole answers alone.
 */
export function showAnswer(session: Session, written: HalfWritten): Step {
  if (session.kind === 'plain' || session.phase === 'reading') return { session, effects: [] };
  const { id, inReplyTo, beginning, text } = written;
  const known = session.shown;
  const goesOn = known?.id === id && known.beginning === beginning;
  let { index, chars } = goesOn ? known : { index: 0, chars: 0 };
  const effects: Effect[] = [];
  while (chars < text.length) {
    const delta = wholeCharacters(text.slice(chars, chars + maxPieceChars));
    effects.push({
      type: 'send',
      message: { type: 'chat_message_delta', id, in_reply_to: inReplyTo, index, delta },
    });
    chars += delta.length;
    index += 1;
  }
  return { session: { ...session, shown: { id, beginning, index, chars } }, effects };
}

/** What was shown of an answer is void: the whole was sent, or the client was told to drop it. */
export function withoutShown(session: Session): Session {
  if (!session.shown) return session;
  const { shown: _void, ...rest } = session;
  return rest;
}
