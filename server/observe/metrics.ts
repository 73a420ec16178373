import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ModelObserver } from '../answerers/model-observer.ts';
import type { OwedWork } from '../ports.ts';
import { createModelMetrics } from './model-metrics.ts';
import type { Observer } from './observer.ts';

/** Counters of one server, as Prometheus reads them. */
export interface Metrics extends Observer {
  readonly contentType: string;
  /** The text of `/metrics`. */
  text(): Promise<string>;
  /** Sums since the start, for the log. */
  totals(): Totals;
  /** Calls of language models. */
  readonly model: ModelObserver;
}

export interface Totals {
  readonly connections: number;
  readonly framesReceived: number;
  readonly messagesStored: number;
  readonly answers: number;
  readonly errors: number;
}

const latencyBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

/**
 * @param owedWork - read at each scrape; a failing store leaves the gauges as they were
 */
export function createMetrics(owedWork: () => Promise<OwedWork>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const totals = { connections: 0, framesReceived: 0, messagesStored: 0, answers: 0, errors: 0 };

  const connections = new Gauge({
    name: 'contact_chat_connections',
    help: 'Open WebSocket connections.',
    registers,
  });
  const closed = new Counter({
    name: 'contact_chat_connections_closed_total',
    help: 'Connections closed, by close code.',
    labelNames: ['code'],
    registers,
  });
  const frames = new Counter({
    name: 'contact_chat_frames_received_total',
    help: 'Frames received, by type of the message.',
    labelNames: ['type'],
    registers,
  });
  const messages = new Counter({
    name: 'contact_chat_messages_total',
    help: 'Messages stored, by type and sender.',
    labelNames: ['type', 'sender'],
    registers,
  });
  const acknowledgement = new Histogram({
    name: 'contact_chat_acknowledgement_seconds',
    help: 'Time from the arrival of a message to its acknowledgement.',
    buckets: latencyBuckets,
    registers,
  });
  const errors = new Counter({
    name: 'contact_chat_errors_total',
    help: 'Errors sent to clients, by code.',
    labelNames: ['code'],
    registers,
  });
  const answers = new Counter({
    name: 'contact_chat_answers_total',
    help: 'Answers made, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const answerTime = new Histogram({
    name: 'contact_chat_answer_seconds',
    help: 'Time to make and store an answer.',
    buckets: latencyBuckets,
    registers,
  });
  const answeredQuestions = new Counter({
    name: 'contact_chat_answered_questions_total',
    help: 'Questions answered: more than answers where one answer covers several.',
    registers,
  });
  const calledOff = new Counter({
    name: 'contact_chat_answers_called_off_total',
    help: 'Answers thrown away while they were made, by why: more_asked or taken_over.',
    labelNames: ['why'],
    registers,
  });
  const deltas = new Counter({
    name: 'contact_chat_answer_deltas_total',
    help: 'Pieces of answers shown while they were made.',
    registers,
  });
  const firstDelta = new Histogram({
    name: 'contact_chat_answer_first_delta_seconds',
    help: 'Time from the beginning of an answer to its first piece.',
    buckets: latencyBuckets,
    registers,
  });
  const notifications = new Counter({
    name: 'contact_chat_notifications_total',
    help: 'Notices to the owner, by channel and outcome.',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const storeTime = new Histogram({
    name: 'contact_chat_store_seconds',
    help: 'Time of a call of the store, by operation.',
    labelNames: ['operation'],
    buckets: latencyBuckets,
    registers,
  });
  const storeFailures = new Counter({
    name: 'contact_chat_store_failures_total',
    help: 'Calls of the store that failed, by operation.',
    labelNames: ['operation'],
    registers,
  });
  void new Gauge({
    name: 'contact_chat_owed',
    help: 'Work that is owed: answers, notices, and notices given up.',
    labelNames: ['kind'],
    registers,
    async collect() {
      try {
        const work = await owedWork();
        this.set({ kind: 'answers' }, work.answers);
        this.set({ kind: 'notices' }, work.notices);
        this.set({ kind: 'failed_notices' }, work.failedNotices);
      } catch {
        // The store's own failures are counted where they happen; a scrape must not fail of them.
      }
    },
  });

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    totals: () => ({ ...totals }),
    model: createModelMetrics(registry),
    connectionOpened() {
      totals.connections += 1;
      connections.set(totals.connections);
    },
    connectionClosed(code) {
      totals.connections -= 1;
      connections.set(totals.connections);
      closed.inc({ code });
    },
    frameReceived(type) {
      totals.framesReceived += 1;
      frames.inc({ type });
    },
    messageStored({ sender, kind }) {
      totals.messagesStored += 1;
      messages.inc({ type: kind ?? 'chat_message', sender });
    },
    acknowledged: (latencyMs) => acknowledgement.observe(latencyMs / 1000),
    errorSent(code) {
      totals.errors += 1;
      errors.inc({ code });
    },
    answered(outcome, tookMs, questions) {
      totals.answers += 1;
      answers.inc({ outcome });
      answeredQuestions.inc(questions);
      answerTime.observe(tookMs / 1000);
    },
    answerShown(firstAfterMs) {
      deltas.inc();
      if (firstAfterMs !== undefined) firstDelta.observe(firstAfterMs / 1000);
    },
    answerCalledOff: (why) => calledOff.inc({ why }),
    notified: (channel, outcome) => notifications.inc({ channel, outcome }),
    storeCalled(operation, tookMs, failed) {
      storeTime.observe({ operation }, tookMs / 1000);
      if (failed) storeFailures.inc({ operation });
    },
  };
}
