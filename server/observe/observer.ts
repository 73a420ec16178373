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
  /** `questions`: how many the answer covers. */
  answered(outcome: string, tookMs: number, questions: number): void;
  /** A piece of an answer is shown; the first one comes so long after it was begun. */
  answerShown(firstAfterMs: number | undefined): void;
  /** An answer that was being made was thrown away: `more_asked` or `taken_over`. */
  answerCalledOff(why: string): void;
  notified(channel: string, outcome: 'delivered' | 'failed' | 'given_up'): void;
  /** A call of the store ended. */
  storeCalled(operation: string, tookMs: number, failed: boolean): void;
}
