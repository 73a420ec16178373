import type { NewMessage } from '../ports.ts';

/** What happens, for counters and logs. Implementations MUST NOT throw. */
export interface Observer {
  connectionOpened(): void;
  connectionClosed(code: number): void;
  /** A frame arrived; `type` is one of the protocol's, or `invalid`. */
  frameReceived(type: string): void;
  messageStored(message: Pick<NewMessage, 'sender' | 'kind'>): void;
  /** From the frame's arrival to its acknowledgement, in milliseconds. */
  acknowledged(latencyMs: number): void;
  errorSent(code: string): void;
  answered(outcome: string, tookMs: number): void;
  notified(channel: string, outcome: 'delivered' | 'failed' | 'given_up'): void;
  /** A call of the store ended. */
  storeCalled(operation: string, tookMs: number, failed: boolean): void;
}
