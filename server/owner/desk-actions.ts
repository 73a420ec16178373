/** What lies on the owner's desk beside the conversations: notes and replies kept ready. */
import type { CannedReply } from '../../shared/console-protocol.ts';
import type { Note } from '../inbox-ports.ts';
import type { OwnerContext } from './owner-context.ts';

/** Adds a note that only the owner sees. With an id it may be repeated. */
export async function addNote(
  { store, bus, clock, newId }: OwnerContext,
  conversationId: string,
  { text, id }: { readonly text: string; readonly id: string | undefined },
): Promise<
  | { readonly status: 'stored' | 'duplicate'; readonly note: Note }
  | { readonly status: 'conflict' | 'unknown' }
> {
  const note = { id: id ?? newId(), text, atMs: clock.now() };
  const result = await store.addNote(conversationId, note);
  if (result.status === 'stored') {
    bus.publish({ type: 'note', conversationId, note: result.note });
  }
  return result;
}

/** Oldest first; `undefined` for an unknown conversation. */
export const notes = async (
  { store }: OwnerContext,
  conversationId: string,
): Promise<readonly Note[] | undefined> =>
  (await store.conversation(conversationId)) ? store.notes(conversationId) : undefined;

/** @returns whether there was one */
export async function deleteNote(
  { store, bus }: OwnerContext,
  conversationId: string,
  id: string,
): Promise<boolean> {
  const was = await store.deleteNote(conversationId, id);
  if (was) bus.publish({ type: 'note_deleted', conversationId, id });
  return was;
}

/** Replaces all. @returns the id that stands twice, where one does: then nothing was written */
export async function setCannedReplies(
  { store, bus }: OwnerContext,
  replies: readonly CannedReply[],
): Promise<string | undefined> {
  const seen = new Set<string>();
  for (const { id } of replies) {
    if (seen.has(id)) return id;
    seen.add(id);
  }
  await store.setCannedReplies(replies.map(({ id, title, text }) => ({ id, title, text })));
  bus.publish({ type: 'canned_replies' });
  return undefined;
}
