/** What tests of the console's live side stand on: driven time, a store in memory, fake sockets. */
import {
  consoleEvents,
  type ConsoleEvent,
  type ConversationJson,
} from '../../shared/console-protocol.ts';
import type { Sender } from '../../shared/protocol.ts';
import { createLocalBus } from '../buses/local.ts';
import { createDrivenTime } from '../notifiers/driven-time.ts';
import type { BusEvent, Store } from '../ports.ts';
import type { Socket, UpgradeRequest } from '../transport-ports.ts';
import { announcingStore } from '../stores/announcing-store.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { createConsoleHub } from './console-hub.ts';
import {
  consoleSweepMs,
  createConsoleSockets,
  type ConsoleSocketsOptions,
} from './console-socket.ts';
import { createOwnerPresence } from './presence.ts';
import { createVisitors } from './visitors.ts';

type EventOf<Type extends ConsoleEvent['type']> = Extract<ConsoleEvent, { type: Type }>;

/** A console in the hands of a test. */
export interface FakeConsole {
  /** Everything it was sent, checked by struct. */
  readonly received: readonly ConsoleEvent[];
  of<Type extends ConsoleEvent['type']>(type: Type): readonly EventOf<Type>[];
  send(frame: object | string): void;
  /** With which code the server closed it. */
  closedWith(): number | undefined;
  pings(): number;
  /** Reads nothing from now on. */
  stopReading(): void;
  readAgain(): void;
  /** The connection is gone. */
  cut(): void;
  alive(): void;
  tooLarge(): void;
  binary(): void;
}

export const startMs = Date.UTC(2025, 0, 1);

export interface BenchOptions {
  readonly store?: (store: Store) => Store;
  readonly authorize?: ConsoleSocketsOptions['authorize'];
}

export type ConsoleBench = ReturnType<typeof createConsoleBench>;

export function createConsoleBench(options: BenchOptions = {}) {
  const time = createDrivenTime(startMs);
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const bus = createLocalBus(onError);
  const published: BusEvent[] = [];
  bus.subscribe((event) => void published.push(event));
  const store = announcingStore(
    options.store ? options.store(createMemoryStore()) : createMemoryStore(),
    bus,
  );
  const visitors = createVisitors(time.clock);
  const presence = createOwnerPresence(bus, time.timers);
  let connected = 0;
  let ids = 0;
  const hub = createConsoleHub({
    store,
    bus,
    timers: time.timers,
    visitors,
    defaultAnswering: 'assistant',
    connected: () => connected,
    onError,
  });
  const consoles = createConsoleSockets({
    hub,
    presence,
    bus,
    clock: time.clock,
    timers: time.timers,
    newId: () => `console-${(ids += 1)}`,
    addressOf: ({ peerAddress }) => peerAddress,
    authorize: options.authorize ?? (async ({ cookie }) => ({ login: cookie })),
    onError,
  });

  function open(
    headers: Readonly<Record<string, string>> = {},
    how: {
      readonly takesFrames?: number;
      readonly onEvent?: (event: ConsoleEvent) => void;
    } = {},
  ): FakeConsole {
    const { takesFrames = Number.POSITIVE_INFINITY } = how;
    const received: ConsoleEvent[] = [];
    let closed: number | undefined;
    let gone = false;
    let reading = true;
    let buffered = 0;
    let pings = 0;

    const end = (code: number): void => {
      if (gone) return;
      gone = true;
      consoles.sockets.close(socket, data, code);
    };
    const socket: Socket = {
      send(text) {
        if (gone || closed !== undefined) return false;
        if (!reading) buffered += Buffer.byteLength(text);
        if (received.length >= takesFrames) {
          // Reported later, as a transport does.
          setImmediate(() => end(1006));
          return true;
        }
        const event = JSON.parse(text) as ConsoleEvent;
        consoleEvents[event.type].assert(event);
        received.push(event);
        how.onEvent?.(event);
        return true;
      },
      bufferedBytes: () => buffered,
      ping: () => void (pings += 1),
      close(code) {
        if (closed !== undefined || gone) return;
        closed = code;
        end(code);
      },
      terminate: () => end(1006),
    };
    const request: UpgradeRequest = {
      path: '/console/socket',
      query: '',
      peerAddress: '192.0.2.1',
      header: (name) => headers[name] ?? '',
    };
    const data = consoles.sockets.upgrade(request);
    consoles.sockets.open(socket, data);
    return {
      received,
      of: (type) => received.filter((event): event is EventOf<typeof type> => event.type === type),
      send(frame) {
        const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
        if (!gone) consoles.sockets.text(socket, data, text, Buffer.byteLength(text));
      },
      closedWith: () => closed,
      pings: () => pings,
      stopReading: () => void (reading = false),
      readAgain() {
        reading = true;
        buffered = 0;
        consoles.sockets.drain(socket, data);
      },
      cut: () => end(1006),
      alive: () => consoles.sockets.alive(socket, data),
      tooLarge: () => consoles.sockets.tooLarge(socket, data),
      binary: () => consoles.sockets.binary(socket, data),
    };
  }

  /** A console that has said hello and was told `ready`. */
  async function join(
    hello: { readonly revision?: number } = {},
    headers?: Readonly<Record<string, string>>,
  ): Promise<FakeConsole> {
    const console = open(headers);
    console.send({ type: 'hello', ...hello });
    await time.settle();
    return console;
  }

  let messages = 0;
  /** A message of the visitor, published as the chat does. */
  async function say(
    conversationId: string,
    text = 'hello',
    sender: Sender = 'visitor',
  ): Promise<void> {
    messages += 1;
    const message = { id: `m${messages}`, sender, text, atMs: time.clock.now() };
    const result = await store.append({ conversationId, message });
    if (result.status === 'stored') {
      bus.publish({ type: 'message', conversationId, message: result.message });
    }
  }

  return {
    ...time,
    ...{ store, bus, published, visitors, presence, hub, consoles, errors, open, join, say },
    setConnected: (count: number) => void (connected = count),
    /** As many turns of the sweep, `consoleSweepMs` apart. */
    async sweep(turns: number): Promise<void> {
      for (let turn = 0; turn < turns; turn += 1) {
        await time.advance(consoleSweepMs);
        consoles.sweep();
      }
    },
  };
}

/** What a console knows of all conversations from its events alone, as its reducer would. */
export function readConversations(
  events: readonly ConsoleEvent[],
  known: ReadonlyMap<string, ConversationJson> = new Map(),
): Map<string, ConversationJson> {
  const all = new Map(known);
  for (const event of events) {
    if (event.type === 'conversation') {
      const { id, revision } = event.conversation;
      if (revision >= (all.get(id)?.revision ?? 0)) all.set(id, event.conversation);
    }
    if (event.type === 'deleted') all.delete(event.conversation_id);
  }
  return all;
}
