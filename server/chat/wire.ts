/** Stored things as messages of the wire. */
import { maxFrameBytes, maxMessageChars, pingIntervalMs } from '../../shared/limits.ts';
import {
  isRetryable,
  protocolVersion,
  type ChatMessage,
  type ErrorCode,
  type ErrorMessage,
  type HistoryMessage,
  type ServerMessage,
} from '../../shared/protocol.ts';
import type { StoredMessage } from '../ports.ts';
import type { ChatContext } from './context.ts';
import type { Acknowledgement, Session } from './session.ts';

/** ISO 8601 with milliseconds, in UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** What every client is told first. */
export const established = (
  context: ChatContext,
  connectionId: string,
  lang: string,
): ServerMessage => ({
  type: 'connection_established',
  message: context.sentences(lang).connected,
  client_id: connectionId,
  timestamp: isoTime(context.now()),
  protocol: protocolVersion,
});

/** What `session` says of the limits. */
export const wireLimits = {
  message_chars: maxMessageChars,
  frame_bytes: maxFrameBytes,
  ping_interval_ms: pingIntervalMs,
} as const;

/** A message as `history` carries it. */
export function toHistoryMessage(message: StoredMessage): HistoryMessage {
  return {
    id: message.id,
    seq: message.seq,
    sender: message.sender,
    message: message.text,
    timestamp: isoTime(message.atMs),
    ...(message.inReplyTo === undefined ? {} : { in_reply_to: message.inReplyTo }),
    ...(message.answers === undefined ? {} : { answers: [...message.answers] }),
    ...(message.citations === undefined || message.citations.length === 0
      ? {}
      : { citations: [...message.citations] }),
    ...(message.kind === undefined ? {} : { kind: message.kind }),
  };
}

/**
 * A message as this client gets it live. One without `hello` may show nothing but text, so its
 * citations stand as lines of the text too, with whole addresses.
 */
export function toChatMessage(
  session: Session,
  message: StoredMessage,
  context: ChatContext,
): ChatMessage {
  const wire: ChatMessage = { type: 'chat_message', ...toHistoryMessage(message) };
  if (session.kind === 'hello' || !message.citations?.length) return wire;
  const lines = message.citations.map(
    ({ title, url }) => `- ${title}: ${absolute(url, context.publicUrl())}`,
  );
  const { sources } = context.sentences(session.lang);
  return { ...wire, message: [message.text, '', sources, ...lines].join('\n') };
}

const absolute = (url: string, base: string): string =>
  URL.canParse(url, base) ? new URL(url, base).href : url;

/** The acknowledgement of a stored message. */
export function toAcknowledgement(
  session: Session,
  { id, seq, atMs, kind }: Acknowledgement,
  context: ChatContext,
  duplicate: boolean,
): ServerMessage {
  const sentences = context.sentences(session.lang);
  const common = { id, seq, timestamp: isoTime(atMs) };
  const again = duplicate ? { duplicate } : {};
  return kind === 'contact_request'
    ? {
        type: 'contact_request_received',
        ...common,
        message: sentences.contactRequestReceived,
        request_id: id,
        status: 'received',
        ...again,
      }
    : {
        type: 'chat_message_received',
        ...common,
        message: sentences.chatMessageReceived,
        message_id: id,
        ...again,
      };
}

/** An `error`; what it says is for a person, what it means stands in `code`. */
export function toError(
  code: ErrorCode,
  message: string,
  nowMs: number,
  details: {
    readonly ref?: string | undefined;
    readonly field?: string | undefined;
    readonly retryAfterMs?: number | undefined;
  } = {},
): ErrorMessage {
  return {
    type: 'error',
    code,
    message,
    timestamp: isoTime(nowMs),
    retryable: isRetryable(code),
    ...(details.retryAfterMs === undefined ? {} : { retry_after_ms: details.retryAfterMs }),
    ...(details.ref === undefined ? {} : { ref: details.ref }),
    ...(details.field === undefined ? {} : { field: details.field }),
  };
}
