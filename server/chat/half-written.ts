import type { BusEvent } from '../ports.ts';

/** An answer that is being written, as far as it has come. */
export interface HalfWritten {
  /** Of the answer. */
  readonly id: string;
  readonly inReplyTo: string;
  readonly text: string;
  /** Another number each time that it begins anew. */
  readonly beginning: number;
}

/** What is known of answers that are being written; whoever comes late is shown all of it. */
export interface HalfWrittenAnswers {
  /** To be told of every event, before those whom it concerns. */
  hear(event: BusEvent): void;
  /** Nothing where a piece was missed: the whole answer follows. */
  of(conversationId: string): HalfWritten | undefined;
}

/** Conversations of which something half-written is remembered. */
const maxRemembered = 1_000;

export function createHalfWrittenAnswers(): HalfWrittenAnswers {
  const answers = new Map<string, HalfWritten & { readonly nextIndex: number }>();
  let beginnings = 0;

  function write(event: Extract<BusEvent, { type: 'delta' }>): void {
    const { conversationId, id, inReplyTo, index, delta } = event;
    const known = answers.get(conversationId);
    answers.delete(conversationId);
    if (index === 0) beginnings += 1;
    else if (known?.id !== id || known.nextIndex !== index) return;
    answers.set(conversationId, {
      ...{ id, inReplyTo },
      text: index === 0 ? delta : `${known?.text}${delta}`,
      beginning: index === 0 ? beginnings : (known?.beginning ?? 0),
      nextIndex: index + 1,
    });
    // What was given up without a word is forgotten, the longest untouched first.
    for (const oldest of answers.keys()) {
      if (answers.size <= maxRemembered) break;
      answers.delete(oldest);
    }
  }

  return {
    hear(event) {
      switch (event.type) {
        case 'delta':
          write(event);
          return;
        case 'message':
          if (answers.get(event.conversationId)?.id === event.message.id) {
            answers.delete(event.conversationId);
          }
          return;
        case 'handler':
          // Handed back to the assistant, or wished for a person: it is written on.
          if (!event.wished && event.answering !== 'assistant') {
            answers.delete(event.conversationId);
          }
          return;
        case 'erased':
        case 'blocked':
          answers.delete(event.conversationId);
          return;
        case 'typing':
        case 'read':
        case 'presence':
        case 'changed':
        case 'feedback':
        case 'note':
        case 'note_deleted':
        case 'canned_replies':
        case 'pruned':
        case 'replaced':
        case 'broadcast':
      }
    },
    of: (conversationId) => answers.get(conversationId),
  };
}
