/**
 * A chat server inside the browser test, for what no real server does at a wish: it speaks the
 * wire protocol to the widget of a page and says what it is told. Pages and scripts come from the
 * real server.
 */
import type { Page, WebSocketRoute } from 'playwright/test';
import type { ClientMessage, HistoryMessage, ServerMessage } from '../../shared/protocol.ts';

export interface ScriptedChat {
  /** Everything the page has sent, pings aside, oldest first. */
  readonly heard: readonly ClientMessage[];
  /** Stored messages, which a new session is told. */
  readonly stored: readonly HistoryMessage[];
  say(message: ServerMessage): void;
  /** Pieces of an answer, from `index` on. */
  write(id: string, pieces: readonly string[], index?: number): void;
  /** Stores a message and says it. */
  store(message: Partial<HistoryMessage> & Pick<HistoryMessage, 'message'>): HistoryMessage;
  /** Id of the visitor's last question. */
  question(): string;
  /** Breaks the line; the page comes back by itself. */
  cut(): Promise<void>;
  /** Whether pages that come are let in. */
  reachable: boolean;
}

const startMs = Date.now() - 60_000;

/** Call it before the page opens its widget. */
export async function scriptChat(page: Page): Promise<ScriptedChat> {
  const heard: ClientMessage[] = [];
  const stored: HistoryMessage[] = [];
  let line: WebSocketRoute | undefined;
  const at = (seq: number): string => new Date(startMs + seq * 1_000).toISOString();
  const say = (message: ServerMessage): void => line?.send(JSON.stringify(message));

  function store(message: Parameters<ScriptedChat['store']>[0]): HistoryMessage {
    const seq = stored.length + 1;
    const whole = {
      id: `m${seq}`,
      sender: 'assistant' as const,
      seq,
      timestamp: at(seq),
      ...message,
    };
    stored.push(whole);
    return whole;
  }

  function answer(message: ClientMessage): void {
    switch (message.type) {
      case 'hello':
        say({
          ...{ type: 'session', client_id: 'c', conversation_id: 'scripted', token: 'token' },
          ...{ resumed: message.token === 'token', last_seq: stored.length },
          ...{ answering: 'assistant', owner: { online: false, name: 'Ada' }, ai: true },
          limits: { message_chars: 4_000, frame_bytes: 65_536, ping_interval_ms: 25_000 },
        });
        return say({
          type: 'history',
          messages: stored.filter(({ seq = 0 }) => seq > (message.last_seq ?? 0)),
          more: false,
          resume: true,
        });
      case 'chat_message': {
        const { id = '', message: text } = message;
        const known = stored.find((one) => one.id === id);
        const { seq = 0, timestamp } = known ?? store({ id, sender: 'visitor', message: text });
        return say({
          ...{ type: 'chat_message_received', id, message_id: id, seq },
          ...{ message: 'Stored', timestamp },
        });
      }
      case 'ping':
      case 'contact_request':
      case 'history_request':
      case 'typing':
      case 'read':
      case 'human_request':
      case 'feedback':
      case 'erase_me':
        return undefined;
    }
  }

  const chat: ScriptedChat = {
    heard,
    stored,
    reachable: true,
    say,
    write: (id, pieces, index = 0) =>
      pieces.forEach((delta, nth) =>
        say({
          ...{ type: 'chat_message_delta', id, in_reply_to: id.replace(/^ai:/, '') },
          ...{ index: index + nth, delta },
        }),
      ),
    store(message) {
      const whole = store(message);
      say({ type: 'chat_message', ...whole });
      return whole;
    },
    question: () => stored.findLast(({ sender }) => sender === 'visitor')?.id ?? '',
    async cut() {
      await line?.close({ code: 1012, reason: 'cut' });
      line = undefined;
    },
  };

  await page.routeWebSocket(/\/contact(\?|$)/, (socket) => {
    if (!chat.reachable) {
      void socket.close({ code: 1013, reason: 'not reachable' });
      return;
    }
    line = socket;
    socket.onMessage((frame) => {
      const message = JSON.parse(String(frame)) as ClientMessage;
      if (message.type === 'ping') return say({ type: 'pong', timestamp: at(0) });
      heard.push(message);
      return answer(message);
    });
    say({
      ...{ type: 'connection_established', message: 'Hello', client_id: 'c' },
      ...{ timestamp: at(0), protocol: 1 },
    });
  });
  return chat;
}
