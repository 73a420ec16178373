import type { MessagePage, MessageRange, StoredMessage } from '../ports.ts';

// What a `history` frame has around its messages.
const envelopeBytes = 128;
// `2025-01-01T12:00:00.000Z`: what the wire carries instead of the milliseconds.
const timestampPlaceholder = '0000-00-00T00:00:00.000Z';

/** UTF-8 bytes that a message takes in a `history` frame, with its comma. */
export function wireBytes(message: StoredMessage): number {
  const wire = {
    id: message.id,
    seq: message.seq,
    sender: message.sender,
    message: message.text,
    timestamp: timestampPlaceholder,
    in_reply_to: message.inReplyTo,
    answers: message.answers,
    citations: message.citations,
    kind: message.kind,
  };
  return Buffer.byteLength(JSON.stringify(wire)) + 1;
}

/** How many rows to read for a page: one above its limit tells whether there are more. */
export const rowsForPage = (range: MessageRange): number => pageLimit(range) + 1;

// A page of no messages would never end a loop that reads page after page.
const pageLimit = (range: MessageRange): number => Math.max(1, Math.floor(range.limit));

/**
 * Cuts what was read to a page within `limit` and `maxBytes`, of at least one message.
 * @param candidates up to `rowsForPage(range)` messages, nearest to the range's `seq` first:
 *   ascending after a `seq`, descending before one
 */
export function cutPage(candidates: readonly StoredMessage[], range: MessageRange): MessagePage {
  const limit = pageLimit(range);
  const messages: StoredMessage[] = [];
  let bytes = envelopeBytes;
  for (const message of candidates) {
    bytes += wireBytes(message);
    const full = messages.length >= limit || bytes > range.maxBytes;
    if (full && messages.length > 0) break;
    messages.push(message);
  }
  const more = messages.length < candidates.length;
  if ('beforeSeq' in range) messages.reverse();
  return { messages, more };
}
