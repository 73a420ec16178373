/** A client on a real socket that waits for what it expects, for tests. */
import { WebSocket } from 'ws';
import { decodeServerMessage } from '../../shared/codec.ts';
import type { ServerMessage } from '../../shared/protocol.ts';

export type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

export interface WsClient {
  /** Everything received, in order. */
  readonly received: readonly ServerMessage[];
  send(message: object): void;
  sendRaw(data: string | Uint8Array): void;
  /** The next message that nobody has waited for yet, which has to be of this type. */
  next<Type extends ServerMessage['type']>(type: Type): Promise<MessageOf<Type>>;
  /** Passes over messages until one is of this type. */
  until<Type extends ServerMessage['type']>(
    type: Type,
    matches?: (message: MessageOf<Type>) => boolean,
  ): Promise<MessageOf<Type>>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): Promise<void>;
  terminate(): void;
  /** Leaves what comes in the buffers of the operating system. */
  stopReading(): void;
  read(): void;
}

const patienceMs = 20_000;

/**
 * Opens a socket; resolves when it is open.
 *
 * @param headers - such as `origin` and `accept-language`
 */
export async function connect(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<WsClient> {
  const socket = new WebSocket(url, { headers: { ...headers }, perMessageDeflate: false });
  const received: ServerMessage[] = [];
  let passed = 0;
  let wake = (): void => undefined;
  let ended: { readonly code: number; readonly reason: string } | undefined;

  socket.on('message', (data, isBinary) => {
    const text = !isBinary && Buffer.isBuffer(data) ? data.toString() : 'a binary frame';
    const decoded = decodeServerMessage(text);
    if (decoded.ok) received.push(decoded.value);
    else received.push({ type: 'unreadable', text } as never);
    wake();
  });
  const closed = new Promise<{ readonly code: number; readonly reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      ended = { code, reason: reason.toString() };
      resolve(ended);
      wake();
    });
  });
  // A connection that breaks is what some tests are about; `close` tells.
  socket.on('error', () => undefined);

  async function following(expected: string): Promise<ServerMessage> {
    const deadlineMs = Date.now() + patienceMs;
    for (;;) {
      const message = received[passed];
      if (message) {
        passed += 1;
        return message;
      }
      if (ended || Date.now() > deadlineMs) {
        const why = ended ? `the socket was closed with ${ended.code}` : 'nothing came';
        const last = JSON.stringify(received.slice(-5));
        throw new Error(`Waiting for ${expected}: ${why}. Received last: ${last}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    received,
    send: (message) => socket.send(JSON.stringify(message)),
    sendRaw: (data) => socket.send(data),
    async next(type) {
      const message = await following(type);
      if (message.type === type) return message as MessageOf<typeof type>;
      throw new Error(`Expected ${type}, got ${JSON.stringify(message).slice(0, 1000)}`);
    },
    async until(type, matches = () => true) {
      for (;;) {
        const message = await following(type);
        if (message.type === type && matches(message as MessageOf<typeof type>)) {
          return message as MessageOf<typeof type>;
        }
      }
    },
    closed,
    async close() {
      socket.close(1000);
      await closed;
    },
    terminate: () => socket.terminate(),
    stopReading: () => socket.pause(),
    read: () => socket.resume(),
  };
}

/** Opens a socket and says `hello`. */
export async function connectHello(
  url: string,
  hello: object = {},
  headers: Readonly<Record<string, string>> = {},
) {
  const client = await connect(url, headers);
  client.send({ type: 'hello', protocol: 1, ...hello });
  await client.next('connection_established');
  const session = await client.next('session');
  const messages: MessageOf<'history'>['messages'] = [];
  for (let more = true; more;) {
    const history = await client.next('history');
    messages.push(...history.messages);
    // Without a position, `more` means older ones, which nobody asked for.
    more = history.more && 'last_seq' in hello;
  }
  return { client, session, messages };
}

export const now = (): string => new Date().toISOString();

export const chat = (message: string, id?: string): object => ({
  ...{ type: 'chat_message', message, timestamp: now() },
  ...(id === undefined ? {} : { id }),
});

export const contact = (message: string, id?: string): object => ({
  ...{ type: 'contact_request', message, timestamp: now(), userAgent: 'integration test' },
  ...(id === undefined ? {} : { id }),
});
