/**
 * A client as the original guide has it: no `hello`, no memory. Every connection is a
 * conversation of its own, and what was not acknowledged when it broke is not sent again.
 */
import { WebSocket } from 'ws';
import type { ClientHistory, HistoryEvent } from './history.ts';
import type { Random } from './random.ts';

export interface PlainClient {
  readonly history: ClientHistory;
  type(id: string, text: string): void;
  tick(nowMs: number): void;
  stop(): void;
}

export function createPlainClient(options: {
  readonly name: string;
  readonly url: string;
  readonly random: Random;
}): PlainClient {
  const events: HistoryEvent[] = [];
  let socket: WebSocket | undefined;
  let isReady = false;
  let retryMs = 0;
  let nowMs = 0;
  let stopped = false;
  /** A guide's client knows no more than to try again after a while. */
  let giveUpMs = Infinity;

  function open(): void {
    const opened = new WebSocket(options.url, { perMessageDeflate: false });
    socket = opened;
    isReady = false;
    giveUpMs = nowMs + 8_000;
    opened.on('message', (data: Buffer) => {
      if (opened !== socket) return;
      giveUpMs = Infinity;
      hear(JSON.parse(data.toString()) as Record<string, unknown>);
    });
    opened.on('error', () => undefined);
    opened.on('close', (code) => {
      if (opened !== socket) return;
      events.push({ type: 'closed', code });
      socket = undefined;
      retryMs = nowMs + 200 + options.random.next() * 1_000;
    });
  }

  function hear(frame: Record<string, unknown>): void {
    const { type, id, seq, message } = frame;
    if (type === 'connection_established') isReady = true;
    if (typeof id !== 'string' || typeof seq !== 'number') return;
    if (type === 'chat_message_received') {
      events.push({ type: 'acknowledged', id, seq, duplicate: frame['duplicate'] === true });
    } else if (type === 'chat_message') {
      const sender = String(frame['sender']);
      events.push({ type: 'received', id, seq, sender, text: String(message), via: 'live' });
    }
  }

  return {
    history: { client: options.name, plain: true, events },
    type(id, text) {
      if (!socket || !isReady) return;
      events.push({ type: 'typed', id, text, kind: 'chat_message' });
      const timestamp = new Date().toISOString();
      socket.send(JSON.stringify({ type: 'chat_message', id, message: text, timestamp }));
      if (giveUpMs === Infinity) giveUpMs = nowMs + 8_000;
    },
    tick(now) {
      nowMs = now;
      if (stopped) return;
      if (socket && now >= giveUpMs) socket.terminate();
      if (!socket && now >= retryMs) open();
    },
    stop() {
      stopped = true;
      socket?.terminate();
      socket = undefined;
    },
  };
}
