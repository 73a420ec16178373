/** What went wrong in a call of an OpenAI-compatible server, and how to mend it. */
import { ModelFailed } from './model-port.ts';

/** Parameters that some models refuse, and that a call can do without or write in another way. */
const dispensable = ['temperature', 'max_tokens', 'stream_options'] as const;
export type DispensableParameter = (typeof dispensable)[number];

/** An answer with an error status, as far as it is known. */
export interface RefusedCall {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Empty where there is none. */
  readonly body: string;
}

interface ErrorBody {
  readonly message: string;
  readonly code: string;
  readonly param: string;
}

/** Servers word errors as `{error: {message, code, param}}`, `{error: "…"}`, `{message}` or `{detail}`. */
function readBody(body: string): ErrorBody {
  const none = { message: body.slice(0, 2_000), code: '', param: '' };
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return none;
    const outer = parsed as Record<string, unknown>;
    const inner = typeof outer['error'] === 'object' && outer['error'] ? outer['error'] : outer;
    const field = (name: string): string => {
      const value = (inner as Record<string, unknown>)[name];
      return typeof value === 'string' ? value : '';
    };
    const message = field('message') || field('detail') || field('error');
    return { message, code: field('code') || field('type'), param: field('param') };
  } catch {
    return none;
  }
}

/** The parameter that a 400 (or 422) is about, where the next call can do without it. */
export function refusedParameter({ status, body }: RefusedCall): DispensableParameter | undefined {
  if (status !== 400 && status !== 422) return undefined;
  const { message, param } = readBody(body);
  return (
    dispensable.find((name) => name === param) ??
    // `max_completion_tokens` is no `max_tokens`.
    dispensable.find((name) => new RegExp(`\\b${name}\\b`).test(message))
  );
}

/** `Retry-After` in seconds or as a date, or `retry-after-ms`. */
function retryAfterMs(headers: RefusedCall['headers'], nowMs: number): number | undefined {
  const ms = Number.parseFloat(headers['retry-after-ms'] ?? '');
  if (ms >= 0) return ms;
  const value = headers['retry-after'] ?? '';
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** An error status as a failure that says how to mend it; texts of the server are not repeated. */
export function refusedCall(call: RefusedCall, nowMs: number): ModelFailed {
  const { status, headers, body } = call;
  const { code, message } = readBody(body);
  const failed = (...args: ConstructorParameters<typeof ModelFailed>): ModelFailed =>
    new ModelFailed(...args);
  const said = `The language model's server answered ${status}`;
  if (status === 401 || status === 403) {
    return failed('unauthorized', `${said}: it does not take the key; check OPENAI_API_KEY`);
  }
  if (status === 404) {
    return failed(
      'not_found',
      /model/i.test(`${message} ${code}`)
        ? `${said}: it has no such model; check OPENAI_MODEL`
        : `${said}: nothing is there; check OPENAI_BASE_URL (most end in /v1) and OPENAI_MODEL`,
    );
  }
  if (status === 402 || /insufficient_quota|insufficient.balance/i.test(`${code} ${message}`)) {
    return failed('quota', `${said}: the account has nothing left; top it up or raise its limits`);
  }
  if (status === 429) {
    const waitMs = retryAfterMs(headers, nowMs);
    return failed('busy', `${said}: too many requests or tokens at once`, waitMs);
  }
  if (status >= 500 || status === 408 || status === 409) {
    return failed('broken', `${said}; look into that server's log`, retryAfterMs(headers, nowMs));
  }
  if (status >= 300 && status < 400) {
    return failed(
      'rejected',
      `${said}: it sends on to another address; set OPENAI_BASE_URL to that one`,
    );
  }
  const parameter = refusedParameter(call);
  if (parameter !== undefined) {
    return failed('parameter', `${said}: the model does not take ${parameter}`);
  }
  if (/context|too long|max(?:imum)?.{0,20}(?:length|tokens)/i.test(`${code} ${message}`)) {
    return failed('rejected', `${said}: the prompt does not fit; give the model more context`);
  }
  return failed('rejected', `${said}; try OPENAI_MODEL and OPENAI_BASE_URL with its own tools`);
}

/** Codes of Node.js for connections, with what they say. */
const connectionTroubles: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNRESET: 'the connection broke',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; see NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed; see NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is incomplete; see NODE_EXTRA_CA_CERTS',
};

/** The code of the first cause that has one. */
export function connectionCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    const [first] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [];
    if (first instanceof Error && first !== cause) {
      const inner = connectionCode(first);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** A connection that could not be made or broke. */
export function brokenConnection(error: unknown, hadAnswer: boolean): ModelFailed {
  const code = connectionCode(error);
  const why = code === undefined ? '' : ` (${connectionTroubles[code] ?? code})`;
  return hadAnswer
    ? new ModelFailed('cut', `The language model's answer broke off${why}`)
    : new ModelFailed(
        'unreachable',
        `The language model's server cannot be reached${why}; check OPENAI_BASE_URL and that server`,
      );
}
