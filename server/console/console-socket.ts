/** The owner's inboxes on their sockets: who may, what they say, and how they end. */
import { closeCodes } from '../../shared/close-codes.ts';
import type { ConsoleRequest } from '../../shared/console-protocol.ts';
import { newSlidingWindow, take, type SlidingWindow } from '../chat/sliding-window.ts';
import { isoTime } from '../chat/wire.ts';
import type { Bus, Clock, OnError, Timers } from '../ports.ts';
import type { Socket, SocketHandlers, UpgradeRequest } from '../transport-ports.ts';
import { decodeConsoleFrame } from './console-frame.ts';
import type { ConsoleHub } from './console-hub.ts';
import { createConsoleOutbox, type ConsoleOutbox } from './console-outbox.ts';
import { createOwnerTyping, type OwnerTyping } from './owner-typing.ts';
import type { OwnerPresence } from './presence.ts';

/** What is known of a console before its socket opens; empty where absent. */
export interface ConsoleRequestFacts {
  readonly authorization: string;
  readonly cookie: string;
  readonly origin: string;
  /** `Sec-Fetch-Site`. */
  readonly fetchSite: string;
  readonly host: string;
  /** What limits count by. */
  readonly address: string;
}

export interface ConsoleSocketsOptions {
  readonly hub: ConsoleHub;
  readonly presence: OwnerPresence;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly newId: () => string;
  /** What limits count a client by. Called while `upgrade` runs. */
  addressOf(request: UpgradeRequest): string;
  /** @returns `undefined` where this is not the owner; `login` where a cookie proved it */
  authorize(facts: ConsoleRequestFacts): Promise<{ readonly login?: string } | undefined>;
  readonly onError: OnError;
}

/** One socket. It is a console once it is authorised. */
interface Client {
  readonly id: string;
  readonly socket: Socket;
  readonly facts: ConsoleRequestFacts;
  readonly outbox: ConsoleOutbox;
  readonly frames: SlidingWindow;
  readonly typing: OwnerTyping;
  authorised: boolean;
  login: string | undefined;
  greeted: boolean;
  /** Frames that came before it was known who sends them. */
  early: string[];
  heardAt: number;
  pinged: boolean;
  open: boolean;
}

/** What the transport keeps with each socket. */
export interface ConsoleSocketData {
  readonly facts: ConsoleRequestFacts;
  client?: Client;
}

export interface ConsoleSockets {
  readonly sockets: SocketHandlers<ConsoleSocketData>;
  /** Authorised ones. */
  count(): number;
  /** Ends the sockets of a login, by the hash that `authorize` gave, or of every login by cookie. */
  endLogin(login: string): void;
  /** Looks after silent, slow and logged-out ones; to be called every `consoleSweepMs`. */
  sweep(): void;
  /** Sends all consoles on to the next server, and whoever comes later. */
  close(): void;
}

export const consoleSweepMs = 5_000;
export const maxConsoles = 50;
/** Sockets of whom it is not yet known whether they are the owner's. */
const maxUnknown = 200;
const maxEarlyFrames = 16;
const maxEarlyChars = 16 * 1024;
const frameRate = { limit: 200, windowMs: 10_000 };
/**
 * Turns of the sweep. Soon, since an owner whose connection broke counts as there meanwhile; a
 * browser answers pings by itself, however quiet its page is.
 */
const silentSweeps = 5;
const pingAfterSweeps = 2;
const stuckSweeps = 6;
const authoriseAgainSweeps = 60;

export function createConsoleSockets(options: ConsoleSocketsOptions): ConsoleSockets {
  const { hub, presence, clock, onError } = options;
  const clients = new Set<Client>();
  let authorised = 0;
  /** Ascends with every log-out: what was judged before it is judged again. */
  let logOuts = 0;
  let sweeps = 0;
  let closed = false;

  function end(client: Client, code: number, reason: string): void {
    if (!client.open) return;
    client.open = false;
    if (client.authorised) authorised -= 1;
    client.early = [];
    client.outbox.close();
    clients.delete(client);
    hub.leave(client.id);
    client.typing.stop();
    presence.gone(client.id);
    if (code !== 0) client.socket.close(code, reason);
  }

  async function judge(client: Client): Promise<void> {
    for (;;) {
      const asOf = logOuts;
      const login = await options.authorize(client.facts);
      if (!client.open) return;
      if (asOf !== logOuts) continue;
      if (!login) return end(client, closeCodes.forbidden, 'forbidden');
      if (client.authorised) return;
      if (authorised >= maxConsoles) return end(client, closeCodes.overloaded, 'overloaded');
      client.authorised = true;
      authorised += 1;
      client.login = login.login;
      break;
    }
    const { early } = client;
    client.early = [];
    for (const text of early) receive(client, text);
  }

  function admit(socket: Socket, data: ConsoleSocketData): void {
    if (closed) return socket.close(closeCodes.draining, 'draining');
    if (clients.size - authorised >= maxUnknown) {
      return socket.close(closeCodes.overloaded, 'overloaded');
    }
    const id = options.newId();
    const client: Client = {
      id,
      socket,
      facts: data.facts,
      outbox: createConsoleOutbox(socket, options.timers, () =>
        end(client, closeCodes.tooSlow, 'too slow'),
      ),
      frames: newSlidingWindow(),
      typing: createOwnerTyping(id, options.bus, options.timers),
      authorised: false,
      login: undefined,
      greeted: false,
      early: [],
      heardAt: sweeps,
      pinged: false,
      open: true,
    };
    data.client = client;
    clients.add(client);
    judge(client).catch((error: unknown) => {
      onError(error, { stage: 'console log-in' });
      end(client, closeCodes.overloaded, 'try again');
    });
  }

  function receive(client: Client, text: string): void {
    if (!client.open) return;
    if (!client.authorised) {
      const chars = client.early.reduce((sum, { length }) => sum + length, text.length);
      if (client.early.length < maxEarlyFrames && chars <= maxEarlyChars) client.early.push(text);
      else end(client, closeCodes.forbidden, 'forbidden');
      return;
    }
    if (take(client.frames, frameRate, clock.now()) > 0) return;
    const request = decodeConsoleFrame(text);
    if (request) handle(client, request);
  }

  function handle(client: Client, request: ConsoleRequest): void {
    switch (request.type) {
      case 'hello':
        if (client.greeted) return;
        client.greeted = true;
        hub.join(client.id, client.outbox, request.revision).catch((error: unknown) => {
          onError(error, { stage: 'console' });
          end(client, closeCodes.overloaded, 'try again');
        });
        return;
      case 'typing':
        return client.typing.set(request.conversation_id, request.active);
      case 'presence':
        return presence.set(client.id, request.active);
      case 'ping':
        client.socket.send(JSON.stringify({ type: 'pong', timestamp: isoTime(clock.now()) }));
    }
  }

  function heard(client: Client): void {
    client.heardAt = sweeps;
    client.pinged = false;
  }

  const sockets: SocketHandlers<ConsoleSocketData> = {
    upgrade: (request) => ({
      facts: {
        authorization: request.header('authorization'),
        cookie: request.header('cookie'),
        origin: request.header('origin'),
        fetchSite: request.header('sec-fetch-site'),
        host: request.header('host'),
        address: options.addressOf(request),
      },
    }),
    open: admit,
    text(_socket, { client }, text) {
      if (!client) return;
      heard(client);
      receive(client, text);
    },
    binary(_socket, { client }) {
      if (client) heard(client);
    },
    tooLarge(_socket, { client }) {
      if (client) end(client, closeCodes.tooBig, 'too big');
    },
    alive(_socket, { client }) {
      if (client) heard(client);
    },
    drain(_socket, { client }) {
      client?.outbox.drained();
    },
    close(_socket, { client }) {
      if (client) end(client, 0, '');
    },
  };

  /** A login ends by itself too, when its time has come. */
  function judgeAgain(client: Client): void {
    judge(client).catch((error: unknown) => onError(error, { stage: 'console log-in' }));
  }

  return {
    sockets,
    count: () => authorised,
    endLogin(login) {
      logOuts += 1;
      for (const client of [...clients]) {
        const ended = login === 'all' ? client.login !== undefined : client.login === login;
        if (client.authorised && ended) end(client, closeCodes.forbidden, 'logged out');
      }
    },
    sweep() {
      sweeps += 1;
      for (const client of [...clients]) {
        const silent = sweeps - client.heardAt;
        if (silent > silentSweeps) {
          end(client, closeCodes.noSignOfLife, 'no sign of life');
        } else if (sweeps % stuckSweeps === 0 && client.outbox.isStuck()) {
          end(client, closeCodes.tooSlow, 'too slow');
        } else {
          if (silent >= pingAfterSweeps && !client.pinged) {
            client.pinged = true;
            client.socket.ping();
          }
          if (client.authorised && sweeps % authoriseAgainSweeps === 0) judgeAgain(client);
        }
      }
    },
    close() {
      closed = true;
      for (const client of [...clients]) end(client, closeCodes.draining, 'draining');
      hub.close();
      presence.close();
    },
  };
}
