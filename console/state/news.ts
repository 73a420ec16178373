import type { ConversationJson } from '../../shared/console-protocol.ts';

/**
 * Whether a change is what the owner wants to be told of: somebody wrote who waits for them, or
 * began to wait.
 *
 * @param known - what was known of the conversation; absent where nothing was
 */
export function isNews(known: ConversationJson | undefined, now: ConversationJson): boolean {
  const { view, unread, blocked, revision } = now;
  if (blocked || unread === 0 || (view !== 'waiting' && view !== 'mine')) return false;
  if (!known) return true;
  if (known.revision >= revision) return false;
  // Unread ones are counted up to a bound only.
  const wrote = now.last_seq > known.last_seq && now.last_message?.sender === 'visitor';
  return wrote || unread > known.unread || (view === 'waiting' && known.view !== 'waiting');
}
