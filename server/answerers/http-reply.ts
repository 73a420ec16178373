/** What a question-answering service replies: one JSON object, or events with pieces of text. */
import type { AnswerProgress } from '../answerer-ports.ts';
import { maxAnswerChars, withoutControls } from './clean-text.ts';
import type { StreamEvent } from './event-stream.ts';

export interface Reply {
  readonly text: string;
  /** As they came. */
  readonly citations?: unknown;
}

/** The service replied what cannot be used; says what, never the reply itself. */
export class BadReply extends Error {
  override readonly name = 'BadReply';
}

/** The reply in a body of JSON: `{message, citations?}`, or `answer` for `message`. */
export function replyInJson(body: string): Reply {
  const value = parsed(body);
  const text = value && textOf(value);
  if (!value || text === undefined) {
    throw new BadReply(
      'The service at QA_URL replied without a "message": {"message": "…", "citations": […]} is expected',
    );
  }
  return { text, citations: value['citations'] };
}

/**
 * The reply in an event stream. Each event adds what it holds:
 *
 * - `{"delta": "…"}`, or `choices[0].delta.content` as OpenAI-compatible servers send it: a piece
 * - `{"message": "…", "citations": […]}`: the whole text, which then counts
 * - `{"citations": […]}`: these alone
 * - `[DONE]`: the end; the end of the body is one too
 * - any other text, where the stream did not begin with JSON: a piece as it is
 *
 * An event `error`, or an object with `error` alone, is a failure.
 *
 * @param progress - shown each piece, without control characters
 */
export async function replyInEvents(
  events: AsyncIterable<StreamEvent>,
  progress: AnswerProgress | undefined,
): Promise<Reply> {
  let text = '';
  let whole: string | undefined;
  let citations: unknown;
  let kind: 'json' | 'text' | undefined;

  function add(piece: string): void {
    const clean = withoutControls(piece);
    // What is left out at the beginning of the whole is not shown either.
    const shown = text === '' ? clean.trimStart() : clean;
    if (shown === '') return;
    text += shown;
    progress?.delta(shown);
  }

  for await (const { name, data } of events) {
    if (name === 'error') throw new BadReply('The service at QA_URL reported an error');
    if (data.trim() === '[DONE]') break;
    const value = parsed(data);
    const holds = value && contentOf(value);
    if (data.trim() !== '') kind ??= value ? 'json' : 'text';
    if (holds) {
      if (holds.failed) throw new BadReply('The service at QA_URL reported an error');
      if (holds.piece !== undefined) add(holds.piece);
      if (holds.whole !== undefined) whole = holds.whole;
      if (holds.citations !== undefined) citations = holds.citations;
    } else if (kind !== 'json') {
      add(data);
    } else if (!value) {
      throw new BadReply('The service at QA_URL sent an event that is not JSON');
    }
    // What is beyond that would be cut anyhow.
    if (whole === undefined && text.length > maxAnswerChars) break;
  }
  return { text: whole || text, citations };
}

interface Content {
  readonly piece: string | undefined;
  readonly whole: string | undefined;
  readonly citations: unknown;
  readonly failed: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** What an event of JSON holds; undefined for an object of which nothing is known. */
function contentOf(value: Fields): Content | undefined {
  const whole = textOf(value);
  const { delta, choices, citations, error } = value;
  const piece = typeof delta === 'string' ? delta : pieceOf(choices);
  const known = whole ?? piece ?? citations;
  const failed = known === undefined && error !== undefined && error !== null;
  if (known === undefined && !failed && !Array.isArray(choices)) return undefined;
  return { piece, whole, citations, failed };
}

function pieceOf(choices: unknown): string | undefined {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const delta = isFields(first) ? first['delta'] : undefined;
  const content = isFields(delta) ? delta['content'] : undefined;
  return typeof content === 'string' ? content : undefined;
}

const textOf = ({ message, answer }: Fields): string | undefined =>
  typeof message === 'string' ? message : typeof answer === 'string' ? answer : undefined;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
