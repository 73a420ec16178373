/** What tests of a failing store need: a client that keeps count, the log, the file itself. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerMessage } from '../../shared/protocol.ts';
import { loadSqliteDriver } from '../../server/stores/sqlite-driver.ts';
import { sqliteFileName } from '../../server/stores/sqlite-file.ts';
import { openSqliteStore } from '../../server/stores/sqlite.ts';
import type { TestServer } from './start-test-server.ts';
import { connectHello, contact } from './ws-client.ts';

/** What `/readyz` says. */
export const readiness = async (server: TestServer) => {
  const response = await fetch(`${server.url}/readyz`);
  return { status: response.status, body: await response.text() };
};

/** Resolves once `/readyz` says that the server can do its work. */
export async function untilReady(server: TestServer): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await readiness(server)).status === 200) return;
    await delay(100);
  }
  throw new Error(`The server did not get ready again:\n${server.log()}`);
}

/** The log as records. */
export const logLines = (server: TestServer) =>
  server
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { readonly level: number; readonly msg: string });

/** Ids in the order of `seq`, from the file itself. */
export async function storedIds(dataDir: string, conversationId: string): Promise<string[]> {
  const { open: openDatabase } = await loadSqliteDriver();
  const db = openDatabase(join(dataDir, sqliteFileName));
  try {
    const rows = db
      .prepare<{ id: string; seq: number }>(
        'SELECT id, seq FROM messages WHERE conversation_id = ? ORDER BY seq',
      )
      .all(conversationId);
    const wrong = rows.find(({ seq }, index) => seq !== index + 1);
    if (wrong) throw new Error(`seq ${wrong.seq} of ${conversationId} is out of order`);
    return rows.map(({ id }) => id);
  } finally {
    db.close();
  }
}

/** A client that sends one message after the other, and keeps what became of each. */
export async function startWriter(server: TestServer) {
  const { client, session } = await connectHello(server.wsUrl);
  const acknowledged = new Map<string, number>();

  let read = client.received.length;
  let closed = false;
  void client.closed.then(() => (closed = true));

  async function nextMessage(): Promise<ServerMessage> {
    for (;;) {
      const message = client.received[read];
      if (message) {
        read += 1;
        return message;
      }
      if (closed) throw new Error('the socket was closed');
      await delay(2);
    }
  }

  async function sendOne(id: string): Promise<boolean> {
    client.send(contact(`${id} ${'x'.repeat(2_000)}`, id));
    for (;;) {
      const message = await nextMessage();
      if (message.type === 'contact_request_received' && message.id === id) {
        acknowledged.set(id, message.seq);
        return true;
      }
      if (message.type === 'error' && message.ref === id) {
        if (message.code === 'store_unavailable' && message.retryable) return false;
        throw new Error(`${id} was refused with ${message.code}`);
      }
    }
  }

  return {
    client,
    session,
    /** Every message that was acknowledged, with its `seq`. */
    acknowledged: acknowledged as ReadonlyMap<string, number>,
    /** Sends messages and waits for what becomes of each; returns those the store was too ill for. */
    async send(messageIds: readonly string[]): Promise<string[]> {
      const refused: string[] = [];
      for (const id of messageIds) if (!(await sendOne(id))) refused.push(id);
      return refused;
    },
  };
}

export const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

export const rethrow = (error: unknown): never => {
  throw error;
};

/** Fills a data folder without a server. */
export async function fill(
  dataDir: string,
  conversations: number,
  messages: number,
): Promise<void> {
  const store = await openSqliteStore({ dataDir, onError: rethrow });
  for (let c = 0; c < conversations; c += 1) {
    await Promise.all(
      ids('m', messages).map((id, index) =>
        store.append({
          conversationId: `c${c}`,
          message: { id, sender: 'visitor', text: `text ${index}`, atMs: 1_700_000_000_000 + c },
        }),
      ),
    );
  }
  await store.close();
}
