/** A real HTTP server that receives webhooks, for tests. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface ReceivedPost {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The same, for what is no text. */
  readonly bytes: Buffer;
}

/** What to do with a post that has been read; a handler may answer, hang or break the connection. */
type PostHandler = (
  response: Parameters<RequestListener>[1],
  post: ReceivedPost,
) => void | Promise<void>;

export interface HttpCounterpart {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly posts: readonly ReceivedPost[];
  respond(handler: PostHandler): void;
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
}

export async function startHttpCounterpart(): Promise<HttpCounterpart> {
  const posts: ReceivedPost[] = [];
  let handle: PostHandler = (response) => void response.writeHead(204).end();

  const onRequest: RequestListener = (request, response) => {
    buffer(request)
      .then((bytes) => {
        const { url = '', method = '', headers } = request;
        const post = { url, method, headers, body: bytes.toString('utf8'), bytes };
        posts.push(post);
        return handle(response, post);
      })
      // A sender that went away while it was read is what some tests are about.
      .catch(() => response.destroy());
  };

  let server: Server;
  async function listen(port: number): Promise<number> {
    server = createServer(onRequest).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  const port = await listen(0);

  return {
    origin: `http://127.0.0.1:${port}`,
    posts,
    respond: (handler) => void (handle = handler),
    async goDown() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    comeUp: async () => void (await listen(port)),
  };
}
