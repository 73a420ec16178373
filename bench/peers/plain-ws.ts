import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { loadSqliteDriver } from '../../server/stores/sqlite-driver.ts';
import { answerCpu, tellParent } from './answer-cpu.ts';

/**
 * The peer: what one writes first with `ws` and SQLite. JSON is parsed, checked and made; each
 * message is one transaction, as durable as ours (WAL, `synchronous=FULL`, the same driver).
 */
export async function servePlainWs(folder: string): Promise<void> {
  const database = (await loadSqliteDriver()).open(join(folder, 'messages.db'));
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL');
  database.exec(
    'CREATE TABLE messages (id TEXT PRIMARY KEY, conversation TEXT, seq INTEGER, text TEXT, at TEXT)',
  );
  const insert = database.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?)');
  // Statements of `@photostructure/sqlite` do not keep their database alive: collected, it takes
  // the process with it.
  process.on('exit', () => database.close());
  answerCpu();

  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket) => {
    const conversation = crypto.randomUUID();
    let seq = 0;
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Record<string, unknown>;
      const timestamp = new Date().toISOString();
      if (message['type'] === 'ping') {
        socket.send(JSON.stringify({ type: 'pong', timestamp }));
      } else if (typeof message['message'] === 'string') {
        const id = crypto.randomUUID();
        seq += 1;
        insert.run(id, conversation, seq, message['message'], timestamp);
        socket.send(
          JSON.stringify({
            type: 'chat_message_received',
            id,
            seq,
            message: '消息已收到',
            timestamp,
            message_id: id,
          }),
        );
      }
    });
  });
  server.on('listening', () => {
    tellParent({ type: 'listening', port: (server.address() as AddressInfo).port });
  });
}
