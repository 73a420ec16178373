/**
 * Who the visitor is to the server: a token, the conversation it is good for, an identity that
 * the page vouches for, and how far what is shown has come. All tabs of a device share the
 * conversation that was kept first.
 */
import type { Hello, Identity, SessionMessage } from '../shared/protocol.ts';
import type { DeviceMemory, KeptSession } from './device-memory.ts';
import { position } from './state/timeline-views.ts';
import type { Timeline } from './state/timeline.ts';

export interface VisitorOptions {
  readonly device: DeviceMemory;
  /** Another conversation than the one before: a new `hello` is needed. */
  moved(): void;
  /** What is kept has changed. */
  changed(): void;
}

/** What a session means to the conversation that was shown before it. */
export interface Beginning {
  readonly joined: boolean;
  /** What is shown goes on where it stood. */
  readonly keeps: boolean;
  /** The server is behind what was shown. */
  readonly restored: boolean;
}

export interface Visitor {
  readonly conversation: string | undefined;
  /** The conversation that the server had no more when it gave this one. */
  readonly replaced: string | undefined;
  /** Whom the page names, else whose conversation it is; `undefined` for nobody in particular. */
  readonly user: string | undefined;
  /** Whether the device keeps a session, so that there is something to remember it with. */
  readonly kept: boolean;
  identity: Identity | undefined;
  hello(about: Hello, timeline: Timeline): Hello;
  began(session: SessionMessage): Beginning;
  /** Another tab has told, or left behind, what is kept. */
  found(session: KeptSession | undefined): void;
  /**
   * Keeps this conversation, or moves to the one that another tab has kept.
   *
   * @returns whether it is this one
   */
  settle(): Promise<boolean>;
  forget(): void;
}

export function createVisitor({ device, moved, changed }: VisitorOptions): Visitor {
  let token: string | undefined;
  let conversation: string | undefined;
  let user: string | undefined;
  let replaced: string | undefined;
  let epoch: string | undefined;
  /** Not to be taken up again from a tab that has not heard yet. */
  const forgotten = new Set<string>();
  let resumeFrom = 0;
  let kept = false;

  const mayReplace = (kept: KeptSession, mine: string | undefined): boolean =>
    kept.conversation === mine ||
    kept.conversation === replaced ||
    forgotten.has(kept.conversation) ||
    visitor.identity !== undefined;

  function found(session: KeptSession | undefined): void {
    kept = session !== undefined && !forgotten.has(session.conversation);
    if (!session || mayReplace(session, conversation)) return;
    ({ token, conversation, user } = session);
    moved();
  }

  const visitor: Visitor = {
    identity: undefined,
    get conversation() {
      return conversation;
    },
    get replaced() {
      return replaced;
    },
    get user() {
      return visitor.identity?.user ?? user;
    },
    get kept() {
      return kept;
    },
    hello(about, timeline) {
      // Until history has come, what other tabs told of may stand far from the beginning.
      resumeFrom = token && !timeline.fresh ? position(timeline) : 0;
      return {
        ...about,
        ...(token ? { token } : {}),
        ...(resumeFrom > 0 ? { last_seq: resumeFrom, ...(epoch ? { epoch } : {}) } : {}),
        ...(visitor.identity ? { identity: visitor.identity } : {}),
      };
    },
    began(session) {
      const joined = session.conversation_id === conversation;
      // Who signs in leaves a conversation that the server has still.
      const expected = joined || visitor.user === user;
      const known = expected && resumeFrom > 0;
      if (!joined) replaced = expected ? conversation : undefined;
      user = joined ? visitor.user : visitor.identity?.user;
      ({ token, epoch, conversation_id: conversation } = session);
      forgotten.delete(conversation);
      const { resumed } = session;
      return { joined, keeps: joined && known && resumed, restored: known && !resumed };
    },
    found,
    async settle() {
      if (!token || !conversation) return false;
      // By the time the device is asked, this may be another conversation's tab already.
      const mine = { token, conversation, user };
      let isNew = true;
      const winner = await device.claim(mine, (other) => {
        isNew = other.conversation !== mine.conversation;
        return mayReplace(other, mine.conversation);
      });
      const isThis = winner.conversation === conversation;
      if (winner === mine && isNew) changed();
      found(winner);
      return isThis;
    },
    forget() {
      if (conversation) forgotten.add(conversation);
      token = conversation = user = replaced = epoch = undefined;
      kept = false;
    },
  };
  return visitor;
}
