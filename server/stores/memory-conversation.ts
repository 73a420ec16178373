import type { Note } from '../inbox-ports.ts';
import type { Contact, Conversation, ConversationFacts, StoredMessage } from '../ports.ts';
import type { ConversationState } from './conversation-state.ts';
import { newState, stateFields } from './conversation-state.ts';

/** What is known of a conversation, without what its state decides. */
type Facts = Omit<Conversation, 'answering' | 'view' | 'waiting' | 'blocked'>;

/** A conversation as the memory store keeps it. */
export interface MemoryConversation {
  facts: Facts;
  state: ConversationState;
  readonly messages: StoredMessage[];
  readonly byId: Map<string, StoredMessage>;
  readonly contacts: Map<string, Contact>;
  readonly notes: Map<string, Note>;
}

export const newConversation = (id: string, atMs: number): MemoryConversation => ({
  facts: {
    id,
    createdAtMs: atMs,
    updatedAtMs: atMs,
    lastSeq: 0,
    readByVisitor: 0,
    readByOwner: 0,
    revision: 0,
  },
  state: newState,
  messages: [],
  byId: new Map(),
  contacts: new Map(),
  notes: new Map(),
});

/** As the port shows it. */
export const shown = ({ facts, state }: MemoryConversation): Conversation => ({
  ...facts,
  ...stateFields(state),
});

/** The facts that are given; a user who has a conversation already keeps that one. */
export function givenFacts(
  facts: ConversationFacts = {},
  isFree: (user: string) => boolean,
): Omit<ConversationFacts, 'answering'> {
  const { answering: _, user, ...rest } = facts;
  const free = user !== undefined && isFree(user) ? { user } : {};
  const there = Object.entries({ ...rest, ...free }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there);
}

interface Listed {
  readonly updatedAtMs: number;
  readonly id: string;
}

/** Negative where `a` comes after `b` in a list that is newest first. */
export function byAge(a: Listed, b: Listed): number {
  if (a.updatedAtMs !== b.updatedAtMs) return a.updatedAtMs - b.updatedAtMs;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
