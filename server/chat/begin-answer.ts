import type { OwedAnswer } from '../ports.ts';
import type { Effect } from './effects.ts';
import type { Session } from './session.ts';

/** What is owed for a message just stored, without asking the store for it again. */
export function answerOf(
  { command, seq }: Extract<Effect, { type: 'begin_answer' }>,
  session: Session,
): OwedAnswer {
  const page = session.kind === 'hello' ? session.page : undefined;
  return {
    conversationId: command.conversationId,
    questionId: command.message.id,
    questionSeq: seq,
    text: command.message.text,
    combinable: command.combinable === true,
    lang: session.lang,
    visitor: session.address,
    ...(page === undefined ? {} : { page }),
  };
}
