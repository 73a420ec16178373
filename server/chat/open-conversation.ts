/** `hello`: from a connection to a conversation, and to where the client had left it. */
import { closeCodes } from '../../shared/close-codes.ts';
import { defaultHistoryLimit, maxHistoryBytes, maxHistoryLimit } from '../../shared/limits.ts';
import type { Hello } from '../../shared/protocol.ts';
import { sentencesFor } from '../lang/sentences.ts';
import type { Conversation } from '../ports.ts';
import type { ChatContext } from './context.ts';
import type { ChatEvent, Effect, Step } from './effects.ts';
import type { HelloSession, Session } from './session.ts';
import { toError, wireLimits } from './wire.ts';

export function openConversation(session: Session, hello: Hello, context: ChatContext): Step {
  const lang = languageOf(session, hello);
  const { errors } = context.sentences(lang);
  const nowMs = context.now();
  if (session.kind === 'hello' || session.hasStored) {
    const say = session.kind === 'hello' ? errors.helloTwice : errors.helloTooLate;
    const message = toError('invalid_message', say, nowMs, { field: 'type' });
    return { session, effects: [{ type: 'send', message }] };
  }
  const { identities } = context;
  if (hello.identity && identities && !identities.isValid(hello.identity, nowMs)) {
    return {
      session,
      effects: [{ type: 'close', code: closeCodes.badIdentity, reason: 'bad identity' }],
    };
  }
  const user = identities && hello.identity ? hello.identity.user : undefined;
  const fromToken =
    hello.token === undefined ? undefined : context.tokens.verify(hello.token, nowMs);
  // A verified user's conversation follows from who they are; an anonymous one is not merged in.
  const of =
    user !== undefined
      ? { user }
      : fromToken !== undefined
        ? { conversationId: fromToken }
        : undefined;
  if (of) return { session, effects: [{ type: 'load_conversation', hello, of }] };
  // Nothing can be stored under an id that was made for this connection: no need to look.
  const nothing = { conversationId: undefined, conversation: undefined, positionHolds: false };
  return conversationOpened(session, hello, nothing, context);
}

export function conversationLoaded(
  session: Session,
  loaded: Extract<ChatEvent, { type: 'conversation_loaded' }>,
  context: ChatContext,
): Step {
  return conversationOpened(session, loaded.request.hello, loaded, context);
}

/** What was found for a `hello`. */
interface Found {
  /** The conversation that the client may have; absent where it has none. */
  readonly conversationId: string | undefined;
  /** What is stored of it; absent where nothing is. */
  readonly conversation: Conversation | undefined;
  readonly positionHolds: boolean;
}

function conversationOpened(
  session: Session,
  hello: Hello,
  { conversationId: found, conversation, positionHolds }: Found,
  context: ChatContext,
): Step {
  if (conversation?.blocked) {
    return { session, effects: [{ type: 'close', code: closeCodes.forbidden, reason: 'blocked' }] };
  }
  const lastSeq = conversation?.lastSeq ?? 0;
  const identity = context.identities ? hello.identity : undefined;
  // A position counts in the conversation that the token names, and only where the store reaches
  // it: one of an anonymous conversation says nothing about a verified user's, one beyond the end
  // was pruned or restored from a backup, and one of an epoch that the store cannot vouch for may
  // stand for other messages than it did.
  const position = hello.last_seq ?? 0;
  const tokenIs =
    hello.token === undefined ? '' : context.tokens.verify(hello.token, context.now());
  const lost = position > lastSeq || (position > 0 && (tokenIs !== found || !positionHolds));
  const keeps = conversation !== undefined || identity !== undefined || !lost;
  const conversationId = found !== undefined && keeps ? found : session.conversationId;
  const resumed = conversationId === found && !lost;
  const { kind: _plain, ...facts } = session;
  const opened: HelloSession = {
    ...facts,
    kind: 'hello',
    conversationId,
    lang: languageOf(session, hello),
    answering: conversation?.answering ?? context.defaultAnswering,
    cursor: resumed ? position : 0,
    phase: lastSeq > 0 ? 'reading' : 'live',
    missedSeq: 0,
    ...(hello.tab === undefined ? {} : { tab: hello.tab }),
    ...(hello.page === undefined ? {} : { page: hello.page }),
    ...(identity === undefined ? {} : { user: identity.user }),
    ...(identity?.name === undefined ? {} : { name: identity.name }),
    ...(identity?.email === undefined ? {} : { email: identity.email }),
  };
  const effects: Effect[] = [
    {
      type: 'send',
      message: {
        type: 'session',
        client_id: session.connectionId,
        conversation_id: conversationId,
        token: context.tokens.sign(conversationId, context.now()),
        resumed,
        last_seq: lastSeq,
        epoch: context.epoch,
        answering: opened.answering,
        owner: context.owner(),
        ai: context.defaultAnswering === 'assistant',
        limits: wireLimits,
      },
    },
    { type: 'join', conversationId },
  ];
  if (opened.tab !== undefined) {
    effects.push({
      type: 'publish',
      event: { type: 'replaced', conversationId, tab: opened.tab, by: session.connectionId },
    });
  }
  if (lastSeq === 0) {
    const message = { type: 'history', messages: [], more: false, resume: true } as const;
    effects.push({ type: 'send', message: { ...message, messages: [] } });
  } else {
    effects.push({
      type: 'read_messages',
      conversationId,
      purpose: 'resume',
      // To a client that named a position `more` says that the next frame follows by itself, also
      // where the position is not there: it then gets everything.
      range:
        hello.last_seq !== undefined
          ? { afterSeq: opened.cursor, limit: maxHistoryLimit, maxBytes: maxHistoryBytes }
          : {
              beforeSeq: Number.MAX_SAFE_INTEGER,
              limit: defaultHistoryLimit,
              maxBytes: maxHistoryBytes,
            },
    });
  }
  return { session: opened, effects };
}

const languageOf = (session: Session, hello: Hello): string =>
  (hello.lang === undefined ? undefined : sentencesFor(hello.lang)?.lang) ?? session.lang;
