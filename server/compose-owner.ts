/** The owner's side of the server, wired: who is there, log-in, the inbox's sockets, Web Push. */
import { consoleSocketPath } from '../shared/console-protocol.ts';
import type { Answering } from '../shared/protocol.ts';
import type { Config } from './config.ts';
import { loadBlockedSet } from './console/blocked-set.ts';
import { createConsoleHub } from './console/console-hub.ts';
import { consoleSweepMs, createConsoleSockets } from './console/console-socket.ts';
import { createOwnerPresence } from './console/presence.ts';
import { createVisitors, type Visitors } from './console/visitors.ts';
import { isLoopbackHost } from './http/origins.ts';
import type { OwnerOptions, PushOptions } from './http/owner-options.ts';
import { createOwnerAccess, type OwnerAccess } from './http/owner-session.ts';
import { createNotifiers } from './notifiers/create-notifiers.ts';
import { createVoice } from './notifiers/describe-notice.ts';
import { createWebPush } from './notifiers/web-push.ts';
import { version } from './paths.ts';
import type { Notifier } from './notifier-ports.ts';
import type { Bus, Clock, OnError, Store, Timers } from './ports.ts';
import type { UpgradeRequest } from './transport-ports.ts';
import { every } from './timers.ts';
import { socketRoute, type SocketRoute } from './transports/socket-routes.ts';

export interface OwnerSideParts {
  readonly config: Config;
  readonly ownerToken: string;
  /** The one that tells the bus of its writes. */
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly newId: () => string;
  /** Known when the port is taken. */
  readonly publicUrl: () => string;
  /** What limits count a client by. */
  readonly addressOf: (request: UpgradeRequest) => string;
  readonly onError: OnError;
}

/** What the chat asks of the owner's side, and the owner's side of the chat. */
export interface OwnerSide {
  readonly visitors: Visitors;
  readonly notifiers: readonly Notifier[];
  isBlocked(conversationId: string): boolean;
  isOnline(): boolean;
  /** Channels on which the owner is told just now. */
  channels(): readonly string[];
  readonly access: OwnerAccess;
  readonly push: PushOptions;
  /** Opens the inbox, once there is somebody to answer. */
  open(chat: {
    readonly defaultAnswering: Answering;
    /** Clients that are connected. */
    connected(): number;
  }): SocketRoute;
  /** Sends every inbox to the next server. */
  close(): void;
}

/** Facts of the owner's interface that stand in the configuration. */
export const ownerFacts = (
  config: Config,
): Pick<OwnerOptions, 'ownerName' | 'version' | 'lang'> => ({
  ownerName: config.ownerName,
  version,
  lang: config.defaultLang,
});

export async function composeOwnerSide(parts: OwnerSideParts): Promise<OwnerSide> {
  const { config, store, bus, clock, timers, publicUrl, onError } = parts;
  const loopback = isLoopbackHost(config.host);
  const visitors = createVisitors(clock);
  const presence = createOwnerPresence(bus, timers);
  const blocked = await loadBlockedSet(store, bus, onError);
  const voice = createVoice(config.defaultLang);
  const webPush = await createWebPush({ store, version, publicUrl, voice, onError });
  const notifiers = [
    ...createNotifiers(config.notify, { version, lang: config.defaultLang, onError }),
    webPush.notifier,
  ];
  let consoles: ReturnType<typeof createConsoleSockets> | undefined;
  const access = createOwnerAccess({
    ownerToken: parts.ownerToken,
    store,
    clock,
    publicUrl,
    publicUrlGiven: config.publicUrl !== undefined,
    loopback,
    onLoginEnded: (login) => consoles?.endLogin(login),
    onError,
  });

  return {
    visitors,
    notifiers,
    isBlocked: (conversationId) => blocked.isBlocked(conversationId),
    isOnline: () => presence.ownerOnline(),
    channels: () =>
      notifiers
        .map(({ channel }) => channel)
        .filter((channel) => channel !== webPush.notifier.channel || webPush.channelActive()),
    access,
    push: {
      publicKey: webPush.publicKey,
      subscribe: webPush.subscribe,
      unsubscribe: webPush.unsubscribe,
      loopback,
    },
    open({ defaultAnswering, connected }) {
      const hub = createConsoleHub({
        ...{ store, bus, timers, visitors, defaultAnswering, connected, onError },
      });
      const sockets = createConsoleSockets({
        hub,
        presence,
        ...{ bus, clock, timers, newId: parts.newId, addressOf: parts.addressOf, onError },
        authorize: (facts) => access.authorizeSocket(facts),
      });
      consoles = sockets;
      every(timers, consoleSweepMs, () => sockets.sweep());
      return socketRoute([consoleSocketPath], sockets.sockets);
    },
    close() {
      consoles?.close();
      blocked.close();
    },
  };
}
