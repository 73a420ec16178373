/** The owner's inbox as a client on a real socket, for tests: logs in, listens, remembers. */
import { WebSocket } from 'ws';
import {
  consoleEvents,
  type ConsoleEvent,
  type ConversationJson,
  type ConversationList,
} from '../../shared/console-protocol.ts';

export const ownerToken = 'a-token-for-tests-0123456789';
const patienceMs = 20_000;

type EventOf<Type extends ConsoleEvent['type']> = Extract<ConsoleEvent, { type: Type }>;

/** Logs in as a browser does. @returns the `Cookie` header */
export async function logIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ token: ownerToken }),
  });
  if (response.status !== 204) throw new Error(`log-in answered ${response.status}`);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** Asks the REST interface as the owner. */
export async function ask(url: string, path: string, method = 'GET', body?: object) {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: {
      authorization: `Bearer ${ownerToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  return response;
}

export async function readList(url: string): Promise<ConversationList> {
  return (await (await ask(url, '/conversations?limit=200')).json()) as ConversationList;
}

export interface ConsoleClient {
  /** Everything received, checked by struct, in order. */
  readonly received: readonly ConsoleEvent[];
  of<Type extends ConsoleEvent['type']>(type: Type): readonly EventOf<Type>[];
  /** Conversations as the events alone tell of them. */
  conversations(): ReadonlyMap<string, ConversationJson>;
  send(frame: object | string | Uint8Array): void;
  /** Waits until what was received satisfies this. */
  when(what: string, satisfied: (client: ConsoleClient) => boolean): Promise<void>;
  readonly closed: Promise<number>;
  terminate(): void;
}

/**
 * Opens a socket.
 *
 * @param options.frames - after so many frames the connection is cut
 */
export async function openConsole(
  url: string,
  headers: Readonly<Record<string, string>>,
  options: { readonly frames?: number } = {},
): Promise<ConsoleClient> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/console/socket`, {
    headers: { ...headers },
    perMessageDeflate: false,
  });
  const received: ConsoleEvent[] = [];
  let wake = (): void => undefined;
  let ended: number | undefined;
  socket.on('message', (data: Buffer) => {
    if (received.length === options.frames) return socket.terminate();
    const event = JSON.parse(data.toString()) as ConsoleEvent;
    if (!consoleEvents[event.type].is(event)) throw new Error(`no event: ${JSON.stringify(event)}`);
    received.push(event);
    if (received.length === options.frames) socket.terminate();
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      ended = code;
      resolve(code);
      wake();
    });
  });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });

  const client: ConsoleClient = {
    received,
    of: (type) => received.filter((event): event is EventOf<typeof type> => event.type === type),
    conversations() {
      const known = new Map<string, ConversationJson>();
      for (const event of received) {
        if (event.type === 'conversation') known.set(event.conversation.id, event.conversation);
        if (event.type === 'deleted') known.delete(event.conversation_id);
      }
      return known;
    },
    send: (frame) =>
      socket.send(
        typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame),
      ),
    async when(what, satisfied) {
      const deadlineMs = Date.now() + patienceMs;
      while (!satisfied(client)) {
        if (ended !== undefined || Date.now() > deadlineMs) {
          const why = ended === undefined ? 'it did not come' : `closed with ${ended}`;
          const last = JSON.stringify(received.slice(-5)).slice(0, 3_000);
          throw new Error(`Waiting for ${what}: ${why}. Received last: ${last}`);
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 1_000);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    closed,
    terminate: () => socket.terminate(),
  };
  return client;
}

/** Opens a socket by cookie, says `hello` and waits for `ready`. */
export async function joinConsole(
  url: string,
  cookie: string,
  hello: { readonly revision?: number } = {},
): Promise<ConsoleClient> {
  const client = await openConsole(url, { cookie, origin: url });
  client.send({ type: 'hello', ...hello });
  await client.when('ready', (each) => each.of('ready').length > 0);
  return client;
}
