/** Notices that tell nothing new: the owner has read what they are about. */
import type { Conversation, OwedNotice } from '../ports.ts';

/**
 * Tells apart what is still to be said. Only of a visitor's further messages can the owner have
 * heard otherwise; a contact request and a wish for a person are always told.
 */
export function apartFromRead(
  rows: readonly OwedNotice[],
  { readByOwner }: Pick<Conversation, 'readByOwner'>,
): { readonly unread: readonly OwedNotice[]; readonly read: readonly OwedNotice[] } {
  const isRead = ({ reason, message }: OwedNotice): boolean =>
    reason === 'visitor_message' && message.seq <= readByOwner;
  return { unread: rows.filter((row) => !isRead(row)), read: rows.filter(isRead) };
}
