import type { SearchHit } from '../inbox-ports.ts';
import type { Conversation, ConversationSummary, StoredMessage } from '../ports.ts';
import type { ListPosition } from './list-cursor.ts';
import type { SearchPlace } from './search-place.ts';
import { compareFound, searchCursor, searchPlace } from './search-place.ts';
import { folded, hasAll, searchedFacts } from './search-text.ts';

/** A conversation as a search walks over it. */
export type SearchedConversation = Pick<
  Conversation,
  'id' | 'createdAtMs' | 'updatedAtMs' | 'lastSeq' | 'revision' | 'name' | 'email' | 'user' | 'page'
>;

export interface SearchedMessage {
  readonly seq: number;
  readonly atMs: number;
  readonly text: string;
}

export interface SearchedNote {
  readonly conversationId: string;
  readonly id: string;
  readonly atMs: number;
  readonly text: string;
}

/** Short reads of a store, each of the state of its moment. */
export interface SearchSource {
  revision(): number;
  /** Newest first, from a place in the list. */
  conversations(after: ListPosition, limit: number): readonly SearchedConversation[];
  /** Those that changed after a revision, ascending. */
  changed(revision: number, limit: number): readonly SearchedConversation[];
  /** Those before a `seq`, the highest first. */
  messages(conversationId: string, beforeSeq: number, limit: number): readonly SearchedMessage[];
  /** Newest first; equal times by descending conversation, then id. */
  notes(after: Omit<SearchedNote, 'text'>, limit: number): readonly SearchedNote[];
  summary(conversationId: string): ConversationSummary | undefined;
  message(conversationId: string, seq: number): StoredMessage | undefined;
}

export interface SearchQuery {
  readonly words: readonly string[];
  readonly limit: number;
  readonly before?: string;
}

export interface SearchPage {
  readonly hits: readonly SearchHit[];
  readonly cursor?: string;
}

interface Found extends SearchPlace {
  readonly text: string;
}

/** The steps of a search, each of which takes a fraction of a millisecond. */
export type SearchSteps<Value> = Generator<undefined, Value, undefined>;

const conversationsAtOnce = 64;
const messagesAtOnce = 32;
const notesAtOnce = 64;

/**
 * Searches a store, whose connection may be made anew at any time, from the newest to the oldest,
 * and no further than for a page. Nothing is indexed for it: a message costs nothing when it is
 * stored.
 *
 * What was found has the time of its message, within those at which its conversation was made and
 * last written to, so that it is known, whatever the clock did, when nothing newer can follow;
 * a note has its own time, and the facts of a conversation that of its newest message. What is
 * written while a search runs, or between two of its pages, may be missed; all else is found, once.
 */
export function* searchSteps(
  source: () => SearchSource,
  query: SearchQuery,
): SearchSteps<SearchPage> {
  const words = query.words.map(folded);
  const limit = Math.max(1, Math.floor(query.limit));
  const from = query.before === undefined ? undefined : searchPlace(query.before);
  if (query.before !== undefined && !from) return { hits: [] };

  /** In the order of the results, no more than are wanted and one, which tells that there are more. */
  const found: Found[] = [];
  const visited = new Set<string>();
  let knownRevision = source().revision();

  function consider(candidate: Found): void {
    if (from && compareFound(from, candidate) >= 0) return;
    const last = found.at(-1);
    if (found.length > limit && last && compareFound(last, candidate) <= 0) return;
    if (!hasAll(candidate.text, words)) return;
    let at = found.length;
    for (let one = found[at - 1]; one && compareFound(candidate, one) < 0; one = found[at - 1]) {
      at -= 1;
    }
    found.splice(at, 0, candidate);
    if (found.length > limit + 1) found.pop();
  }

  /** Whether whatever is at most this new comes after all that is wanted. */
  const isBelow = (atMs: number): boolean =>
    found.length > limit && (found[limit]?.atMs ?? -Infinity) > atMs;

  function* searchConversation(one: SearchedConversation): SearchSteps<void> {
    visited.add(one.id);
    const earliestMs = Math.min(one.createdAtMs, one.updatedAtMs);
    if (from && earliestMs > from.atMs) return;
    const at = { conversationId: one.id, noteId: '' };
    const facts = searchedFacts(one);
    if (facts !== '') consider({ ...at, atMs: one.updatedAtMs, seq: 0, text: facts });
    for (let beforeSeq = one.lastSeq + 1; ;) {
      const messages = source().messages(one.id, beforeSeq, messagesAtOnce);
      yield;
      for (const { seq, atMs, text } of messages) {
        const within = Math.max(earliestMs, Math.min(one.updatedAtMs, atMs));
        consider({ ...at, atMs: within, seq, text });
        yield;
      }
      beforeSeq = messages.at(-1)?.seq ?? 0;
      if (messages.length < messagesAtOnce) return;
    }
  }

  function* searchNotes(): SearchSteps<void> {
    const newestMs = from ? from.atMs + 1 : Number.MAX_SAFE_INTEGER;
    for (
      let after: Omit<SearchedNote, 'text'> = { atMs: newestMs, conversationId: '', id: '' };
      ;
    ) {
      const notes = source().notes(after, notesAtOnce);
      yield;
      for (const { conversationId, id, atMs, text } of notes) {
        consider({ atMs, conversationId, seq: 0, noteId: id, text });
        yield;
      }
      const last = notes.at(-1);
      if (!last || notes.length < notesAtOnce || isBelow(last.atMs)) return;
      after = last;
    }
  }

  function* searchConversations(): SearchSteps<void> {
    for (let after: ListPosition = { updatedAtMs: Number.MAX_SAFE_INTEGER, id: '' }; ;) {
      const conversations = source().conversations(after, conversationsAtOnce);
      yield;
      for (const one of conversations) {
        if (isBelow(one.updatedAtMs)) return;
        if (!visited.has(one.id)) yield* searchConversation(one);
      }
      const last = conversations.at(-1);
      if (!last || conversations.length < conversationsAtOnce) return;
      after = last;
    }
  }

  /** Those that have moved to the front of the list meanwhile, past where the walk was. */
  function* searchMoved(): SearchSteps<void> {
    for (;;) {
      const changed = source().changed(knownRevision, conversationsAtOnce);
      yield;
      for (const one of changed) {
        knownRevision = one.revision;
        if (!visited.has(one.id)) yield* searchConversation(one);
      }
      if (changed.length < conversationsAtOnce) return;
    }
  }

  yield* searchNotes();
  yield* searchConversations();
  yield* searchMoved();

  const hits: SearchHit[] = [];
  const summaries = new Map<string, ConversationSummary | undefined>();
  for (const one of found.slice(0, limit)) {
    const { conversationId } = one;
    if (!summaries.has(conversationId)) {
      summaries.set(conversationId, source().summary(conversationId));
    }
    const hit = hitOf(source(), one, summaries.get(conversationId));
    if (hit) hits.push(hit);
    yield;
  }
  const last = found[limit - 1];
  return found.length > limit && last ? { hits, cursor: searchCursor(last) } : { hits };
}

/** `undefined` for what was deleted since it was found. */
function hitOf(
  source: SearchSource,
  { conversationId, seq, noteId, text, atMs }: Found,
  conversation: ConversationSummary | undefined,
): SearchHit | undefined {
  if (!conversation) return undefined;
  if (noteId !== '') return { conversation, note: { id: noteId, text, atMs }, text };
  if (seq === 0) return { conversation, text };
  const message = source.message(conversationId, seq);
  return message && { conversation, message, text };
}
