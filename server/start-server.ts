import { configure, start } from './start.ts';

export { StartError } from './start-error.ts';

/** A server that listens. */
export interface ContactChatServer {
  /** Where it is reached: `PUBLIC_URL`, else `http://HOST:PORT` with the port it took. */
  readonly url: string;
  /** Drains and stops: acknowledged messages are stored, clients are told to come back. Idempotent. */
  close(): Promise<void>;
}

/** Names and values as in the environment: `{ PORT: 8080, DATA_DIR: './data' }`. */
export type ServerOptions = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Starts the server.
 *
 * ```ts
 * import { startServer } from 'contact-chat/server';
 * const server = await startServer({ PORT: 8080, POSTS: './content' });
 * console.log(server.url);
 * await server.close();
 * ```
 *
 * @param options - the variables of the configuration; what is absent comes from the environment
 *   and a `.env` file in the working directory, then from the defaults
 * @throws StartError where a variable is wrong, the port is taken, the data folder cannot be
 *   used: one line that says how to mend it
 */
export async function startServer(options: ServerOptions = {}): Promise<ContactChatServer> {
  const { config, logger } = configure(options);
  const server = await start(config, logger);
  return { url: server.url, close: () => server.close() };
}
