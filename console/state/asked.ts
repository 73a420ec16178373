/** Which questions an answer is about, where one cannot see it from where it stands. */
import type { Message } from './conversation.ts';

/**
 * Texts of the questions that a message answers, in their order; none where exactly they stand
 * right above it. Those that are not here are left out.
 */
export function askedElsewhere(
  message: Pick<Message, 'seq' | 'in_reply_to' | 'answers'>,
  messages: readonly Message[],
): readonly string[] {
  const ids = new Set(message.answers ?? (message.in_reply_to ? [message.in_reply_to] : []));
  const asked = messages.filter(({ id, sender }) => sender === 'visitor' && ids.has(id));
  const isAbove = asked.every(({ seq }, index) => seq === message.seq - asked.length + index);
  return isAbove ? [] : asked.map((question) => question.message);
}
