/** A blog that very many people write to: conversations in the store, and visitors who are there. */
import { on, once } from 'node:events';
import { WebSocket } from 'ws';
import { openSqliteStore } from '../../server/stores/sqlite.ts';

const slice = 200;

/**
 * Puts conversations of one message each into the store of a server that does not run, the
 * first the oldest, all waiting for the owner: `Visitor 00017` wrote `Question 00017 …`.
 */
export async function seedConversations(dataDir: string, count: number): Promise<void> {
  const store = await openSqliteStore({
    dataDir,
    onError: (error) => {
      throw error;
    },
  });
  const firstMs = Date.now() - count * 1_000;
  for (let from = 0; from < count; from += slice) {
    await Promise.all(
      Array.from({ length: Math.min(slice, count - from) }, (_, index) => {
        const number = String(from + index).padStart(5, '0');
        const text = `Question ${number} about the garden and its ${index % 7} paths.`;
        return store.append({
          conversationId: `seeded-${number}`,
          facts: { name: `Visitor ${number}` },
          message: { id: 'm1', sender: 'visitor', text, atMs: firstMs + (from + index) * 1_000 },
          waiting: 'visitor_message',
        });
      }),
    );
  }
  await store.close();
}

export interface Crowd {
  /** One of them writes; resolves when the server has it. */
  write(index: number, message: string): Promise<void>;
  leave(): void;
}

/** Visitors on real sockets; each has written once. */
export async function connectCrowd(wsUrl: string, count: number): Promise<Crowd> {
  const sockets: WebSocket[] = [];
  async function acknowledged(socket: WebSocket): Promise<void> {
    for await (const [data] of on(socket, 'message') as AsyncIterable<[Buffer]>) {
      const { type } = JSON.parse(data.toString()) as { readonly type: string };
      if (type === 'chat_message_received') return;
      if (type === 'error') throw new Error(data.toString());
    }
  }
  async function send(socket: WebSocket, message: string): Promise<void> {
    const stored = acknowledged(socket);
    const frame = { type: 'chat_message', message, timestamp: new Date().toISOString() };
    socket.send(JSON.stringify(frame));
    await stored;
  }

  async function join(index: number): Promise<void> {
    const socket = new WebSocket(wsUrl, { perMessageDeflate: false });
    sockets[index] = socket;
    await once(socket, 'open');
    const page = { url: `https://blog.example.com/post-${index % 40}`, title: 'A post' };
    socket.send(JSON.stringify({ type: 'hello', protocol: 1, lang: 'en', page }));
    await send(socket, `Here I am, number ${index}.`);
  }

  for (let from = 0; from < count; from += 50) {
    const indices = Array.from({ length: Math.min(50, count - from) }, (_, index) => from + index);
    await Promise.all(indices.map(join));
  }
  return {
    async write(index, message) {
      const socket = sockets[index];
      if (!socket) throw new Error(`There is no visitor ${index}.`);
      await send(socket, message);
    },
    leave() {
      for (const socket of sockets) socket.terminate();
    },
  };
}
