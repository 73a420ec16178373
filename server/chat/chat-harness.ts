/** The chat core with everything around it but sockets and a disk, for tests. */
import type { ClientMessage, ServerMessage } from '../../shared/protocol.ts';
import { createLocalBus } from '../buses/local.ts';
import { sentencesFor, type Sentences } from '../lang/sentences.ts';
import { zhCn } from '../lang/zh-cn.ts';
import { createDrivenTime } from '../notifiers/driven-time.ts';
import type { Observer } from '../observe/observer.ts';
import type { OwnerContext } from '../owner/owner-context.ts';
import type { Answer, Answerer, AnswerProgress, Question } from '../answerer-ports.ts';
import type { Store, VisitorWatch } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { createAnswerWorker } from './answer-worker.ts';
import { createConnections } from './connections.ts';
import type { ChatContext } from './context.ts';
import { isHumanRequest } from './human-request.ts';
import { createIdentities } from './identities.ts';
import { createLimits } from './limits.ts';
import { ownerReachable } from './plan-notices.ts';
import { connectTestClient, type ClientFacts, type TestClient } from './test-client.ts';
import { createTokens } from './tokens.ts';

export interface HarnessOptions {
  readonly store?: Store;
  /** From question to answer; absent = nobody answers. */
  readonly answer?: (
    question: Question,
    signal: AbortSignal,
    progress: AnswerProgress | undefined,
  ) => Answer | Promise<Answer>;
  /** Whether one answer may cover several questions. */
  readonly combines?: boolean;
  readonly historyMessages?: number;
  /** Conversations answered at the same time; default 2. */
  readonly answersAtOnce?: number;
  readonly channels?: readonly string[];
  /** Whether the owner is in the inbox at first; `setOwnerOnline` changes it. */
  readonly ownerOnline?: boolean;
  /** Ids of conversations whose visitor is blocked, as the server knows them. */
  readonly blocked?: ReadonlySet<string>;
  /** Stored messages of one conversation in 10 s; default: as good as none. */
  readonly messagesPer10s?: number;
  readonly maxConnections?: number;
  readonly identitySecret?: string;
  /** Names this instance in leases; default `here`. */
  readonly holder?: string;
}

/** 1 January 2025, noon UTC. */
export const noonMs = Date.UTC(2025, 0, 1, 12);
export const noon = '2025-01-01T12:00:00.000Z';

export const chat = (message: string, id?: string): ClientMessage => ({
  type: 'chat_message',
  message,
  timestamp: noon,
  ...(id === undefined ? {} : { id }),
});

export const contact = (message: string, id?: string): ClientMessage => ({
  type: 'contact_request',
  message,
  timestamp: noon,
  userAgent: 'test',
  ...(id === undefined ? {} : { id }),
});

/** An answer that says which question it answers. */
export const echo = ({ text }: Question): Answer => ({
  text: `about ${text}`,
  citations: [],
  outcome: 'found',
});

export function createTestChat(options: HarnessOptions = {}) {
  const time = createDrivenTime(noonMs);
  const { clock } = time;
  const store = options.store ?? createMemoryStore();
  const errors: { readonly stage: string; readonly error: unknown }[] = [];
  const onError = (error: unknown, { stage }: { readonly stage: string }): void =>
    void errors.push({ stage, error });
  const bus = createLocalBus(onError);
  const limits = createLimits({ limit: options.messagesPer10s ?? 1e6, windowMs: 10_000 });
  const secret = new Uint8Array(32).fill(7);
  const sentences = (lang: string | undefined): Sentences => sentencesFor(lang ?? 'zh-CN') ?? zhCn;
  let ids = 0;
  const notices: number[] = [];
  const answered: string[] = [];
  const firstShownMs: number[] = [];
  const calledOff: string[] = [];
  const visitors = new Map<string, Parameters<VisitorWatch['joined']>[0]>();
  let ownerOnline = options.ownerOnline ?? false;
  const counts = { connections: 0, forgotten: 0, questions: 0, errors: [] as string[] };

  const context: ChatContext = {
    now: clock.now,
    newId: () => `id${(ids += 1)}`,
    sentences,
    tokens: createTokens(secret),
    identities:
      options.identitySecret === undefined
        ? undefined
        : createIdentities(options.identitySecret, secret),
    limits,
    owner: () => ({ online: ownerOnline, name: 'Owner' }),
    defaultAnswering: options.answer ? 'assistant' : 'nobody',
    channels: () => options.channels ?? [],
    isHumanRequest,
    leaseHolder: options.holder ?? 'here',
    leaseMs: 60_000,
    epoch: store.epoch,
    publicUrl: () => 'https://chat.example.com',
  };
  const observer: Observer = {
    connectionOpened: () => void (counts.connections += 1),
    connectionClosed: () => void (counts.connections -= 1),
    frameReceived: () => undefined,
    messageStored: () => undefined,
    acknowledged: () => undefined,
    errorSent: (code) => void counts.errors.push(code),
    answered: (outcome, _tookMs, questions) => {
      answered.push(outcome);
      counts.questions += questions;
    },
    answerShown: (firstAfterMs) =>
      void (firstAfterMs === undefined || firstShownMs.push(firstAfterMs)),
    answerCalledOff: (why) => void calledOff.push(why),
    notified: () => undefined,
    storeCalled: () => undefined,
  };
  const answerer: Answerer = {
    name: 'test',
    ...(options.historyMessages === undefined ? {} : { historyMessages: options.historyMessages }),
    combines: options.combines ?? false,
    answer: async (question, { signal, progress }) =>
      options.answer?.(question, signal, progress) ?? Promise.reject(new Error('nobody answers')),
    describe: () => 'nothing',
    ready: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const answers = createAnswerWorker({
    store,
    answerer,
    bus,
    clock,
    timers: time.timers,
    holder: options.holder ?? 'here',
    leaseMs: 60_000,
    timeoutMs: 30_000,
    concurrency: options.answersAtOnce ?? 2,
    sentences,
    isHumanRequest,
    ownerReachable: () => ownerReachable(context),
    onError,
    observer,
  });
  const connections = createConnections({
    context,
    store,
    bus,
    observer,
    onError,
    maxConnections: options.maxConnections ?? Infinity,
    admit: (request) =>
      request.header('origin') === 'https://foreign.example'
        ? { admitted: false, reason: 'forbidden' }
        : {
            admitted: true,
            address: request.peerAddress,
            userAgent: 'test',
            lang: request.header('accept-language') || 'zh-CN',
          },
    isBlocked: (conversationId) => options.blocked?.has(conversationId) ?? false,
    visitors: {
      joined: (visitor) => void visitors.set(visitor.connectionId, visitor),
      left: (connectionId) => void visitors.delete(connectionId),
    },
    forgetConnection(connectionId) {
      counts.forgotten += 1;
      limits.forgetConnection(connectionId);
    },
    beginAnswer: answers.begin,
    beginNotices: () => void notices.push(clock.now()),
  });

  const desk: OwnerContext = {
    ...{ store, bus, clock, newId: context.newId, defaultAnswering: context.defaultAnswering },
    broadcast: connections.broadcast,
    connected: connections.count,
  };

  const connect = (from: ClientFacts = {}): TestClient =>
    connectTestClient(connections.sockets, from);

  /** Connects and says `hello`; what came of it is in `opening`. */
  async function connectHello(
    hello: Partial<Extract<ClientMessage, { type: 'hello' }>> = {},
    from: ClientFacts = {},
  ) {
    const client = connect(from);
    client.send({ type: 'hello', protocol: 1, ...hello });
    await time.settle();
    const opening = client.take();
    const session = opening.find((message) => message.type === 'session');
    if (session?.type !== 'session') throw new Error(`no session: ${JSON.stringify(opening)}`);
    return { client, session, opening };
  }

  return {
    ...time,
    store,
    bus,
    context,
    answers,
    connections,
    connect,
    connectHello,
    counts,
    errors,
    /** When notices were asked to go out. */
    notices,
    /** What answers came to that were stored. */
    answered,
    /** After how long answers began to be shown, and why they were thrown away. */
    firstShownMs,
    calledOff,
    /** Who is there, as an inbox is told, by connection. */
    visitors,
    /** What the owner's actions act on. */
    desk,
    /** The owner comes to the inbox or leaves it. */
    setOwnerOnline(online: boolean): void {
      ownerOnline = online;
      bus.publish({ type: 'presence', online });
    },
  };
}

export type TestChat = ReturnType<typeof createTestChat>;

/** Ids of the messages of which a channel may tell at this time. */
export async function dueOn(
  { store }: Pick<TestChat, 'store'>,
  channel: string,
  nowMs: number,
): Promise<string[]> {
  const lease = { holder: 'a look', untilMs: nowMs };
  const due = await store.claimNotices({ channel, lease, nowMs, limit: 1_000 });
  return due.map(({ message }) => message.id);
}

/** Answers that a test lets out one by one; whether it was told to stop does not concern it. */
export function heldAnswers() {
  const asked: {
    readonly text: string;
    readonly question: Question;
    readonly signal: AbortSignal;
    /** Where it is shown; absent where nobody watches. */
    readonly progress: AnswerProgress | undefined;
    release(): void;
    fail(error: Error): void;
  }[] = [];
  let holding = true;
  const answer = (
    question: Question,
    signal: AbortSignal,
    progress: AnswerProgress | undefined,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const release = (): void => resolve(echo(question));
      asked.push({ text: question.text, question, signal, progress, release, fail: reject });
      if (!holding) release();
    });
  /** All of them, and from now on none is held. */
  const letAll = (): void => {
    holding = false;
    for (const held of asked) held.release();
  };
  return { asked, answer, letAll };
}

/** Types of messages, in order. */
export const typesOf = (messages: readonly ServerMessage[]): string[] =>
  messages.map(({ type }) => type);

/** What a message of the dialogue says. */
export const textsOf = (messages: readonly ServerMessage[]): string[] =>
  messages.flatMap((message) => (message.type === 'chat_message' ? [message.message] : []));
