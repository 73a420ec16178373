import type { AppendResult, Contact, Conversation, NewMessage, StoredMessage } from '../ports.ts';

/** A message as it will be read back once it has its `seq`. */
export function storedMessage(message: NewMessage, seq: number): StoredMessage {
  return {
    id: message.id,
    seq,
    sender: message.sender,
    text: message.text,
    atMs: message.atMs,
    ...(message.kind === undefined ? {} : { kind: message.kind }),
    ...(message.inReplyTo === undefined ? {} : { inReplyTo: message.inReplyTo }),
    ...(message.answers === undefined ? {} : { answers: message.answers }),
    ...(message.citations === undefined ? {} : { citations: message.citations }),
    ...(message.outcome === undefined ? {} : { outcome: message.outcome }),
  };
}

/** Whether a message that comes with a known id is the known message, sent again. */
export const isSameMessage = (known: StoredMessage, again: NewMessage): boolean =>
  known.text === again.text && known.sender === again.sender && known.kind === again.kind;

/** The questions whose answers are no longer owed once this message is stored. */
export function settledQuestions(message: NewMessage): readonly string[] {
  if (message.answers !== undefined && message.answers.length > 0) return message.answers;
  return message.inReplyTo === undefined ? [] : [message.inReplyTo];
}

/** An answer came too late for at least one of its questions. */
export const notOwed = (stillOwed: readonly string[]): AppendResult =>
  stillOwed.length === 0 ? { status: 'not_owed' } : { status: 'not_owed', stillOwed };

/** What the owner can come back to: what came with the message, else what is known of its sender. */
export function contactOf(
  conversation: Pick<Conversation, 'name' | 'email' | 'userAgent' | 'page'>,
  own: Contact | undefined,
): Contact {
  const { name, email, userAgent, page } = conversation;
  return {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(page === undefined ? {} : { page }),
    ...own,
  };
}
