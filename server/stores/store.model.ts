import type { Answering } from '../../shared/protocol.ts';
import type { StoredMessage } from '../ports.ts';

/** One write, as the model test asks it of a store and of the model. */
export type ModelCommand =
  | {
      readonly do: 'append';
      readonly conversation: string;
      readonly id: string;
      readonly text: string;
      readonly sender: 'visitor' | 'assistant';
      readonly user?: string;
      /** Holder of the answer owed from the start, for `leaseMs`. */
      readonly owedTo?: string;
      readonly leaseMs: number;
      readonly notices: readonly string[];
      readonly settles?: readonly string[];
    }
  | { readonly do: 'answering'; readonly conversation: string; readonly value?: Answering }
  | { readonly do: 'read'; readonly conversation: string; readonly seq: number }
  | { readonly do: 'feedback'; readonly conversation: string; readonly id: string }
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

interface Message extends StoredMessage {
  readonly conversation: string;
}
interface Owed {
  readonly conversation: string;
  readonly id: string;
  holder: string;
  untilMs: number;
}
interface OwedNotice extends Owed {
  readonly noticeId: number;
  readonly channel: string;
  attempts: number;
  dueMs: number;
  givenUp: boolean;
}

/**
 * The contract of the store in the plainest form: flat lists in the order of writing, searched
 * from end to end. It shares no code with any store.
 */
export function createModel() {
  const erased: string[] = [];
  let heads: {
    id: string;
    updatedAtMs: number;
    createdAtMs: number;
    user?: string;
    answering?: Answering;
    read: number;
  }[] = [];
  let messages: Message[] = [];
  let owed: Owed[] = [];
  let notices: OwedNotice[] = [];
  let sent: { channel: string; conversationId: string; atMs: number }[] = [];
  let noticeCount = 0;

  const ofConversation = (id: string) => messages.filter((one) => one.conversation === id);
  const visible = ({ conversation: _, ...message }: Message): StoredMessage => message;
  const before = (one: Owed, other: Owed) => owed.indexOf(one) < owed.indexOf(other);
  const blocked = (one: Owed, holder: string, nowMs: number) =>
    owed.some(
      (other) =>
        other.conversation === one.conversation &&
        (before(other, one) || !owed.includes(one)) &&
        other.untilMs > nowMs &&
        other.holder !== holder,
    );

  function append(command: Extract<ModelCommand, { do: 'append' }>, nowMs: number): unknown {
    const { conversation, id, text, sender, settles } = command;
    if (erased.includes(conversation)) return { status: 'erased' };
    const settle = () => {
      owed = owed.filter((one) => one.conversation !== conversation || !settles?.includes(one.id));
    };
    const known = ofConversation(conversation).find((one) => one.id === id);
    if (known) {
      if (known.text !== text || known.sender !== sender) return { status: 'conflict' };
      settle();
      return { status: 'duplicate', message: visible(known) };
    }
    let head = heads.find((one) => one.id === conversation);
    if (!head) {
      head = { id: conversation, updatedAtMs: nowMs, createdAtMs: nowMs, read: 0 };
      heads.push(head);
    }
    head.updatedAtMs = nowMs;
    const { user } = command;
    if (user !== undefined && !heads.some((one) => one.user === user && one !== head))
      head.user = user;
    const message: Message = {
      conversation,
      id,
      seq: ofConversation(conversation).length + 1,
      sender,
      text,
      atMs: nowMs,
      ...(settles ? { answers: settles } : {}),
    };
    messages.push(message);
    settle();
    let leased = false;
    if (command.owedTo !== undefined) {
      const one = { conversation, id, holder: '', untilMs: 0 };
      leased = !blocked(one, command.owedTo, nowMs);
      if (leased) Object.assign(one, { holder: command.owedTo, untilMs: nowMs + command.leaseMs });
      owed.push(one);
    }
    for (const channel of command.notices) {
      noticeCount += 1;
      notices.push({
        noticeId: noticeCount,
        conversation,
        id,
        channel,
        attempts: 0,
        dueMs: nowMs,
        givenUp: false,
        holder: '',
        untilMs: 0,
      });
    }
    return { status: 'stored', message: visible(message), leased };
  }

  function erase(conversation: string): void {
    if (!erased.includes(conversation)) erased.push(conversation);
    heads = heads.filter(({ id }) => id !== conversation);
    messages = messages.filter((one) => one.conversation !== conversation);
    owed = owed.filter((one) => one.conversation !== conversation);
    notices = notices.filter((one) => one.conversation !== conversation);
  }

  /** What a store answers to this command. */
  function run(command: ModelCommand, nowMs: number): unknown {
    switch (command.do) {
      case 'append':
        return append(command, nowMs);
      case 'answering': {
        const head = heads.find(({ id }) => id === command.conversation);
        if (head && command.value) head.answering = command.value;
        else delete head?.answering;
        return undefined;
      }
      case 'read': {
        const head = heads.find(({ id }) => id === command.conversation);
        const last = ofConversation(command.conversation).length;
        if (head) head.read = Math.max(head.read, Math.min(last, command.seq));
        return undefined;
      }
      case 'feedback':
        return ofConversation(command.conversation).some(
          ({ id, sender }) => id === command.id && sender === 'assistant',
        );
      case 'erase':
        return erase(command.conversation);
      case 'prune': {
        const limitMs = nowMs - command.ageMs;
        const old = heads.filter(({ updatedAtMs }) => updatedAtMs < limitMs);
        for (const { id } of old) erase(id);
        sent = sent.filter(({ atMs }) => atMs >= limitMs);
        return old.length;
      }
      case 'claimAnswers': {
        const { holder, leaseMs, limit } = command;
        const free = owed.filter((one) => one.untilMs <= nowMs && !blocked(one, holder, nowMs));
        return free.slice(0, limit).map((one) => {
          Object.assign(one, { holder, untilMs: nowMs + leaseMs });
          return `${one.conversation}/${one.id}`;
        });
      }
      case 'claimNotices': {
        const due = notices.filter(
          (one) =>
            one.channel === command.channel &&
            !one.givenUp &&
            one.dueMs <= nowMs &&
            one.untilMs <= nowMs,
        );
        return due.slice(0, command.limit).map((one) => {
          one.untilMs = nowMs + command.leaseMs;
          return {
            noticeId: one.noticeId,
            of: `${one.conversation}/${one.id}`,
            attempts: one.attempts,
          };
        });
      }
      case 'noticesDone': {
        for (const one of notices.filter(({ noticeId }) => command.ids.includes(noticeId))) {
          const entry = { channel: one.channel, conversationId: one.conversation, atMs: nowMs };
          if (!sent.some((other) => JSON.stringify(other) === JSON.stringify(entry)))
            sent.push(entry);
        }
        notices = notices.filter(({ noticeId }) => !command.ids.includes(noticeId));
        return undefined;
      }
      case 'noticesFailed': {
        for (const one of notices) {
          if (!command.ids.includes(one.noticeId) || one.givenUp) continue;
          one.attempts += 1;
          one.untilMs = 0;
          if (command.retryInMs === undefined) one.givenUp = true;
          else one.dueMs = nowMs + command.retryInMs;
        }
        return undefined;
      }
    }
  }

  return {
    run,
    /** What a store does when it is opened again. */
    releaseLeases(): void {
      for (const one of [...owed, ...notices]) one.untilMs = 0;
    },
    conversation: (conversation: string) => {
      const head = heads.find(({ id }) => id === conversation);
      if (!head) return undefined;
      const { read, ...facts } = head;
      return {
        ...facts,
        lastSeq: ofConversation(conversation).length,
        readByVisitor: read,
        readByOwner: 0,
      };
    },
    isErased: (conversation: string) => erased.includes(conversation),
    messages: (conversation: string) => ofConversation(conversation).map(visible),
    list: () =>
      heads
        .toSorted((a, b) => b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? 1 : -1))
        .map(({ id }) => id),
    ofUser: (user: string) => heads.find((head) => head.user === user)?.id,
    sent: (channel: string) =>
      sent
        .filter((one) => one.channel === channel)
        .map(({ conversationId, atMs }) => `${atMs}/${conversationId}`)
        .toSorted(),
    owedWork: () => ({
      answers: owed.length,
      notices: notices.filter(({ givenUp }) => !givenUp).length,
      failedNotices: notices.filter(({ givenUp }) => givenUp).length,
    }),
  };
}
