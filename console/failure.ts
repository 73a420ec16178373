/** What can go wrong between the inbox and its server, and the sentence for it. */
import type { FrameWords } from './lang/en-frame.ts';

export type FailureKind =
  /** Nobody is logged in here, or no longer. */
  | 'logged-out'
  /** The server was not reached. */
  | 'offline'
  /** Too often: wait `retryAfterS`. */
  | 'throttled'
  /** The server understood and said no; `detail` says why, in its words. */
  | 'refused'
  /** The server failed, or its answer made no sense. */
  | 'server';

export class Failure extends Error {
  readonly kind: FailureKind;
  /** Seconds until another attempt has a chance; only where the server said so. */
  readonly retryAfterS: number | undefined;
  readonly code: string | undefined;
  readonly detail: string | undefined;

  constructor(
    kind: FailureKind,
    about: { retryAfterS?: number; code?: string; detail?: string; cause?: unknown } = {},
  ) {
    super(about.detail ?? kind, { cause: about.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.retryAfterS = about.retryAfterS;
    this.code = about.code;
    this.detail = about.detail;
  }
}

/** Whether a request was given up on purpose, which is nobody's failure. */
export const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError';

/** A sentence for people; whatever is no `Failure` counts as the server's. */
export function failureText(words: Pick<FrameWords, 'failure'>, error: unknown): string {
  const { failure } = words;
  if (!(error instanceof Failure)) return failure.server;
  switch (error.kind) {
    case 'logged-out':
      return failure.loggedOut;
    case 'offline':
      return failure.offline;
    case 'throttled':
      return failure.throttled(error.retryAfterS);
    case 'refused':
      return error.detail ? failure.refused(error.detail) : failure.server;
    case 'server':
      return failure.server;
  }
}
