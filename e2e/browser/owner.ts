/** The owner's side, through the REST interface. */
import type { TestServer } from '../server/start-test-server.ts';

export const ownerToken = 'owner-token-for-browser-tests';

export interface StoredMessage {
  readonly id: string;
  readonly seq: number;
  readonly sender: string;
  readonly message: string;
  readonly kind?: string;
}

export interface Conversation {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
}

export interface Owner {
  conversations(): Promise<readonly Conversation[]>;
  /** Everything stored, in the order in which it was. */
  messages(conversation: string): Promise<readonly StoredMessage[]>;
  /** Every message of every conversation. */
  everything(): Promise<readonly StoredMessage[]>;
  reply(conversation: string, message: string): Promise<void>;
  /** Replies in the only conversation there is. */
  replyToVisitor(message: string): Promise<void>;
  broadcast(message: string): Promise<number>;
}

export function ownerOf({ url }: Pick<TestServer, 'url'>): Owner {
  async function call(path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${url}/api${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${ownerToken}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  const owner: Owner = {
    async conversations() {
      const answer = (await call('/conversations')) as { conversations: Conversation[] };
      return answer.conversations;
    },
    async messages(conversation) {
      const all: StoredMessage[] = [];
      for (let more = true; more;) {
        const after = all.at(-1)?.seq ?? 0;
        const page = (await call(`/conversations/${conversation}/messages?after_seq=${after}`)) as {
          messages: StoredMessage[];
          more: boolean;
        };
        all.push(...page.messages);
        more = page.more && page.messages.length > 0;
      }
      return all;
    },
    async everything() {
      const lists = (await owner.conversations()).map(({ id }) => owner.messages(id));
      return (await Promise.all(lists)).flat();
    },
    async reply(conversation, message) {
      await call(`/conversations/${conversation}/messages`, { message });
    },
    async replyToVisitor(message) {
      const [only, ...others] = await owner.conversations();
      if (!only || others.length > 0) throw new Error('There is not exactly one conversation.');
      await owner.reply(only.id, message);
    },
    async broadcast(message) {
      return ((await call('/broadcast', { message })) as { delivered: number }).delivered;
    },
  };
  return owner;
}
