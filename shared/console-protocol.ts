/**
 * What the owner's inbox and the owner's programs exchange with the server: bodies of `/api`, and
 * frames of the socket at `/console/socket`. Structs are the truth: types are inferred from them,
 * and `/api/openapi.json` is generated from them.
 *
 * Everything that changes something goes over HTTP, carries an id where repeating would double
 * it, and may be sent again. The socket tells what happened, and carries what may be lost: who is
 * typing, who is there.
 */
import {
  array,
  boolean,
  enums,
  integer,
  literal,
  min,
  optional,
  size,
  string,
  type,
  type Infer,
} from 'superstruct';
import {
  clientMessageId,
  feedbackValues,
  handlers,
  historyMessage,
  messageText,
  senders,
} from './protocol.ts';

const count = min(integer(), 0);
/** ISO 8601, UTC. */
const time = string();
const shortText = size(string(), 1, 200);

// ── what is shown ────────────────────────────────────────────────────────────────────────────

/** Where a conversation stands: in exactly one view. */
export const views = ['waiting', 'mine', 'assistant', 'done'] as const;
export type View = (typeof views)[number];

/** Why a conversation waits for the owner; the newest reason counts. */
export const waitingReasons = [
  /** The visitor asked for a person. */
  'human_request',
  'contact_request',
  /** The assistant found nothing in the posts. */
  'assistant_unsure',
  /** A message of the visitor where no assistant answers. */
  'visitor_message',
] as const;
export type WaitingReason = (typeof waitingReasons)[number];

/** What came of a question; stands at its answer. */
export const answerOutcomes = [
  'found',
  'smalltalk',
  /** The assistant found nothing in the posts. */
  'not_covered',
  'human_request',
  /** No answer could be made. */
  'failed',
] as const;

/** A message as the owner sees it. */
export const ownerMessage = type({
  ...historyMessage.schema,
  /** Of the assistant's; absent where it was stored before outcomes were kept. */
  outcome: optional(enums(answerOutcomes)),
  /** Of the assistant's: what the visitor thinks of it; absent where they did not say. */
  feedback: optional(enums(feedbackValues)),
});
export type OwnerMessage = Infer<typeof ownerMessage>;

const visitedPage = type({ url: string(), title: optional(string()) });

/** A conversation as the inbox lists it. */
export const conversationSummary = type({
  id: string(),
  created_at: time,
  updated_at: time,
  /**
   * Number of the newest change to this conversation, ascending over all conversations: whoever
   * knows all up to `n` asks for what came after `n`.
   */
  revision: count,
  last_seq: count,
  view: enums(views),
  /** Absent where nobody waits for the owner. */
  waiting: optional(enums(waitingReasons)),
  answering: enums(handlers),
  /** Messages of the visitor that the owner has not read, at most 999: then there may be more. */
  unread: count,
  /** Answers that the visitor found of no help, at most 999; absent for none. */
  rated_down: optional(count),
  blocked: boolean(),
  /** Whether a socket of the visitor is open. */
  online: boolean(),
  /** When the visitor came to the page where they are now; absent where none is online. */
  online_since: optional(time),
  lang: optional(string()),
  user_agent: optional(string()),
  page: optional(visitedPage),
  /** `user` of a verified identity. */
  user: optional(string()),
  name: optional(string()),
  email: optional(string()),
  read_by_visitor: count,
  read_by_owner: count,
  last_message: optional(ownerMessage),
  /** The visitor's newest message, where the owner is waited for and `last_message` is another's. */
  last_visitor_message: optional(ownerMessage),
  /** Notices about this conversation that were given up, with why the last one failed. */
  failed_notices: optional(type({ count, error: string() })),
});
export type ConversationJson = Infer<typeof conversationSummary>;

/** How many conversations each view holds, and how many clients are connected just now. */
export const viewCounts = type({
  waiting: count,
  mine: count,
  assistant: count,
  done: count,
  connected: count,
});
export type ViewCounts = Infer<typeof viewCounts>;

export const conversationList = type({
  conversations: array(conversationSummary),
  /** Goes into `before` for the next page; absent at the end. */
  cursor: optional(string()),
  counts: viewCounts,
  /** Everything up to this number is in these pages or older than them. */
  revision: count,
});
export type ConversationList = Infer<typeof conversationList>;

export const messageList = type({
  messages: array(ownerMessage),
  more: boolean(),
});
export type MessageList = Infer<typeof messageList>;

/** A remark that only the owner sees; it has no `seq`. */
export const note = type({ id: string(), message: string(), timestamp: time });
export type Note = Infer<typeof note>;
export const noteList = type({ notes: array(note) });
export type NoteList = Infer<typeof noteList>;

/** A reply kept ready. `{name}`, `{page}` and `{owner}` in it are filled in where it is used. */
export const cannedReply = type({ id: clientMessageId, title: shortText, text: messageText });
export type CannedReply = Infer<typeof cannedReply>;
export const maxCannedReplies = 200;
export const cannedReplyList = type({ replies: size(array(cannedReply), 0, maxCannedReplies) });
export type CannedReplyList = Infer<typeof cannedReplyList>;

/** A place where the searched words stand. */
export const searchHit = type({
  conversation: conversationSummary,
  /** `message` or `note` is there; neither where a name, an e-mail or a page matched. */
  message: optional(ownerMessage),
  note: optional(note),
  /** The words around the place; what matched stands between U+E000 and U+E001. */
  excerpt: string(),
});
export const searchResults = type({
  hits: array(searchHit),
  /** Goes into `before` for further ones; absent at the end. */
  cursor: optional(string()),
});
export type SearchResults = Infer<typeof searchResults>;

/** Lists of answers that the owner may want to look at. */
export const answerLists = [...feedbackValues, 'not_covered'] as const;
export type AnswerListName = (typeof answerLists)[number];
/** `AnswerList.counts` are about so many days. */
export const answerCountDays = 30;

/** An answer with what was asked. */
export const listedAnswer = type({
  conversation: conversationSummary,
  /** The last question that it answers; absent where that is not stored. */
  question: optional(ownerMessage),
  answer: ownerMessage,
});
export type ListedAnswerJson = Infer<typeof listedAnswer>;
export const answerList = type({
  answers: array(listedAnswer),
  /** Goes into `before` for the next page; absent at the end. */
  cursor: optional(string()),
  /** Answers of the last 30 days in each list, at most 9,999: then there may be more. */
  counts: type({ up: count, down: count, not_covered: count }),
});
export type AnswerListJson = Infer<typeof answerList>;

/** Who answers where the owner does not, and what it costs. */
export const answererState = type({
  name: string(),
  /** What it answers from. */
  description: string(),
  /** Whether it can answer just now. */
  ready: boolean(),
  /** Of a language model, today; absent where none is asked, or it cannot be told. */
  usage: optional(
    type({
      model: string(),
      tokens_today: count,
      /** Absent where nothing limits it. */
      tokens_per_day: optional(count),
      /** Questions that were answered without the model, so that it does not cost more. */
      guarded_today: count,
    }),
  ),
});
export type AnswererState = Infer<typeof answererState>;

/** A notice that was given up after a day of trying. */
export const failedNotice = type({
  id: count,
  conversation_id: string(),
  /** Without its secrets. */
  channel: string(),
  reason: string(),
  timestamp: time,
  attempts: count,
  error: string(),
});
export const failedNoticeList = type({ notices: array(failedNotice) });
export type FailedNoticeList = Infer<typeof failedNoticeList>;
/** How many of them are due again. */
export const retriedNotices = type({ notices: count });

/** Who is logged in, and what this server can do. */
export const ownerSession = type({
  owner: type({ name: string() }),
  version: string(),
  /** Language of the server's sentences where nobody names another. */
  lang: string(),
  /** Whether an assistant answers. */
  ai: boolean(),
  /** Configured channels, without their secrets. */
  channels: array(string()),
  public_url: string(),
});
export type OwnerSession = Infer<typeof ownerSession>;

// ── what is asked for ────────────────────────────────────────────────────────────────────────

export const logIn = type({ token: size(string(), 1, 1_000) });

/** Sends a message as the owner; with an `id` it may be repeated and is stored once. */
export const replyRequest = type({
  message: messageText,
  id: optional(clientMessageId),
  /** False leaves the conversation to whoever answers it. Default true. */
  takes_over: optional(boolean()),
});

export const newNote = type({ message: messageText, id: optional(clientMessageId) });

/** Changes a conversation; what is absent stays as it is. */
export const conversationChange = type({
  /** `owner` takes over, `assistant` hands back. */
  answering: optional(enums(['owner', 'assistant'])),
  /** Done conversations come back by themselves when the visitor writes. */
  done: optional(boolean()),
  blocked: optional(boolean()),
  /** `seq` up to which the owner has read; never goes back. */
  read_by_owner: optional(count),
});
export type ConversationChange = Infer<typeof conversationChange>;

/** To everybody who is connected; with `preview` nothing is sent, only counted. */
export const broadcastRequest = type({
  message: messageText,
  id: optional(clientMessageId),
  preview: optional(boolean()),
});
export const broadcastResult = type({ delivered: count, preview: optional(boolean()) });
export type BroadcastResult = Infer<typeof broadcastResult>;

/** A browser that wants to be told when nobody looks (Push API, `PushSubscription.toJSON()`). */
export const pushSubscription = type({
  endpoint: size(string(), 1, 2_000),
  keys: type({ p256dh: size(string(), 1, 200), auth: size(string(), 1, 100) }),
});
export type PushSubscriptionJson = Infer<typeof pushSubscription>;
/** A browser that no longer wants to. */
export const pushUnsubscription = type({ endpoint: size(string(), 1, 2_000) });
/** The server's key for `PushManager.subscribe`, base64url. */
export const pushKey = type({ public_key: string() });

// ── the socket: server → console ─────────────────────────────────────────────────────────────

export const consoleEvents = {
  /** The first frame; everything after `revision` follows as `conversation` events. */
  ready: type({ type: literal('ready'), revision: count, counts: viewCounts }),
  /** A conversation is new or has changed. */
  conversation: type({
    type: literal('conversation'),
    conversation: conversationSummary,
    counts: viewCounts,
  }),
  /** A message was stored. */
  message: type({
    type: literal('message'),
    conversation_id: string(),
    message: ownerMessage,
  }),
  /** A visitor said what they think of an answer. */
  feedback: type({
    type: literal('feedback'),
    conversation_id: string(),
    /** Of the answer. */
    id: string(),
    value: enums(feedbackValues),
  }),
  /** More changed than can be told: fetch the lists anew. */
  refresh: type({ type: literal('refresh') }),
  deleted: type({ type: literal('deleted'), conversation_id: string(), counts: viewCounts }),
  note: type({ type: literal('note'), conversation_id: string(), note }),
  note_deleted: type({ type: literal('note_deleted'), conversation_id: string(), id: string() }),
  typing: type({
    type: literal('typing'),
    conversation_id: string(),
    sender: enums(senders),
    active: boolean(),
  }),
  read: type({
    type: literal('read'),
    conversation_id: string(),
    sender: enums(senders),
    seq: count,
  }),
  /** A visitor came, went, or turned to another page. */
  visitor: type({
    type: literal('visitor'),
    conversation_id: string(),
    online: boolean(),
    online_since: optional(time),
    page: optional(visitedPage),
  }),
  /** Told now and then, not at every change. */
  counts: type({ type: literal('counts'), counts: viewCounts }),
  canned_replies: type({ type: literal('canned_replies') }),
  pong: type({ type: literal('pong'), timestamp: time }),
} as const;
export type ConsoleEvent = {
  [Name in keyof typeof consoleEvents]: Infer<(typeof consoleEvents)[Name]>;
}[keyof typeof consoleEvents];

// ── the socket: console → server ─────────────────────────────────────────────────────────────

export const consoleRequests = {
  /** First frame of a console: what it knows up to; absent = nothing. */
  hello: type({ type: literal('hello'), revision: optional(count) }),
  typing: type({
    type: literal('typing'),
    conversation_id: size(string(), 1, 64),
    active: boolean(),
  }),
  /** Whether somebody looks at the inbox: then the owner is online for visitors. */
  presence: type({ type: literal('presence'), active: boolean() }),
  ping: type({ type: literal('ping') }),
} as const;
export type ConsoleRequest = {
  [Name in keyof typeof consoleRequests]: Infer<(typeof consoleRequests)[Name]>;
}[keyof typeof consoleRequests];

/** Path of the console's socket. */
export const consoleSocketPath = '/console/socket';
/** Longest page of a list. */
export const maxListLimit = 200;
