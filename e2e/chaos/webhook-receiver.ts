/** The owner's end: a real HTTP server that takes notices, and now and then fails to. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Random } from './random.ts';

export interface WebhookReceiver {
  readonly url: string;
  /** Ids of messages in posts that were taken, as `<conversation> <id>`. */
  readonly taken: ReadonlySet<string>;
  readonly posts: number;
  /** From now on every post is taken. */
  heal(): void;
  close(): Promise<void>;
}

export async function startWebhookReceiver(random: Random): Promise<WebhookReceiver> {
  const taken = new Set<string>();
  let posts = 0;
  let isWell = false;
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        posts += 1;
        const fate = isWell ? 'take' : random.weighted(fates);
        switch (fate) {
          case 'take':
            response.writeHead(204).end();
            return take(body);
          case 'fail':
            return void response.writeHead(500).end();
          case 'busy':
            return void response.writeHead(503, { 'retry-after': '1' }).end();
          case 'break':
            return void request.socket.destroy();
          case 'hang':
            return;
        }
      },
      () => response.destroy(),
    );
  });

  function take(body: string): void {
    const notice = JSON.parse(body) as {
      readonly conversation_id: string;
      readonly messages: readonly { readonly id: string }[];
    };
    for (const { id } of notice.messages) taken.add(`${notice.conversation_id} ${id}`);
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/notices`,
    taken,
    get posts() {
      return posts;
    },
    heal: () => void (isWell = true),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const fates = [
  [12, 'take'],
  [3, 'fail'],
  [1, 'busy'],
  [2, 'break'],
  [1, 'hang'],
] as const;
