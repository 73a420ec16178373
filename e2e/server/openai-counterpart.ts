/**
 * A real HTTP server that speaks the OpenAI API, for tests: what it says is scripted, and how it
 * misbehaves too. Knows no test runner: whoever starts one closes it.
 *
 * @example
 * const model = await startOpenAiCounterpart();
 * model.respond({ pieces: wordsOf('Use systemd [1].'), delayMs: 20 });
 * await startTestServer({ ANSWERER: 'openai', OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'test' });
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** One chunk of the stream: a delta of text, of thought, of a tool call, or bytes as they are. */
export type Piece =
  | string
  | { readonly reasoning: string }
  | { readonly toolCall: string }
  | { readonly raw: string };

export interface ScriptedAnswer {
  readonly pieces: Iterable<Piece>;
  /** Before every piece, in milliseconds; default 0. */
  readonly delayMs?: number;
  /** What the server says that it cost; absent = it does not say. */
  readonly usage?: { readonly prompt: number; readonly completion: number };
  /** Default `stop`. */
  readonly finishReason?: string;
  /** After the pieces: as it should be (default), the connection broken, or nothing ever again. */
  readonly ending?: 'done' | 'cut' | 'hang';
}

/** An answer without a stream: an error, a redirect, an embedding. */
export interface PlainReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is where it is text. */
  readonly body?: unknown;
}

/** `drop` breaks the connection unanswered; `silence` never answers. */
export type Reply = ScriptedAnswer | PlainReply | 'drop' | 'silence';

export interface ReceivedCall {
  /** `/v1/chat/completions` */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: {
    readonly model?: string;
    readonly messages?: readonly { readonly role: string; readonly content: string }[];
    readonly input?: string | readonly string[];
    readonly [name: string]: unknown;
  };
}

export interface OpenAiCounterpart {
  /** `http://127.0.0.1:<port>/v1` */
  readonly baseUrl: string;
  /** Calls of `/chat/completions`, in order. */
  readonly chats: readonly ReceivedCall[];
  /** Calls of `/embeddings`, in order. */
  readonly embeddings: readonly ReceivedCall[];
  /** Streams that the other side closed before they had ended. */
  readonly abandoned: number;
  /** What is answered from now on; a function gets the call and its number, from 0. */
  respond(reply: Reply | ((call: ReceivedCall, number: number) => Reply)): void;
  /** What `/embeddings` answers from now on; default: `wordVector` of each input. */
  embed(reply: (call: ReceivedCall, number: number) => Reply): void;
  /** Takes no connections, as if the machine were off; `comeUp` takes the same port again. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  close(): Promise<void>;
}

/** A text as pieces of about a word each. */
export const wordsOf = (answer: string): string[] => answer.match(/\s*\S{1,12}|\s+$/gu) ?? [];

const dimensions = 64;

/** Words as a direction: texts that share words point the same way. */
export function wordVector(input: string): number[] {
  const vector = Array.from({ length: dimensions }, () => 0.01);
  for (const word of input.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    let hash = 7;
    for (const character of word) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
    const at = hash % dimensions;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  return vector;
}

/** What `/embeddings` answers where it works. */
export function vectorsFor(call: ReceivedCall, vectorOf = wordVector): PlainReply {
  const inputs = [call.body.input ?? []].flat();
  const data = inputs.map((input, index) => ({ index, embedding: vectorOf(input) }));
  return {
    status: 200,
    body: { object: 'list', data, usage: { prompt_tokens: 5 * inputs.length, total_tokens: 0 } },
  };
}

const chunk = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({
    ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'test' },
    choices: [{ index: 0, delta, finish_reason: null, ...more }],
  })}\n\n`;

function chunkOf(piece: Piece): string {
  if (typeof piece === 'string') return chunk({ content: piece });
  if ('raw' in piece) return piece.raw;
  if ('reasoning' in piece) return chunk({ reasoning_content: piece.reasoning });
  const call = { index: 0, id: 'call_1', type: 'function' };
  return chunk({
    tool_calls: [{ ...call, function: { name: 'look_up', arguments: piece.toolCall } }],
  });
}

async function stream(answer: ScriptedAnswer, response: ServerResponse): Promise<void> {
  const isOver = (): boolean => response.destroyed || response.socket?.destroyed === true;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  for (const piece of answer.pieces) {
    if (answer.delayMs !== undefined) await delay(answer.delayMs);
    if (isOver()) return;
    // Until the system has it: what is cut afterwards arrives all the same.
    const taken = new Promise<void>((done) => response.write(chunkOf(piece), () => done()));
    await Promise.race([taken, once(response, 'close')]);
  }
  if (isOver() || answer.ending === 'hang') return;
  if (answer.ending === 'cut') {
    response.socket?.destroy();
    return;
  }
  response.write(chunk({}, { finish_reason: answer.finishReason ?? 'stop' }));
  if (answer.usage) {
    const { prompt, completion } = answer.usage;
    const usage = { prompt_tokens: prompt, completion_tokens: completion };
    response.write(`data: ${JSON.stringify({ choices: [], usage })}\n\n`);
  }
  response.end('data: [DONE]\n\n');
}

async function send(reply: Reply, response: ServerResponse): Promise<void> {
  if (reply === 'silence') return;
  if (reply === 'drop') {
    response.socket?.destroy();
    return;
  }
  if ('pieces' in reply) return stream(reply, response);
  const { status, headers, body } = reply;
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body ?? {}));
}

/** An error as OpenAI words it. */
export const refusal = (
  status: number,
  message: string,
  more: { readonly param?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): PlainReply => ({
  status,
  ...(more.headers === undefined ? {} : { headers: more.headers }),
  body: { error: { message, type: 'invalid_request_error', param: more.param ?? null } },
});

/** Starts on a free port of 127.0.0.1; answers `Hello.` until told otherwise. */
export async function startOpenAiCounterpart(): Promise<OpenAiCounterpart> {
  const chats: ReceivedCall[] = [];
  const embeddings: ReceivedCall[] = [];
  const sockets = new Set<Socket>();
  let abandoned = 0;
  let onChat: (call: ReceivedCall, number: number) => Reply = () => ({ pieces: ['Hello.'] });
  let onEmbed: (call: ReceivedCall, number: number) => Reply = (call) => vectorsFor(call);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const content = await text(request);
    const body = JSON.parse(content || '{}') as ReceivedCall['body'];
    const call = { path, headers: request.headers, body };
    response.once('close', () => {
      if (!response.writableFinished) abandoned += 1;
    });
    if (path.endsWith('/chat/completions')) {
      await send(onChat(call, chats.push(call) - 1), response);
    } else if (path.endsWith('/embeddings')) {
      await send(onEmbed(call, embeddings.push(call) - 1), response);
    } else {
      await send(refusal(404, `Unknown request URL: ${path}`), response);
    }
  }

  const server = createServer((request, response) => {
    // A client that goes away in the middle is what some tests are about.
    handle(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const goDown = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const port = await listen(0);
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    chats,
    embeddings,
    get abandoned() {
      return abandoned;
    },
    respond: (reply) => void (onChat = typeof reply === 'function' ? reply : () => reply),
    embed: (reply) => void (onEmbed = reply),
    goDown,
    comeUp: async () => void (await listen(port)),
    close: goDown,
  };
}
