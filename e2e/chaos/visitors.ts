/** All clients without a browser: who they are, what they write, and whether all is quiet. */
import { nanoid } from 'nanoid';
import { createHeadlessClient, type HeadlessClient } from './headless-client.ts';
import type { ClientHistory } from './history.ts';
import { messageText } from './message-texts.ts';
import { createPlainClient, type PlainClient } from './plain-client.ts';
import type { Random } from './random.ts';

export interface Visitors {
  /** Those that say `hello`. */
  readonly clients: readonly HeadlessClient[];
  readonly histories: readonly ClientHistory[];
  /** Begins to write; goes on until told to stop. */
  start(): void;
  /** Nobody writes any more; all still send, receive and come back. */
  stopTyping(): void;
  /** This client writes so many messages at once. */
  burst(client: HeadlessClient, count: number, size: 'short' | 'long'): void;
  /** Runs once, at the next acknowledgement of a question. */
  onNextAcknowledgement(then: (() => void) | undefined): void;
  progress(): VisitorsProgress;
  /** What the server said or did that it never should. */
  readonly surprises: readonly string[];
  stop(): void;
}

export interface VisitorsProgress {
  readonly typed: number;
  readonly acknowledged: number;
  readonly live: number;
  readonly quiet: number;
  readonly unsent: number;
  readonly unanswered: number;
}

const tickMs = 100;
/** Nobody writes on while so much waits to be sent. */
const mostUnsent = 25;

export function createVisitors(options: {
  readonly count: number;
  readonly url: string;
  readonly random: Random;
}): Visitors {
  const { count, url, random } = options;
  const surprises: string[] = [];
  let acknowledged = 0;
  let typed = 0;
  let next: (() => void) | undefined;

  const clients: HeadlessClient[] = [];
  const plain: PlainClient[] = [];
  for (let index = 0; index < count; index += 1) {
    const own = random.fork(`client ${index}`);
    const name = `c${index}`;
    if (index % 25 === 24) {
      plain.push(createPlainClient({ name, url, random: own }));
      continue;
    }
    // Every fifth is the second device of the one before it.
    const first = index % 5 === 4 ? clients.at(-1) : undefined;
    clients.push(
      createHeadlessClient({
        name,
        url,
        random: own,
        ...(first === undefined ? {} : { sharedToken: () => first.device.token }),
        ...(index % 2 === 0 ? { tab: nanoid() } : {}),
        trustsHistory: index % 3 === 0,
        onAcknowledged(kind) {
          acknowledged += 1;
          if (kind !== 'chat_message') return;
          const then = next;
          next = undefined;
          then?.();
        },
        onSurprise: (what) => void surprises.push(what),
      }),
    );
  }

  /** Together about so many a second, however many there are. */
  const pauseMs = Math.max(1_500, (count / 70) * 1_000);
  const writers = [
    ...clients.map((client, index) => ({
      name: client.name,
      random: random.fork(`writer ${index}`),
      mayWrite: () => client.device.outbox.size < mostUnsent,
      write(text: string, asContact: boolean) {
        client.type(
          `${client.name}-${nanoid(10)}`,
          text,
          asContact ? 'contact_request' : 'chat_message',
        );
      },
      writesContacts: index % 10 === 3,
      nextMs: 0,
      count: 0,
    })),
    ...plain.map((client, index) => ({
      name: client.history.client,
      random: random.fork(`plain writer ${index}`),
      mayWrite: () => true,
      write: (text: string) => client.type(nanoid(), text),
      writesContacts: false,
      nextMs: 0,
      count: 0,
    })),
  ];
  let types = true;
  let ticking: NodeJS.Timeout | undefined;

  function write(writer: (typeof writers)[number], size: 'mixed' | 'short' | 'long'): void {
    writer.count += 1;
    typed += 1;
    const text = messageText(`${writer.name}-${writer.count}`, writer.random, size);
    writer.write(text, writer.writesContacts && writer.random.chance(0.1));
  }

  function tick(): void {
    const nowMs = performance.now();
    for (const client of clients) client.tick(nowMs);
    for (const client of plain) client.tick(nowMs);
    if (!types) return;
    for (const writer of writers) {
      if (writer.nextMs === 0) writer.nextMs = nowMs + writer.random.next() * pauseMs;
      if (nowMs < writer.nextMs) continue;
      writer.nextMs = nowMs + pauseMs * (0.4 + 1.2 * writer.random.next());
      if (writer.mayWrite()) write(writer, 'mixed');
    }
  }

  return {
    clients,
    get histories() {
      return [...clients.map(({ device }) => device.history), ...plain.map((one) => one.history)];
    },
    start: () => void (ticking = setInterval(tick, tickMs)),
    stopTyping: () => void (types = false),
    burst(client, count, size) {
      const writer = writers[clients.indexOf(client)];
      if (!writer || !types) return;
      for (let index = 0; index < count && writer.mayWrite(); index += 1) write(writer, size);
    },
    onNextAcknowledgement: (then) => void (next = then),
    progress: () => ({
      typed,
      acknowledged,
      live: clients.filter(({ isLive }) => isLive).length,
      quiet: clients.filter(({ isQuiet }) => isQuiet).length,
      unsent: clients.reduce((sum, { device }) => sum + device.outbox.size, 0),
      unanswered: clients.reduce((sum, { device }) => sum + device.unanswered, 0),
    }),
    surprises,
    stop() {
      clearInterval(ticking);
      for (const client of [...clients, ...plain]) client.stop();
    },
  };
}
