/** One notice as an HTTP post: the same care for every service that takes JSON. */
import { NoticeFailed } from '../notifier-ports.ts';
import type { Clock } from '../ports.ts';

export interface HttpOptions {
  /** Version of this program, for `user-agent`. */
  readonly version: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  /** For one whole delivery, in milliseconds. Default 10 s. */
  readonly timeoutMs?: number;
}

export const defaultTimeoutMs = 10_000;

export const wallClock: Clock = { now: () => Date.now() };

export interface JsonPost {
  readonly url: string;
  /** JSON, unless `headers` say otherwise. */
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Where 307 and 308 may lead (RFC 9110, 15.4.8 and 15.4.9): to the same host only, for addresses
   * and headers that hold a secret, or to any host over https.
   */
  readonly redirects: 'same_host' | 'https';
  /** Default: the body is dropped unread. */
  readonly readBody?: boolean;
}

export interface JsonAnswer {
  readonly status: number;
  /** 200 to 299. */
  readonly ok: boolean;
  /** Host that answered, for words that a person reads; holds no secret. */
  readonly host: string;
  readonly headers: Headers;
  /** Absent where it was not asked for, broke off or is longer than 64 KiB. */
  readonly body?: string;
}

const maxRedirects = 3;
const maxBodyBytes = 65_536;

/** Never names the address beyond its host: tokens stand in paths. */
function unreachable(error: unknown, host: string): NoticeFailed {
  const cause = error instanceof Error ? error.cause : undefined;
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
  const why = code ?? (cause instanceof Error ? cause.message : 'the connection failed');
  return new NoticeFailed(`could not reach ${host}: ${why}`, { cause: error });
}

/** Never waits for more than it keeps: a body may be endless. */
async function bodyOf(response: Response): Promise<string | undefined> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.byteLength;
      if (bytes > maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Where a redirect leads, or why it is not followed. */
function redirectTarget(response: Response, from: URL, redirects: JsonPost['redirects']): URL {
  const { status } = response;
  const refuse = (why: string): never => {
    throw new NoticeFailed(
      `${from.host} redirects (${status}) ${why}: give the address it redirects to`,
    );
  };
  if (status !== 307 && status !== 308) return refuse('and would drop the notice');
  const location = response.headers.get('location') ?? '';
  if (!URL.canParse(location, from.href)) return refuse('to nowhere');
  const to = new URL(location, from.href);
  const kept = to.host === from.host && to.protocol === from.protocol;
  const secured = to.protocol === 'https:';
  if (kept || (secured && (redirects === 'https' || to.hostname === from.hostname))) return to;
  return refuse(secured ? 'to another host' : 'to an address that is not safe');
}

/**
 * Posts JSON and follows redirects that keep the post and the secret.
 *
 * @throws NoticeFailed where nobody answers, or a redirect is not followed
 */
export async function postJson(
  post: JsonPost,
  options: Pick<HttpOptions, 'fetch' | 'version'>,
  signal: AbortSignal,
): Promise<JsonAnswer> {
  const send = options.fetch ?? globalThis.fetch;
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': `contact-chat/${options.version}`,
    ...post.headers,
  };
  let url = new URL(post.url);
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const response = await send(url, {
      method: 'POST',
      headers,
      body: post.body,
      redirect: 'manual',
      signal,
    }).catch((error: unknown) => {
      throw unreachable(error, url.host);
    });
    const { status, ok } = response;
    const redirected = status >= 300 && status < 400;
    const body = post.readBody && !redirected ? await bodyOf(response) : undefined;
    // A connection that breaks here changes nothing.
    await response.body?.cancel().catch(() => undefined);
    if (!redirected) {
      const answer = { status, ok, host: url.host, headers: response.headers };
      return body === undefined ? answer : { ...answer, body };
    }
    url = redirectTarget(response, url, post.redirects);
  }
  throw new NoticeFailed(`${url.host} redirects more than ${maxRedirects} times`);
}

/** `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. In milliseconds from now, 0 for the past. */
function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const dateMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

/** When the service wants to be asked again, of its `Retry-After` and of what its body says. */
export function retryAfterOf(
  answer: JsonAnswer,
  nowMs: number,
  bodySeconds?: unknown,
): number | undefined {
  if (answer.status !== 429 && answer.status !== 503) return undefined;
  if (typeof bodySeconds === 'number' && bodySeconds >= 0 && Number.isFinite(bodySeconds)) {
    return Math.ceil(bodySeconds * 1000);
  }
  return parseRetryAfter(answer.headers.get('retry-after'), nowMs);
}

/** The object that a body holds as JSON; empty where it holds none. */
export function jsonObject(body: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
