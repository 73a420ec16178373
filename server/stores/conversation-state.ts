import type { View, WaitingReason } from '../../shared/console-protocol.ts';
import type { Answering } from '../../shared/protocol.ts';
import type { AnswerOutcome, AppendCommand, Conversation } from '../ports.ts';
import type { ConversationUpdate } from '../inbox-ports.ts';

/** Where a conversation stands between visitor, assistant and owner; `null` = none. */
export interface ConversationState {
  readonly answering: Answering | null;
  readonly waiting: WaitingReason | null;
  readonly done: boolean;
  readonly blocked: boolean;
}

export const newState: ConversationState = {
  answering: null,
  waiting: null,
  done: false,
  blocked: false,
};

/** The one view in which a conversation is listed. */
export function viewOf({ done, waiting, answering }: ConversationState): View {
  if (done) return 'done';
  if (waiting !== null) return 'waiting';
  return answering === 'owner' ? 'mine' : 'assistant';
}

/**
 * What a message causes, given who answered before it.
 * @param before - what came of the answer that stands right before it, if one does
 */
export function causedBy(
  command: AppendCommand,
  answering: Answering | null,
  before: AnswerOutcome | null,
): Pick<AppendCommand, 'owedAnswer' | 'owedNotices' | 'waiting'> {
  if (answering !== 'owner' && answering !== 'nobody') {
    const { owedNotices = [], noticesAfterNotCovered = [] } = command;
    if (noticesAfterNotCovered.length === 0 || before !== 'not_covered') return command;
    return { ...command, owedNotices: [...owedNotices, ...noticesAfterNotCovered] };
  }
  // The assistant never talks over a person, whatever the sender of the command believed.
  const { owedNotices, waiting } = command.unlessAssistant ?? command;
  return {
    ...(owedNotices === undefined ? {} : { owedNotices }),
    ...(waiting === undefined ? {} : { waiting }),
  };
}

/**
 * The state after a message was stored.
 * @param waiting - the reason that it gives to wait for the owner, from `causedBy`
 */
export function stateAfterMessage(
  before: ConversationState,
  { message, facts, takesOver }: AppendCommand,
  waiting: WaitingReason | undefined,
): ConversationState {
  // A wish for a person is not hidden among what is done, whoever's message brings it.
  const reopened = message.sender === 'visitor' || (waiting !== undefined && isAsked(waiting));
  return {
    answering: takesOver ? 'owner' : (facts?.answering ?? before.answering),
    waiting: takesOver ? null : strongest(before.waiting, waiting ?? null),
    done: before.done && !reopened,
    blocked: before.blocked,
  };
}

export function stateAfterUpdate(
  before: ConversationState,
  { answering, done, blocked }: ConversationUpdate,
): ConversationState {
  return {
    answering: answering === undefined ? before.answering : answering,
    waiting: answering === undefined && done !== true ? before.waiting : null,
    done: done ?? before.done,
    blocked: blocked ?? before.blocked,
  };
}

/** The visitor takes back a wish for a person; other reasons to wait stand. */
export const stateHandedBack = (before: ConversationState): ConversationState => ({
  ...before,
  answering: null,
  waiting: before.waiting === 'human_request' ? null : before.waiting,
});

export const isSameState = (a: ConversationState, b: ConversationState): boolean =>
  a.answering === b.answering &&
  a.waiting === b.waiting &&
  a.done === b.done &&
  a.blocked === b.blocked;

/** The fields of a conversation that its state decides. */
export const stateFields = (
  state: ConversationState,
): Pick<Conversation, 'answering' | 'view' | 'waiting' | 'blocked'> => ({
  ...(state.answering === null ? {} : { answering: state.answering }),
  view: viewOf(state),
  ...(state.waiting === null ? {} : { waiting: state.waiting }),
  blocked: state.blocked,
});

/** Whether the visitor asked for the owner, who is then not waited for by chance. */
const isAsked = (reason: WaitingReason): boolean =>
  reason === 'human_request' || reason === 'contact_request';

function strongest(before: WaitingReason | null, next: WaitingReason | null): WaitingReason | null {
  if (next === null) return before;
  return before !== null && isAsked(before) && !isAsked(next) ? before : next;
}
