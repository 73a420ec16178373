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
import { createTokens } from './chat/tokens.ts';
import type { Config } from './config.ts';
import { createRetrievalAnswerer } from './answerers/retrieval.ts';
import { createHttpApp } from './http/http-app.ts';
import { createOriginPolicy, isLoopbackHost } from './http/origins.ts';
import { keepServedVersions } from './http/served-versions.ts';
import { readStaticFolder } from './http/static-files.ts';
import { clientAddress, limitKey } from './http/trusted-proxies.ts';
import { fromAcceptLanguage, sentencesFor, type Sentences } from './lang/sentences.ts';
import { zhCn } from './lang/zh-cn.ts';
import { createNotifiers } from './notifiers/create-notifiers.ts';
import { createNoticeWorker, type NoticeWorker } from './notifiers/notice-worker.ts';
import type { Logger } from './observe/logger.ts';
import { createMetrics } from './observe/metrics.ts';
import { observedStore } from './observe/observed-store.ts';
import { logStatistics } from './observe/statistics.ts';
import { addressOf, listenError } from './listening.ts';
import { loadOwnerToken } from './owner-token.ts';
import { clientDir, demoDir, docsDir, version } from './paths.ts';
import type { Answerer, Clock, Listener, OnError, Store } from './ports.ts';
import { createReadiness } from './readiness.ts';
import { createTimers, every } from './timers.ts';
import { chooseTransport } from './transports/choose-transport.ts';

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

const answerTimeoutMs = 30_000;
const leaseMs = 60_000;
const answersAtOnce = 16;
const statisticsMs = 60_000;
const pruneMs = 3_600_000;
const dayMs = 86_400_000;
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
  const store = observedStore(parts.store, metrics);
  const bus = createLocalBus(onError);
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
  const answerer = createAnswerer(config, onError, logger);
  const notifiers = createNotifiers(config.notify, {
    version,
    lang: config.defaultLang,
    onError,
  });
  const limits = createLimits(config.rateLimit);
  const context: ChatContext = {
    now: clock.now,
    newId: () => nanoid(),
    sentences,
    tokens: createTokens(secret),
    identities:
      config.identitySecret === undefined
        ? undefined
        : createIdentities(config.identitySecret, secret),
    limits,
    owner: () => ({ online: false, name: config.ownerName }),
    defaultAnswering: answerer ? 'assistant' : 'nobody',
    channels: notifiers.map(({ channel }) => channel),
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
        timeoutMs: answerTimeoutMs,
        concurrency: answersAtOnce,
        sentences,
        isHumanRequest,
        ownerReachable: notifiers.length > 0,
        onError,
        onAnswered: (outcome, tookMs) => metrics.answered(outcome, tookMs),
        onStored: (message) => metrics.messageStored(message),
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
      const peer = clientAddress(
        request.peerAddress,
        request.header('x-forwarded-for'),
        request.header('x-real-ip'),
        config.trustProxy,
      );
      if (!origins.allows(request.header('origin'), request.header('host'))) {
        return { admitted: false, reason: 'forbidden' };
      }
      return {
        admitted: true,
        address: limitKey(peer),
        userAgent: request.header('user-agent').slice(0, 1_000),
        lang: (fromAcceptLanguage(request.header('accept-language')) ?? defaultSentences).lang,
      };
    },
    forgetConnection: (connectionId) => limits.forgetConnection(connectionId),
    beginAnswer: (owed) => answers?.begin(owed),
    beginNotices: () => notices?.kick(),
  });

  const http = createHttpApp({
    versions,
    demo: config.demo ? await readStaticFolder(demoDir) : new Map(),
    publicUrl,
    metrics,
    metricsToken: config.metricsToken,
    notReady: createReadiness(store, answerer, () => draining),
    ask: { answerer, limits, clock, defaultSentences, timeoutMs: answerTimeoutMs },
    originAllowed: (origin, host) => origins.allows(origin, host),
    owner: {
      ownerToken: owner.token,
      store,
      bus,
      clock,
      newId: context.newId,
      broadcast: (event) => connections.broadcast(event),
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
      acceptsPath: (path) => path === '/contact' || path === '/websocket/contact',
      sockets: connections.sockets,
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
  const { retentionDays } = config;
  if (retentionDays !== undefined) {
    const prune = (): void =>
      void store.prune(clock.now() - retentionDays * dayMs).then(
        (count) => count > 0 && logger.info({ conversations: count }, 'old conversations deleted'),
        (error: unknown) => onError(error, { stage: 'prune' }),
      );
    prune();
    every(timers, pruneMs, prune);
  }

  const ready = answerer?.ready().catch((error: unknown) => {
    onError(error, { stage: 'read posts' });
  });
  await ready;
  logger.info(
    {
      address: addressOf(config, listener.port),
      transport: transport.name,
      store: store.name,
      answerer: answerer?.name ?? 'off',
      posts: answerer?.describe() ?? 'none',
      channels: context.channels,
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
    await listener.close();
    await stopWork();
    logger.info('stopped');
  }
  return { url, close: () => (closing ??= close()) };
}

function createAnswerer(config: Config, onError: OnError, logger: Logger): Answerer | undefined {
  switch (config.answerer) {
    case 'off':
      return undefined;
    case 'retrieval':
      return createRetrievalAnswerer({
        folder: config.posts ?? docsDir,
        baseUrl: config.postsUrl,
        watch: true,
        onError,
        onIndexed: (summary) => logger.info(summary, 'posts indexed'),
      });
  }
}
