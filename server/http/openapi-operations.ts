/**
 * Every path and method of the owner's interface. What is described here is what is served: a test
 * compares both, and the answer to a wrong method is taken from here.
 */
import {
  answererState,
  answerList,
  broadcastRequest,
  broadcastResult,
  cannedReplyList,
  conversationChange,
  conversationList,
  conversationSummary,
  failedNoticeList,
  logIn,
  messageList,
  newNote,
  note,
  noteList,
  ownerMessage,
  ownerSession,
  pushKey,
  pushSubscription,
  pushUnsubscription,
  replyRequest,
  retriedNotices,
  searchResults,
} from '../../shared/console-protocol.ts';
import * as parameters from './openapi-parameters.ts';
import type { Parameter } from './openapi-parameters.ts';
import type { AnyStruct } from './openapi-schema.ts';

export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api`, with `{name}` for what varies. */
  readonly path: string;
  readonly operationId: string;
  readonly tag:
    | 'log-in'
    | 'conversations'
    | 'answers'
    | 'notes'
    | 'desk'
    | 'notices'
    | 'description';
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: { readonly struct: AnyStruct; readonly example: unknown };
  /** What it answers when all is well, by status; without a struct: no body. */
  readonly answers: Readonly<Record<number, readonly [string, AnyStruct?]>>;
  /** What it may answer else, besides what every path may. */
  readonly refusals?: readonly (400 | 401 | 403 | 404 | 409 | 413 | 415 | 429)[];
  /** `nobody`: no log-in is needed. `log-in`: this is it. */
  readonly open?: 'nobody' | 'log-in';
}

const { conversationId, noteId, before, listLimit } = parameters;
const bodyRefusals = [400, 413, 415] as const;

export const operations: readonly Operation[] = [
  {
    ...{ method: 'get', path: '/openapi.json', operationId: 'describe', tag: 'description' },
    summary: 'This description',
    description: 'It needs no log-in: it describes, and reveals nothing.',
    answers: { 200: ['An OpenAPI 3.1 document.'], 304: ['Not changed since the given ETag.'] },
    open: 'nobody',
  },
  {
    ...{ method: 'post', path: '/session', operationId: 'logIn', tag: 'log-in' },
    summary: 'Log in with a browser',
    description:
      "Takes the owner's token and sets a cookie that is good for 30 days after its last use, on requests of the same origin only. Ten wrong tokens a minute are judged from one address, those in bearer headers counted in; the right one always works. The newest 100 logins are kept.",
    body: { struct: logIn, example: { token: '<OWNER_TOKEN>' } },
    answers: { 204: ['Logged in; the cookie is in `Set-Cookie`.'] },
    refusals: [400, 401, 403, 413, 415, 429],
    open: 'log-in',
  },
  {
    ...{ method: 'get', path: '/session', operationId: 'session', tag: 'log-in' },
    summary: 'Who is logged in, and what this server can do',
    answers: { 200: ['The owner is logged in.', ownerSession] },
  },
  {
    ...{ method: 'delete', path: '/session', operationId: 'logOut', tag: 'log-in' },
    summary: 'Log out in this browser',
    description: 'For bearers of the token it changes nothing.',
    answers: { 204: ['Logged out.'] },
  },
  {
    ...{ method: 'delete', path: '/sessions', operationId: 'logOutEverywhere', tag: 'log-in' },
    summary: 'Log out in every browser',
    answers: { 204: ['Logged out.'] },
  },
  {
    ...{ method: 'get', path: '/conversations', operationId: 'listConversations' },
    tag: 'conversations',
    summary: 'List conversations, those written to last first',
    parameters: [parameters.view, parameters.user, listLimit, before],
    answers: { 200: ['A page of the list.', conversationList] },
    refusals: [400],
  },
  {
    ...{ method: 'get', path: '/conversations/{id}', operationId: 'readConversation' },
    tag: 'conversations',
    summary: 'What is known of a conversation',
    parameters: [conversationId],
    answers: { 200: ['The conversation.', conversationSummary] },
    refusals: [404],
  },
  {
    ...{ method: 'patch', path: '/conversations/{id}', operationId: 'changeConversation' },
    tag: 'conversations',
    summary: 'Take over, hand back, mark as done or read, block',
    description:
      'What is absent stays as it is; all is changed in one transaction. Taking over ends an answer that the assistant is writing.',
    parameters: [conversationId],
    body: { struct: conversationChange, example: { answering: 'owner', read_by_owner: 7 } },
    answers: { 200: ['The conversation as it is now.', conversationSummary] },
    refusals: [...bodyRefusals, 404],
  },
  {
    ...{ method: 'delete', path: '/conversations/{id}', operationId: 'deleteConversation' },
    tag: 'conversations',
    summary: 'Delete a conversation and all that was stored of it',
    parameters: [conversationId],
    answers: { 204: ['Deleted, on the pages of the visitor too.'] },
    refusals: [404],
  },
  {
    ...{ method: 'get', path: '/conversations/{id}/messages', operationId: 'readMessages' },
    tag: 'conversations',
    summary: 'Read messages, in the order of their `seq`',
    description: 'Without a range: the newest.',
    parameters: [conversationId, parameters.afterSeq, parameters.beforeSeq, parameters.pageLimit],
    answers: { 200: ['A piece of the conversation without gaps.', messageList] },
    refusals: [400, 404],
  },
  {
    ...{ method: 'post', path: '/conversations/{id}/messages', operationId: 'reply' },
    tag: 'conversations',
    summary: 'Reply to a visitor',
    description:
      'The message is stored and sent to every open page of the visitor. The owner answers the conversation from now on, unless `takes_over` is false.',
    parameters: [conversationId],
    body: { struct: replyRequest, example: { message: 'Yes, with a link back.', id: 'reply-1' } },
    answers: {
      200: ['It had been stored before, under the same id; `duplicate` is true.', ownerMessage],
      201: ['Stored.', ownerMessage],
    },
    refusals: [...bodyRefusals, 404, 409],
  },
  {
    ...{ method: 'get', path: '/conversations/{id}/notes', operationId: 'readNotes', tag: 'notes' },
    summary: 'Read the notes on a conversation, which only the owner sees',
    parameters: [conversationId],
    answers: { 200: ['All notes.', noteList] },
    refusals: [404],
  },
  {
    ...{ method: 'post', path: '/conversations/{id}/notes', operationId: 'addNote', tag: 'notes' },
    summary: 'Add a note',
    parameters: [conversationId],
    body: { struct: newNote, example: { message: 'Asked before, in May.', id: 'note-1' } },
    answers: {
      200: ['It had been stored before, under the same id; `duplicate` is true.', note],
      201: ['Stored.', note],
    },
    refusals: [...bodyRefusals, 404, 409],
  },
  {
    ...{ method: 'delete', path: '/conversations/{id}/notes/{note}', operationId: 'deleteNote' },
    tag: 'notes',
    summary: 'Delete a note',
    parameters: [conversationId, noteId],
    answers: { 204: ['Deleted.'] },
    refusals: [404],
  },
  {
    ...{ method: 'get', path: '/search', operationId: 'search', tag: 'conversations' },
    summary: 'Search messages, notes, names, e-mail addresses and pages',
    description:
      'All words have to occur in one place, in any order and as parts of words, whatever their case, in any script. Words between double quotes have to follow each other.',
    parameters: [parameters.words, parameters.searchLimit, before],
    answers: { 200: ['Places where the words stand.', searchResults] },
    refusals: [400],
  },
  {
    ...{ method: 'get', path: '/answers', operationId: 'listAnswers', tag: 'answers' },
    summary: 'List answers that were rated, or that the posts do not cover',
    description:
      'Newest first by the time of the answer; each with the question, and with its conversation.',
    parameters: [parameters.answerList, parameters.answerLimit, before],
    answers: { 200: ['A page of the list.', answerList] },
    refusals: [400],
  },
  {
    ...{ method: 'get', path: '/answerer', operationId: 'readAnswerer', tag: 'answers' },
    summary: 'Who answers where the owner does not, and what a language model cost today',
    answers: { 200: ['The answerer.', answererState] },
    refusals: [404],
  },
  {
    ...{ method: 'get', path: '/canned-replies', operationId: 'readCannedReplies', tag: 'desk' },
    summary: 'Read the replies kept ready',
    answers: { 200: ['All of them.', cannedReplyList] },
  },
  {
    ...{ method: 'put', path: '/canned-replies', operationId: 'setCannedReplies', tag: 'desk' },
    summary: 'Replace the replies kept ready',
    body: {
      struct: cannedReplyList,
      example: { replies: [{ id: 'hello', title: 'Greeting', text: 'Hello {name}!' }] },
    },
    answers: { 200: ['As they are now.', cannedReplyList] },
    refusals: bodyRefusals,
  },
  {
    ...{ method: 'post', path: '/broadcast', operationId: 'broadcast', tag: 'desk' },
    summary: 'Send a message to all connected clients',
    description:
      'It belongs to no conversation and is not stored in any. At most ten a minute; previews are not counted.',
    body: { struct: broadcastRequest, example: { message: 'A new post is out.', id: 'news-1' } },
    answers: { 200: ['Sent, or counted.', broadcastResult] },
    refusals: [...bodyRefusals, 409],
  },
  {
    ...{ method: 'get', path: '/notices/failed', operationId: 'failedNotices', tag: 'notices' },
    summary: 'List notices that were given up, the newest 200',
    answers: { 200: ['What did not arrive.', failedNoticeList] },
  },
  {
    ...{ method: 'post', path: '/notices/failed/retry', operationId: 'retryFailedNotices' },
    tag: 'notices',
    summary: 'Try the notices that were given up again',
    answers: { 200: ['They are due again.', retriedNotices] },
    refusals: [413, 415],
  },
  {
    ...{ method: 'delete', path: '/notices/failed', operationId: 'dismissFailedNotices' },
    tag: 'notices',
    summary: 'Forget the notices that were given up',
    answers: { 204: ['Forgotten.'] },
  },
  {
    ...{ method: 'get', path: '/push', operationId: 'pushKey', tag: 'notices' },
    summary: "The server's key for Web Push",
    answers: { 200: ['The key.', pushKey] },
    refusals: [404],
  },
  {
    ...{ method: 'post', path: '/push/subscriptions', operationId: 'subscribePush' },
    tag: 'notices',
    summary: 'Send notices to this browser too',
    body: {
      struct: pushSubscription,
      example: {
        endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/abc',
        keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
      },
    },
    answers: { 204: ['Subscribed.'] },
    refusals: [...bodyRefusals, 404],
  },
  {
    ...{ method: 'delete', path: '/push/subscriptions', operationId: 'unsubscribePush' },
    tag: 'notices',
    summary: 'Send no more notices to a browser',
    body: {
      struct: pushUnsubscription,
      example: { endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/abc' },
    },
    answers: { 204: ['No longer subscribed.'] },
    refusals: bodyRefusals,
  },
];

const patterns = [...new Set(operations.map(({ path }) => path))].map((path) => ({
  path,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/** The methods of a path below `/api`, as `Allow` lists them; none for an unknown path. */
export function methodsAt(path: string): readonly string[] {
  const known = patterns.find(({ pattern }) => pattern.test(path));
  if (!known) return [];
  const methods = operations
    .filter((operation) => operation.path === known.path)
    .map(({ method }) => method.toUpperCase());
  return methods.includes('GET') ? ['GET', 'HEAD', ...methods.filter((m) => m !== 'GET')] : methods;
}
