import type { FailedNotice } from '../inbox-ports.ts';
import type {
  AppendCommand,
  ChannelOwed,
  Lease,
  NewNotice,
  OwedAnswer,
  OwedNotice,
  OwedWork,
  StoredMessage,
} from '../ports.ts';
import type { MemoryConversation } from './memory-conversation.ts';
import { contactOf } from './stored-message.ts';
import { maxErrorChars } from './sqlite-owed.ts';

interface AnswerEntry {
  readonly conversation: MemoryConversation;
  readonly question: StoredMessage;
  readonly combinable: boolean;
  lease: Lease | undefined;
}

interface NoticeEntry extends NewNotice {
  readonly noticeId: number;
  readonly conversation: MemoryConversation;
  readonly message: StoredMessage;
  attempts: number;
  dueMs: number;
  givenUp: boolean;
  error: string;
  lease: Lease | undefined;
}

const isHeld = (entry: { readonly lease: Lease | undefined }, nowMs: number): boolean =>
  entry.lease !== undefined && entry.lease.untilMs > nowMs;

/** What is owed, oldest first. */
export function memoryOwed() {
  let answers: AnswerEntry[] = [];
  let notices: NoticeEntry[] = [];
  let sent: { readonly channel: string; readonly conversationId: string; readonly atMs: number }[] =
    [];
  let lastNoticeId = 0;

  const heldElsewhere = (
    conversation: MemoryConversation,
    before: StoredMessage,
    holder: string,
    nowMs: number,
  ): boolean =>
    answers.some(
      (entry) =>
        entry.conversation === conversation &&
        entry.question.seq < before.seq &&
        isHeld(entry, nowMs) &&
        entry.lease?.holder !== holder,
    );

  return {
    /** @returns whether the answer is leased as the command asked */
    oweAnswer(
      conversation: MemoryConversation,
      question: StoredMessage,
      lease: Lease,
      combinable: boolean,
    ): boolean {
      const free = !heldElsewhere(conversation, question, lease.holder, question.atMs);
      answers.push({ conversation, question, combinable, lease: free ? lease : undefined });
      return free;
    },

    oweNotices(
      conversation: MemoryConversation,
      message: StoredMessage,
      owed: AppendCommand['owedNotices'],
    ): void {
      for (const notice of owed ?? []) {
        lastNoticeId += 1;
        notices.push({
          ...notice,
          noticeId: lastNoticeId,
          conversation,
          message,
          attempts: 0,
          dueMs: notice.notBeforeMs,
          givenUp: false,
          error: '',
          lease: undefined,
        });
      }
    },

    isOwed: (conversation: MemoryConversation, questionId: string): boolean =>
      answers.some(
        (entry) => entry.conversation === conversation && entry.question.id === questionId,
      ),

    /** The assistant is silent from now on: no answer is owed in this conversation. */
    cancelAnswers(conversation: MemoryConversation): void {
      answers = answers.filter((entry) => entry.conversation !== conversation);
    },

    settle(conversation: MemoryConversation, questionIds: readonly string[]): void {
      answers = answers.filter(
        (entry) => entry.conversation !== conversation || !questionIds.includes(entry.question.id),
      );
    },

    claimAnswers(claim: { lease: Lease; nowMs: number; limit: number }): readonly OwedAnswer[] {
      const { lease, nowMs, limit } = claim;
      const free = answers.filter(
        (entry) =>
          !isHeld(entry, nowMs) &&
          !heldElsewhere(entry.conversation, entry.question, lease.holder, nowMs),
      );
      return free.slice(0, limit).map((entry) => {
        entry.lease = lease;
        const { id, lang, page } = entry.conversation.facts;
        return {
          conversationId: id,
          questionId: entry.question.id,
          questionSeq: entry.question.seq,
          text: entry.question.text,
          combinable: entry.combinable,
          ...(lang === undefined ? {} : { lang }),
          ...(page === undefined ? {} : { page }),
        };
      });
    },

    claimNotices(claim: {
      channel: string;
      lease: Lease;
      nowMs: number;
      limit: number;
    }): readonly OwedNotice[] {
      const { channel, lease, nowMs, limit } = claim;
      const due = notices.filter(
        (entry) =>
          entry.channel === channel &&
          !entry.givenUp &&
          entry.dueMs <= nowMs &&
          !isHeld(entry, nowMs),
      );
      return due.slice(0, limit).map((entry) => {
        entry.lease = lease;
        const { facts, contacts } = entry.conversation;
        return {
          noticeId: entry.noticeId,
          channel,
          reason: entry.reason,
          attempts: entry.attempts,
          createdAtMs: entry.message.atMs,
          conversationId: facts.id,
          message: entry.message,
          contact: contactOf(facts, contacts.get(entry.message.id)),
          ...(facts.lang === undefined ? {} : { lang: facts.lang }),
        };
      });
    },

    noticesDone(noticeIds: readonly number[], nowMs: number): void {
      for (const { noticeId, channel, conversation } of notices) {
        if (!noticeIds.includes(noticeId)) continue;
        const conversationId = conversation.facts.id;
        const known = sent.some(
          (one) =>
            one.channel === channel && one.conversationId === conversationId && one.atMs === nowMs,
        );
        if (!known) sent.push({ channel, conversationId, atMs: nowMs });
      }
      notices = notices.filter(({ noticeId }) => !noticeIds.includes(noticeId));
    },

    /** @returns the conversations in which one was given up */
    noticesFailed(
      noticeIds: readonly number[],
      failure: { readonly retryAtMs: number | undefined; readonly error: string },
    ): readonly MemoryConversation[] {
      const touched: MemoryConversation[] = [];
      for (const id of new Set(noticeIds)) {
        const entry = notices.find(({ noticeId }) => noticeId === id);
        if (!entry || entry.givenUp) continue;
        entry.attempts += 1;
        entry.lease = undefined;
        entry.error = failure.error.slice(0, maxErrorChars);
        if (failure.retryAtMs === undefined) {
          entry.givenUp = true;
          touched.push(entry.conversation);
        } else {
          entry.dueMs = failure.retryAtMs;
        }
      }
      return touched;
    },

    /** Newest first. */
    failed: (): readonly FailedNotice[] =>
      notices
        .filter(({ givenUp }) => givenUp)
        .map((entry) => ({
          noticeId: entry.noticeId,
          conversationId: entry.conversation.facts.id,
          channel: entry.channel,
          reason: entry.reason,
          atMs: entry.message.atMs,
          attempts: entry.attempts,
          error: entry.error,
        }))
        .reverse(),

    retryFailed(nowMs: number): void {
      for (const entry of notices) {
        if (!entry.givenUp) continue;
        Object.assign(entry, { givenUp: false, attempts: 0, dueMs: nowMs, lease: undefined });
      }
    },

    dismissFailed(): void {
      notices = notices.filter(({ givenUp }) => !givenUp);
    },

    sentSince: (channel: string, sinceMs: number) =>
      sent
        .filter((one) => one.channel === channel && one.atMs >= sinceMs)
        .sort((a, b) => a.atMs - b.atMs || (a.conversationId < b.conversationId ? -1 : 1))
        .map(({ conversationId, atMs }) => ({ conversationId, atMs })),

    forgetSent(beforeMs: number): void {
      sent = sent.filter(({ atMs }) => atMs >= beforeMs);
    },

    cancel(conversation: MemoryConversation): void {
      answers = answers.filter((entry) => entry.conversation !== conversation);
      notices = notices.filter((entry) => entry.conversation !== conversation);
    },

    channelsOwed(): readonly ChannelOwed[] {
      const pending = notices.filter(({ givenUp }) => !givenUp);
      return [...new Set(pending.map(({ channel }) => channel))].map((channel) => {
        const times = pending.flatMap((one) => (one.channel === channel ? one.message.atMs : []));
        return { channel, notices: times.length, oldestMs: Math.min(...times) };
      });
    },

    counts: (): OwedWork => ({
      answers: answers.length,
      notices: notices.filter(({ givenUp }) => !givenUp).length,
      failedNotices: notices.filter(({ givenUp }) => givenUp).length,
    }),
  };
}
