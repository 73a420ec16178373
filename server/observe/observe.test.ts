import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../stores/memory.ts';
import { StoreUnavailable } from '../ports.ts';
import { createMetrics } from './metrics.ts';
import { observedStore } from './observed-store.ts';

const nothingOwed = () => Promise.resolve({ answers: 0, notices: 0, failedNotices: 0 });

describe('metrics', () => {
  it('count what happens, as Prometheus reads it', async () => {
    const metrics = createMetrics(() =>
      Promise.resolve({ answers: 3, notices: 2, failedNotices: 1 }),
    );
    metrics.connectionOpened();
    metrics.connectionOpened();
    metrics.connectionClosed(4200);
    metrics.frameReceived('ping');
    metrics.messageStored({ sender: 'visitor' });
    metrics.messageStored({ sender: 'visitor', kind: 'contact_request' });
    metrics.messageStored({ sender: 'assistant' });
    metrics.acknowledged(3);
    metrics.errorSent('rate_limited');
    metrics.answered('found', 20, 3);
    metrics.answerShown(120);
    metrics.answerShown(undefined);
    metrics.answerCalledOff('more_asked');
    metrics.notified('mail', 'failed');
    metrics.storeCalled('append', 1, true);
    const lines = (await metrics.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'contact_chat_connections 1',
        'contact_chat_connections_closed_total{code="4200"} 1',
        'contact_chat_frames_received_total{type="ping"} 1',
        'contact_chat_messages_total{type="chat_message",sender="visitor"} 1',
        'contact_chat_messages_total{type="contact_request",sender="visitor"} 1',
        'contact_chat_messages_total{type="chat_message",sender="assistant"} 1',
        'contact_chat_acknowledgement_seconds_bucket{le="0.0025"} 0',
        'contact_chat_acknowledgement_seconds_bucket{le="0.005"} 1',
        'contact_chat_errors_total{code="rate_limited"} 1',
        'contact_chat_answers_total{outcome="found"} 1',
        'contact_chat_answered_questions_total 3',
        'contact_chat_answer_deltas_total 2',
        'contact_chat_answer_first_delta_seconds_bucket{le="0.1"} 0',
        'contact_chat_answer_first_delta_seconds_bucket{le="0.25"} 1',
        'contact_chat_answers_called_off_total{why="more_asked"} 1',
        'contact_chat_notifications_total{channel="mail",outcome="failed"} 1',
        'contact_chat_owed{kind="answers"} 3',
        'contact_chat_owed{kind="notices"} 2',
        'contact_chat_owed{kind="failed_notices"} 1',
        'contact_chat_store_failures_total{operation="append"} 1',
      ]),
    );
    expect(metrics.totals()).toEqual({
      ...{ connections: 1, framesReceived: 1, messagesStored: 3, answers: 1, errors: 1 },
    });
  });

  it('of two servers in one process are apart', async () => {
    const [one, other] = [createMetrics(nothingOwed), createMetrics(nothingOwed)];
    one.connectionOpened();
    expect(await other.text()).toContain('contact_chat_connections 0');
  });

  it('are told even where the store is not', async () => {
    const metrics = createMetrics(() => Promise.reject(new StoreUnavailable('gone')));
    expect(await metrics.text()).toContain('contact_chat_connections 0');
  });
});

describe('an observed store', () => {
  it('is the same store, with its failures counted and passed on', async () => {
    const metrics = createMetrics(nothingOwed);
    const inner = createMemoryStore();
    const store = observedStore(inner, metrics);
    const command = {
      conversationId: 'c',
      message: { id: 'a', sender: 'visitor', text: 'x', atMs: 0 },
    } as const;
    expect(await store.append(command)).toMatchObject({ status: 'stored' });
    expect(await store.conversation('c')).toMatchObject({ lastSeq: 1 });
    await inner.close();
    await expect(store.append(command)).rejects.toThrow(StoreUnavailable);
    const text = await metrics.text();
    expect(text).toContain('contact_chat_store_seconds_count{operation="append"} 2');
    expect(text).toContain('contact_chat_store_failures_total{operation="append"} 1');
    expect(text).not.toContain('contact_chat_store_failures_total{operation="conversation"}');
  });
});
