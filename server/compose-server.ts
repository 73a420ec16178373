/** The composition root: the only place that chooses adapters and wires them to the core. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import { maxFrameBytes } from '../shared/limits.ts';
import { createLocalBus } from './buses/local.ts';
import { createAnswerWorker, type AnswerWorker } from './chat/answer-worker.ts';
import { createConnections, sweepMs } from './chat/connections.ts';
import type { ChatContext } from './chat/context.ts';
import { drain } from './chat/drain.ts';
import { isHumanRequest } from './chat/human-request.ts';
import { createIdentities } from './chat/identities.ts';
import { createLimits } from './chat/limits.ts';
import { ownerReachable } from './chat/plan-notices.ts';
import { createTokens } from './chat/tokens.ts';
import { composeOwnerSide, ownerFacts } from './compose-owner.ts';
import type { Config } from './config.ts';
import { createAnswerer } from './answerers/create-answerer.ts';
import { createHttpApp } from './http/http-app.ts';
import { createOriginPolicy, isLoopbackHost } from './http/origins.ts';
import { keepServedVersions } from './http/served-versions.ts';
import { readStaticFolder } from './http/static-files.ts';
import { clientAddress, isLoopbackKey, limitKey } from './http/trusted-proxies.ts';
import { fromAcceptLanguage, sentencesFor, type Sentences } from './lang/sentences.ts';
import { zhCn } from './lang/zh-cn.ts';
import { createNoticeWorker, type NoticeWorker } from './notifiers/notice-worker.ts';
import type { Logger } from './observe/logger.ts';
import { createMetrics } from './observe/metrics.ts';
import { observedStore } from './observe/observed-store.ts';
import { logStatistics } from './observe/statistics.ts';
import { addressOf, listenError } from './listening.ts';
import { loadOwnerToken } from './owner-token.ts';
import { clientDir, consoleDir, demoDir, version } from './paths.ts';
import type { Clock, OnError, Store } from './ports.ts';
import type { Listener, UpgradeRequest } from './transport-ports.ts';
import { createReadiness } from './readiness.ts';
import { keepFor } from './retention.ts';
import { announcingStore } from './stores/announcing-store.ts';
import { createTimers, every } from './timers.ts';
import { chooseTransport } from './transports/choose-transport.ts';
import { routeSockets, socketRoute } from './transports/socket-routes.ts';

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

const answerTimeoutMs = 30_000;
/** An answer is another worker's after this long, and at least so long after its time is over. */
const leastLeaseMs = 60_000;
const leaseMarginMs = 5_000;
const answersAtOnce = 16;
const statisticsMs = 60_000;
/** The owner's inboxes have so long to hear that the server stops, in milliseconds. */
const inboxFlushMs = 500;
/** The line that says that it listens waits so long for the first index, in milliseconds. */
const firstIndexMs = 3_000;
/** Adapters have so long to close, in milliseconds; whatever was acknowledged is stored. */
const closeMs = 5_000;

export async function composeServer(parts: {
  readonly config: Config;
  readonly logger: Logger;
  readonly store: Store;
  readonly onError: OnError;
  /** Names this process in leases. */
  readonly instance: string;
}): Promise<RunningServer> {
  const { config, logger, onError } = parts;
  const clock: Clock = { now: Date.now };
  const timers = createTimers();
  const metrics = createMetrics(() => parts.store.owedWork());
  const bus = createLocalBus(onError);
  const store = announcingStore(observedStore(parts.store, metrics), bus);
  const owner = await loadOwnerToken(config.ownerToken, config.dataDir);
  const secret = await store.secret('tokens');
  const loopback = isLoopbackHost(config.host);
  const defaultSentences = sentencesFor(config.defaultLang) ?? zhCn;
  const sentences = (lang: string | undefined): Sentences =>
    (lang === undefined ? undefined : sentencesFor(lang)) ?? defaultSentences;

  // The address is known only when the port is taken; nothing asks for it before.
  let url = config.publicUrl ?? '';
  const publicUrl = (): string => url;
  const own = (address: string): { url: string; given: boolean } => ({
    url: address,
    given: config.publicUrl !== undefined,
  });

  const versions = await keepServedVersions(clientDir, join(config.dataDir, 'assets'), version);
  if (versions.differs) {
    logger.warn(
      `/v${version}/contact-chat.js stays as it was first served; this build differs without a new version`,
    );
  }
  const answerer = createAnswerer(config, onError, logger, {
    ...{ store, timers },
    spendSecret: await store.secret('spend'),
    observer: metrics.model,
  });
  const answerWithinMs = answerer?.timeoutMs ?? answerTimeoutMs;
  const leaseMs = Math.max(leastLeaseMs, answerWithinMs + leaseMarginMs);
  const limitAddress = (request: UpgradeRequest): string =>
    limitKey(
      clientAddress(
        request.peerAddress,
        request.header('x-forwarded-for'),
        request.header('x-real-ip'),
        config.trustProxy,
      ),
    );
  const newId = (): string => nanoid();
  const ownerSide = await composeOwnerSide({
    ...{ config, store, bus, clock, timers, newId, publicUrl, onError },
    addressOf: limitAddress,
    ownerToken: owner.token,
  });
  const { notifiers } = ownerSide;
  const limits = createLimits(config.rateLimit, isLoopbackKey);
  const context: ChatContext = {
    now: clock.now,
    newId,
    sentences,
    tokens: createTokens(secret),
    identities:
      config.identitySecret === undefined
        ? undefined
        : createIdentities(config.identitySecret, secret),
    limits,
    owner: () => ({ online: ownerSide.isOnline(), name: config.ownerName }),
    defaultAnswering: answerer ? 'assistant' : 'nobody',
    channels: () => ownerSide.channels(),
    isHumanRequest,
    leaseHolder: parts.instance,
    leaseMs,
    epoch: store.epoch,
    publicUrl,
  };

  const answers: AnswerWorker | undefined = answerer
    ? createAnswerWorker({
        store,
        answerer,
        bus,
        clock,
        timers,
        holder: parts.instance,
        leaseMs,
        timeoutMs: answerWithinMs,
        concurrency: answersAtOnce,
        sentences,
        isHumanRequest,
        ownerReachable: () => ownerReachable(context),
        onError,
        observer: metrics,
      })
    : undefined;

  let draining = false;
  /** HTTP requests that are being answered. */
  let requests = 0;
  let notices: NoticeWorker | undefined;
  const connections = createConnections({
    context,
    store,
    bus,
    observer: metrics,
    onError,
    maxConnections: config.maxConnections,
    admit(request) {
      if (!origins.allows(request.header('origin'), request.header('host'))) {
        return { admitted: false, reason: 'forbidden' };
      }
      return {
        admitted: true,
        address: limitAddress(request),
        userAgent: request.header('user-agent').slice(0, 1_000),
        lang: (fromAcceptLanguage(request.header('accept-language')) ?? defaultSentences).lang,
      };
    },
    visitors: ownerSide.visitors,
    isBlocked: (conversationId) => ownerSide.isBlocked(conversationId),
    forgetConnection: (connectionId) => limits.forgetConnection(connectionId),
    beginAnswer: (owed) => answers?.begin(owed),
    beginNotices: () => notices?.kick(),
  });

  const routes = routeSockets([
    socketRoute(['/contact', '/websocket/contact'], connections.sockets),
    ownerSide.open({
      defaultAnswering: context.defaultAnswering,
      connected: () => connections.count(),
    }),
  ]);
  const http = createHttpApp({
    versions,
    demo: config.demo ? await readStaticFolder(demoDir) : new Map(),
    console: await readStaticFolder(consoleDir),
    publicUrl,
    metrics,
    metricsToken: config.metricsToken,
    notReady: createReadiness(store, answerer, () => draining),
    ask: { answerer, limits, clock, timers, defaultSentences, timeoutMs: answerWithinMs },
    originAllowed: (origin, host) => origins.allows(origin, host),
    owner: {
      ...ownerFacts(config),
      ...{ store, bus, clock, newId, publicUrl },
      access: ownerSide.access,
      defaultAnswering: context.defaultAnswering,
      channels: context.channels,
      broadcast: (event) => connections.broadcast(event),
      connected: () => connections.count(),
      live: (conversationId) => ownerSide.visitors.live(conversationId),
      answerer,
      push: ownerSide.push,
      onNoticesDue: () => notices?.kick(),
    },
    trustProxy: config.trustProxy,
    onError,
  });

  const transport = await chooseTransport({
    ...(process.env['CONTACT_CHAT_TRANSPORT'] === 'ws' ? { prefer: 'ws' as const } : {}),
    log: (line) => logger.warn(line),
  });
  let origins = createOriginPolicy(config.allowedOrigins, own(url || 'http://127.0.0.1'), loopback);
  const stopWork = async (): Promise<void> => {
    timers.stop();
    ownerSide.close();
    answers?.close();
    await notices?.close();
    const adapters = [...notifiers, ...(answerer ? [answerer] : []), bus];
    const closed = Promise.allSettled(adapters.map((adapter) => adapter.close()));
    await Promise.race([closed, delay(closeMs, undefined, { ref: false })]);
    await store.close();
  };

  let listener: Listener;
  try {
    // What a server before this one owed stands in the queue before anything new does.
    await answers?.recover();
    listener = await transport.listen({
      host: config.host,
      port: config.port,
      ...(config.tls ? { tls: config.tls } : {}),
      maxFrameBytes,
      acceptsPath: routes.acceptsPath,
      sockets: routes.sockets,
      fetch: async (request, peer) => {
        requests += 1;
        try {
          return await http(request, peer);
        } finally {
          requests -= 1;
        }
      },
      onError,
    });
  } catch (error) {
    await stopWork();
    throw listenError(error, config);
  }
  url = config.publicUrl ?? addressOf(config, listener.port);
  origins = createOriginPolicy(config.allowedOrigins, own(url), loopback);
  // Also without channels: what is owed on one that was taken out of NOTIFY has to end.
  notices = createNoticeWorker({
    store,
    notifiers,
    clock,
    timers,
    holder: parts.instance,
    publicUrl: url,
    random: Math.random,
    onError,
    onDelivered: ({ channel }) => metrics.notified(channel, 'delivered'),
    onFailed: ({ channel, givenUp }) =>
      metrics.notified(channel, givenUp > 0 ? 'given_up' : 'failed'),
  });
  if (!loopback && config.allowedOrigins?.includes('*')) {
    logger.warn('ALLOWED_ORIGINS is *: any site may open a chat with this server');
  }

  every(timers, sweepMs, () => {
    connections.sweep();
    limits.sweep(clock.now());
  });
  every(timers, statisticsMs, logStatistics(logger, metrics));
  keepFor({ days: config.retentionDays, store, clock, timers, logger, onError });

  const ready = answerer?.ready().catch((error: unknown) => {
    // A server that stops while it reads breaks that off itself.
    if (!draining) onError(error, { stage: 'read posts' });
  });
  // A folder is read by then; a site may take minutes, in which it listens and is not ready yet.
  await Promise.race([ready, delay(firstIndexMs, undefined, { ref: false })]);
  logger.info(
    {
      address: addressOf(config, listener.port),
      transport: transport.name,
      store: store.name,
      answerer: answerer?.name ?? 'off',
      posts: answerer?.describe() ?? 'none',
      channels: context.channels(),
    },
    `contact-chat ${version} listens at ${url}`,
  );
  if (owner.made && owner.file !== undefined) {
    logger.info(`The owner's token was made and is kept in ${owner.file}`);
    // Only a person at a terminal is shown it; a log is kept and read by others.
    if (process.stdout.isTTY) process.stdout.write(`\n  Owner token: ${owner.token}\n\n`);
  }

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    draining = true;
    await drain({
      ...{ connections, listener, random: Math.random },
      pending: () => (answers?.pending() ?? 0) + requests,
      stopNotices: async () => notices?.close(),
    });
    // Late, so that they do not come back to a server that only sends them away again.
    ownerSide.close();
    await listener.flushed(inboxFlushMs);
    await listener.close();
    await stopWork();
    logger.info('stopped');
  }
  return { url, close: () => (closing ??= close()) };
}
