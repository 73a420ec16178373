import fc from 'fast-check';

import { waitingReasons, type WaitingReason } from '../../shared/console-protocol.ts';
import type { Answering } from '../../shared/protocol.ts';
import type { ConversationUpdate } from '../inbox-ports.ts';
import type { FeedbackValue } from '../ports.ts';

/** One write, as the model test asks it of a store and of the model. */
export type ModelCommand =
  | {
      readonly do: 'append';
      readonly conversation: string;
      readonly id: string;
      readonly text: string;
      readonly sender: 'visitor' | 'assistant' | 'owner';
      readonly user?: string;
      /** Holder of the answer owed from the start, for `leaseMs`. */
      readonly owedTo?: string;
      readonly leaseMs: number;
      readonly notices: readonly string[];
      readonly settles?: readonly string[];
      readonly answering?: Answering;
      readonly waiting?: WaitingReason;
      /** What it causes instead where no assistant answers: notices on these channels. */
      readonly unless?: { readonly notices: readonly string[]; readonly waiting?: WaitingReason };
      readonly takesOver?: boolean;
    }
  | { readonly do: 'update'; readonly conversation: string; readonly update: ConversationUpdate }
  | { readonly do: 'handBack'; readonly conversation: string }
  | { readonly do: 'note'; readonly conversation: string; readonly id: string }
  | { readonly do: 'retryFailed' }
  | { readonly do: 'dismissFailed' }
  | {
      readonly do: 'read';
      readonly conversation: string;
      readonly reader: 'visitor' | 'owner';
      readonly seq: number;
    }
  | {
      readonly do: 'feedback';
      readonly conversation: string;
      readonly id: string;
      readonly value: FeedbackValue;
    }
  | { readonly do: 'erase'; readonly conversation: string }
  | { readonly do: 'prune'; readonly ageMs: number }
  | {
      readonly do: 'claimAnswers';
      readonly holder: string;
      readonly leaseMs: number;
      readonly limit: number;
    }
  | {
      readonly do: 'claimNotices';
      readonly channel: string;
      readonly leaseMs: number;
      readonly limit: number;
    }
  | { readonly do: 'noticesDone'; readonly ids: readonly number[] }
  | { readonly do: 'noticesFailed'; readonly ids: readonly number[]; readonly retryInMs?: number };

/** What the commands are about. */
export const names = {
  conversations: ['a', 'b', 'c'],
  users: ['u', 'v'],
  channels: ['mail', 'hook'],
};

const conversation = fc.constantFrom(...names.conversations);
const channel = fc.constantFrom(...names.channels);
const leaseMs = fc.nat(20);
const limit = fc.integer({ min: 1, max: 4 });
const messageId = fc.constantFrom('1', '2', '3', '4', '5', '6');
const noticeIndices = fc.array(fc.nat(12), { maxLength: 4 });
const rarely = { freq: 2, nil: undefined };

const append = fc
  .record({
    do: fc.constant('append' as const),
    conversation,
    id: messageId,
    text: fc.constantFrom('x', 'x', 'x', 'y'),
    answers: fc.boolean(),
    user: fc.option(fc.constantFrom(...names.users), { freq: 4, nil: undefined }),
    owedTo: fc.option(fc.constantFrom('me', 'other'), { freq: 3, nil: undefined }),
    leaseMs,
    notices: fc.oneof(fc.constant([]), fc.subarray(names.channels)),
    settles: fc.subarray(['1', '2', '3', '4', '5', '6'], { minLength: 1, maxLength: 2 }),
    answering: fc.option(fc.constantFrom('owner' as const, 'nobody' as const), rarely),
    waiting: fc.option(fc.constantFrom(...waitingReasons), rarely),
    unless: fc.option(
      fc.record({
        notices: fc.subarray(names.channels),
        waiting: fc.constantFrom('visitor_message' as const, 'human_request' as const),
      }),
      { nil: undefined },
    ),
    takesOver: fc.nat(7).map((n) => n === 0),
  })
  .map((drawn): ModelCommand => {
    const { answers, user, owedTo, settles, answering, waiting, unless, takesOver, ...rest } =
      drawn;
    const common = { ...rest, ...(waiting && { waiting }), ...(answering && { answering }) };
    if (takesOver) return { ...common, id: `o${rest.id}`, sender: 'owner', takesOver };
    if (answers) return { ...common, id: `ai:${rest.id}`, sender: 'assistant', settles };
    return {
      ...common,
      sender: 'visitor',
      ...(user === undefined ? {} : { user }),
      ...(owedTo === undefined ? {} : { owedTo }),
      ...(unless === undefined ? {} : { unless }),
    };
  });

const commands: fc.Arbitrary<ModelCommand> = fc.oneof(
  { weight: 10, arbitrary: append },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      conversation,
      update: fc.record(
        {
          answering: fc.constantFrom('owner' as const, null),
          done: fc.boolean(),
          blocked: fc.nat(3).map((n) => n === 0),
          readByOwner: fc.nat(8),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  fc.record({ do: fc.constant('handBack' as const), conversation }),
  fc.record({ do: fc.constant('note' as const), conversation, id: fc.constantFrom('n', 'm') }),
  fc.record({ do: fc.constantFrom('retryFailed' as const, 'dismissFailed' as const) }),
  fc.record({
    do: fc.constant('read' as const),
    conversation,
    reader: fc.constantFrom('visitor' as const, 'owner' as const),
    seq: fc.nat(8),
  }),
  fc.record({
    do: fc.constant('feedback' as const),
    conversation,
    id: fc.constantFrom('1', 'ai:1'),
    value: fc.constantFrom('up' as const, 'down' as const),
  }),
  fc.record({ do: fc.constant('erase' as const), conversation }),
  fc.record({ do: fc.constant('prune' as const), ageMs: fc.integer({ min: 20, max: 60 }) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('claimAnswers' as const),
      holder: fc.constantFrom('me', 'other'),
      leaseMs,
      limit,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('claimNotices' as const), channel, leaseMs, limit }),
  },
  fc.record({ do: fc.constant('noticesDone' as const), ids: noticeIndices }),
  fc.record(
    { do: fc.constant('noticesFailed' as const), ids: noticeIndices, retryInMs: fc.nat(10) },
    { requiredKeys: ['do', 'ids'] },
  ),
);

/** What is asked in one turn of the event loop, after a pause. */
export const turn = fc.record({
  pauseMs: fc.nat(15),
  reopen: fc.nat(24).map((n) => n === 0),
  commands: fc.array(commands, { minLength: 1, maxLength: 6 }),
});
