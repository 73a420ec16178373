/** What one socket of a client is shown of answers while they are written. */
import type { Frame } from './client-device.ts';

export interface HalfWritten {
  /** Every frame of the socket, in order. */
  hear(frame: Frame): void;
}

/**
 * Pieces have to follow each other without gaps and have to be the beginning of the whole answer,
 * but where that is the sentence of a failure.
 *
 * @param onWrong - told where they are not
 */
export function createHalfWritten(onWrong: (what: string) => void): HalfWritten {
  const answers = new Map<string, { text: string; next: number }>();
  return {
    hear(frame) {
      const id = String(frame['id']);
      const known = answers.get(id);
      if (frame.type === 'chat_message_delta') {
        const [index, delta] = [frame['index'] as number, frame['delta'] as string];
        if (index === 0) answers.set(id, { text: delta, next: 1 });
        else if (known?.next === index) {
          answers.set(id, { text: known.text + delta, next: index + 1 });
        } else {
          onWrong(`piece ${index} of ${id} came where ${known?.next ?? 0} was due`);
        }
      }
      if (frame.type === 'chat_message' && known) {
        answers.delete(id);
        const whole = String(frame['message']);
        if (!whole.startsWith('Sorry') && !whole.startsWith(known.text.trimEnd())) {
          onWrong(`the pieces of ${id} are not the beginning of it`);
        }
      }
    },
  };
}
