/** The chat core with everything around it but sockets and a disk, for tests. */
import { decodeServerMessage } from '../../shared/codec.ts';
import type { ClientMessage, ServerMessage } from '../../shared/protocol.ts';
import { createLocalBus } from '../buses/local.ts';
import { sentencesFor, type Sentences } from '../lang/sentences.ts';
import { zhCn } from '../lang/zh-cn.ts';
import { createDrivenTime } from '../notifiers/driven-time.ts';
import type { Observer } from '../observe/observer.ts';
import type { Answer, Answerer, Question, Socket, Store } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { createAnswerWorker } from './answer-worker.ts';
import { createConnections, type SocketData } from './connections.ts';
import type { ChatContext } from './context.ts';
import { isHumanRequest } from './human-request.ts';
import { createIdentities } from './identities.ts';
import { createLimits } from './limits.ts';
import { createTokens } from './tokens.ts';

export interface HarnessOptions {
  readonly store?: Store;
  /** From question to answer; absent = nobody answers. */
  readonly answer?: (question: Question, signal: AbortSignal) => Answer | Promise<Answer>;
  readonly historyMessages?: number;
  readonly channels?: readonly string[];
  /** Stored messages of one conversation in 10 s; default: as good as none. */
  readonly messagesPer10s?: number;
  readonly maxConnections?: number;
  readonly identitySecret?: string;
  /** Names this instance in leases; default `here`. */
  readonly holder?: string;
}

/** A client as the server sees it, and what it was sent. */
export interface TestClient {
  /** Everything received since `take` was called last. */
  take(): ServerMessage[];
  send(message: ClientMessage): void;
  sendText(text: string): void;
  sendBinary(): void;
  sendTooLarge(): void;
  /** A WebSocket ping or pong arrives. */
  pong(): void;
  readonly closed: { code: number; reason: string } | undefined;
  readonly pings: number;
  readonly terminated: boolean;
  /** From now on nothing that is sent is read; `read` takes it all. */
  stopReading(): void;
  read(): void;
  /** The same, and the transport does not say so. */
  readUnnoticed(): void;
  /** The client goes away. */
  leave(): void;
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
  const counts = { connections: 0, forgotten: 0, errors: [] as string[] };

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
    owner: () => ({ online: false, name: 'Owner' }),
    defaultAnswering: options.answer ? 'assistant' : 'nobody',
    channels: options.channels ?? [],
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
    answered: () => undefined,
    notified: () => undefined,
    storeCalled: () => undefined,
  };
  const answerer: Answerer = {
    name: 'test',
    ...(options.historyMessages === undefined ? {} : { historyMessages: options.historyMessages }),
    answer: async (question, { signal }) =>
      options.answer?.(question, signal) ?? Promise.reject(new Error('nobody answers')),
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
    concurrency: 2,
    sentences,
    isHumanRequest,
    ownerReachable: context.channels.length > 0,
    onError,
    onAnswered: () => undefined,
    onStored: () => undefined,
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
    forgetConnection(connectionId) {
      counts.forgotten += 1;
      limits.forgetConnection(connectionId);
    },
    beginAnswer: answers.begin,
    beginNotices: () => void notices.push(clock.now()),
  });

  function connect(
    from: { readonly lang?: string; readonly address?: string; readonly origin?: string } = {},
  ): TestClient {
    let received: ServerMessage[] = [];
    let unread = 0;
    let reads = true;
    const state = {
      closed: undefined as { code: number; reason: string } | undefined,
      pings: 0,
      terminated: false,
      gone: false,
    };
    const { sockets } = connections;
    const end = (code: number): void => {
      if (state.gone) return;
      state.gone = true;
      sockets.close(socket, data, code);
    };
    const socket: Socket = {
      send(text) {
        if (state.gone || state.closed) return false;
        if (!reads) unread += text.length;
        const decoded = decodeServerMessage(text);
        if (!decoded.ok) throw new Error(`not a message of the protocol: ${text}`);
        received.push(decoded.value);
        return true;
      },
      bufferedBytes: () => unread,
      ping: () => void (state.pings += 1),
      close(code, reason) {
        if (state.gone || state.closed) return;
        state.closed = { code, reason };
        if (reads) setImmediate(() => end(code));
      },
      terminate() {
        state.terminated = true;
        end(1006);
      },
    };
    const headers: Record<string, string | undefined> = {
      origin: from.origin,
      'accept-language': from.lang,
    };
    const data: SocketData = sockets.upgrade({
      path: '/contact',
      query: '',
      peerAddress: from.address ?? '192.0.2.1',
      header: (name) => headers[name] ?? '',
    });
    sockets.open(socket, data);
    const sendText = (text: string): void => {
      if (!state.gone) sockets.text(socket, data, text, Buffer.byteLength(text));
    };
    return {
      take: () => received.splice(0),
      send: (message) => sendText(JSON.stringify(message)),
      sendText,
      sendBinary: () => sockets.binary(socket, data),
      sendTooLarge: () => sockets.tooLarge(socket, data),
      pong: () => sockets.alive(socket, data),
      get closed() {
        return state.closed;
      },
      get pings() {
        return state.pings;
      },
      get terminated() {
        return state.terminated;
      },
      stopReading: () => void (reads = false),
      read() {
        reads = true;
        unread = 0;
        if (!state.gone) sockets.drain(socket, data);
      },
      readUnnoticed() {
        reads = true;
        unread = 0;
      },
      leave: () => end(1001),
    };
  }

  /** Connects and says `hello`; what came of it is in `opening`. */
  async function connectHello(
    hello: Partial<Extract<ClientMessage, { type: 'hello' }>> = {},
    from: Parameters<typeof connect>[0] = {},
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
  };
}

/** Types of messages, in order. */
export const typesOf = (messages: readonly ServerMessage[]): string[] =>
  messages.map(({ type }) => type);

/** What a message of the dialogue says. */
export const textsOf = (messages: readonly ServerMessage[]): string[] =>
  messages.flatMap((message) => (message.type === 'chat_message' ? [message.message] : []));
