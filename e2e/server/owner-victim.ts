/** A server with a conversation that is nobody's business, and a stranger's means. */
import { expect } from 'vitest';
import { requestBytes, sendBytes, type RawAnswer } from './raw-http.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { connectHello, contact } from './ws-client.ts';

export const ownerToken = 'a-token-of-the-owner';
/** Stands in the conversation that nobody may read. */
export const secret = 'the-words-of-the-victim';
export const evil = 'https://evil.example';

export interface Operation {
  readonly method: string;
  readonly path: string;
}

export interface Victim {
  readonly server: TestServer;
  /** Whose conversation it is. */
  session: Awaited<ReturnType<typeof connectHello>>['session'];
  /** A login of the owner, as a `Cookie` header. */
  cookie: string;
  /** Every operation behind the log-in, on the victim's conversation. */
  readonly operations: readonly Operation[];
  /** A request as it is, from another address each time, lest only the throttle be tested. */
  raw(
    method: string,
    target: string,
    headers?: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<RawAnswer>;
  /** The owner logs in. @returns a `Cookie` header */
  logIn(headers?: Readonly<Record<string, string>>): Promise<string>;
  /** Fails where the conversation does not stand as the visitor left it. */
  untouched(): Promise<void>;
}

let addresses = 0;
/** An address that was not used before. */
export function elsewhere(): Record<string, string> {
  addresses += 1;
  return { 'x-forwarded-for': `203.0.${addresses >> 8}.${addresses & 255}` };
}

export async function startVictim(transport: string): Promise<Victim> {
  const server = await startTestServer({
    CONTACT_CHAT_TRANSPORT: transport === 'ws' ? 'ws' : undefined,
    ...{ OWNER_TOKEN: ownerToken, RATE_LIMIT: '1000/1s', ANSWERER: 'off' },
    // It says who may open a chat; the inbox is none of its business.
    ALLOWED_ORIGINS: '*',
  });
  const response = await fetch(`${server.url}/api/openapi.json`);
  const description = (await response.json()) as {
    readonly paths: Record<string, Record<string, { readonly security?: readonly unknown[] }>>;
  };
  const { client, session } = await connectHello(server.wsUrl);
  client.send({ ...contact(secret, 'first'), name: secret, email: 'v@example.com' });
  await client.next('contact_request_received');
  const id = session.conversation_id;

  async function logIn(headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const answer = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url, ...headers },
      body: JSON.stringify({ token: ownerToken }),
    });
    expect(answer.status).toBe(204);
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  return {
    server,
    session,
    cookie: await logIn(),
    operations: Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security?.length !== 0)
        .map(([method]) => ({
          method: method.toUpperCase(),
          path: `/api${path.replace('{id}', id).replace('{note}', 'n')}`,
        })),
    ),
    raw: (method, target, headers = {}, body = '') =>
      sendBytes(
        server.url,
        requestBytes(server.url, method, target, { ...elsewhere(), ...headers }, body),
      ),
    logIn,
    async untouched() {
      const headers = { authorization: `Bearer ${ownerToken}` };
      const answer = await fetch(`${server.url}/api/conversations/${id}`, { headers });
      expect(await answer.json()).toMatchObject({
        ...{ last_seq: 1, view: 'waiting', blocked: false, read_by_owner: 0 },
      });
    },
  };
}
