/** What the processes of the benchmark tell each other over IPC. */

/** What one client does again and again on its connection, waiting for the end of each. */
export type Operation =
  /** ping → pong */
  | 'ping'
  /** chat_message → chat_message_received */
  | 'message'
  /** chat_message → chat_message_received → the answer */
  | 'turn';

export interface LoadOrder {
  readonly type: 'prepare';
  /** WebSocket address. */
  readonly url: string;
  readonly operation: Operation;
  readonly connections: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
}

export type ToLoad = LoadOrder | { readonly type: 'go' };

export type FromLoad =
  | { readonly type: 'prepared' }
  | {
      readonly type: 'done';
      readonly operations: number;
      readonly elapsedMs: number;
      readonly p50Ms: number;
      readonly p99Ms: number;
    }
  | { readonly type: 'failed'; readonly reason: string };

export type FromServer =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'cpu'; readonly micros: number };

/** The frames that the peers answer with: of the same bytes as ours, but for ids and times. */
export const pongFrame = '{"type":"pong","timestamp":"2026-01-01T00:00:00.000Z"}';
export const ackFrame = JSON.stringify({
  type: 'chat_message_received',
  id: '0123456789abcdefghijk',
  seq: 1,
  message: '消息已收到',
  timestamp: '2026-01-01T00:00:00.000Z',
  message_id: '0123456789abcdefghijk',
});
