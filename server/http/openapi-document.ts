import { enums, optional, string, type } from 'superstruct';
import * as protocol from '../../shared/console-protocol.ts';
import { maxMessageChars } from '../../shared/limits.ts';
import { clientMessageId, errorCodes, messageText } from '../../shared/protocol.ts';
import { httpOnlyCodes } from './errors.ts';
import { fieldNotes } from './openapi-fields.ts';
import { operations, type Operation } from './openapi-operations.ts';
import { createSchemas, type Schema } from './openapi-schema.ts';
import { requestRate } from './owner-access.ts';

const errorBody = type({
  detail: string(),
  code: enums([...errorCodes, ...httpOnlyCodes]),
  field: optional(string()),
});

/** Made when it is asked for: looking for limits takes a while, and most servers are never asked. */
const makeSchemas = () =>
  createSchemas({
    components: {
      AnswererState: protocol.answererState,
      AnswerList: protocol.answerList,
      BroadcastRequest: protocol.broadcastRequest,
      BroadcastResult: protocol.broadcastResult,
      CannedReply: protocol.cannedReply,
      CannedReplyList: protocol.cannedReplyList,
      ConversationChange: protocol.conversationChange,
      ConversationList: protocol.conversationList,
      ConversationSummary: protocol.conversationSummary,
      Error: errorBody,
      FailedNotice: protocol.failedNotice,
      FailedNoticeList: protocol.failedNoticeList,
      ListedAnswer: protocol.listedAnswer,
      LogIn: protocol.logIn,
      Message: protocol.ownerMessage,
      MessageList: protocol.messageList,
      NewNote: protocol.newNote,
      Note: protocol.note,
      NoteList: protocol.noteList,
      OwnerSession: protocol.ownerSession,
      PushKey: protocol.pushKey,
      PushSubscription: protocol.pushSubscription,
      PushUnsubscription: protocol.pushUnsubscription,
      ReplyRequest: protocol.replyRequest,
      RetriedNotices: protocol.retriedNotices,
      SearchHit: protocol.searchHit,
      SearchResults: protocol.searchResults,
      ViewCounts: protocol.viewCounts,
    },
    fields: fieldNotes,
    texts: [
      [clientMessageId, { pattern: '^[A-Za-z0-9_-]{1,64}$', maxLength: 64 }],
      [messageText, { maxLength: maxMessageChars }],
    ],
  });

const wait = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } },
};

/** What every path may answer when it does not do what it was asked for. */
const refusals: Readonly<Record<number, Schema>> = {
  400: refusal('A parameter or a field is wrong; `field` names it.'),
  401: refusal('Nobody is logged in, or the token is wrong.'),
  403: refusal('The cookie of a login came from another origin.'),
  404: refusal('There is nothing of this name.'),
  409: refusal('The id belongs to something else.'),
  413: refusal('The body is too large.'),
  415: refusal('With a cookie, bodies have to be `application/json`.'),
  429: { ...refusal('Too many requests.'), headers: wait },
  500: refusal('Something went wrong on the server.'),
  503: { ...refusal('The store is not available; nothing was changed.'), headers: wait },
};
const everywhere = [401, 403, 429, 500, 503];

function refusal(description: string): Schema {
  const schema = { $ref: '#/components/schemas/Error' };
  return { description, content: { 'application/json': { schema } } };
}

/**
 * The owner's interface as an OpenAPI 3.1 document, made from the structs that check its bodies.
 *
 * @param server.url - address of the server, without `/api`
 */
export function openApiDocument(server: {
  readonly url: string;
  readonly version: string;
}): Schema {
  const schemas = makeSchemas();
  const paths: Record<string, Record<string, Schema>> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation, schemas.of);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'contact-chat: the interface of the owner',
      version: server.version,
      license: { name: 'MIT', identifier: 'MIT' },
      description: `Everything here is for the owner: send \`Authorization: Bearer <OWNER_TOKEN>\`, or use the cookie of a login from the same origin. From one address ${requestRate.limit} requests a minute are taken. Fields that are not described are to be ignored: a newer server may send more.`,
    },
    servers: [{ url: `${server.url}/api` }],
    tags: [
      { name: 'conversations', description: 'List, read, reply, change, search.' },
      { name: 'answers', description: "The assistant's answers: what visitors thought of them." },
      { name: 'notes', description: 'Remarks that only the owner sees.' },
      { name: 'desk', description: 'Replies kept ready, and messages to everybody.' },
      { name: 'notices', description: 'What was not delivered, and notices to browsers.' },
      { name: 'log-in', description: 'The cookie of the inbox.' },
      { name: 'description', description: 'This document.' },
    ],
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: schemas.all,
      responses: Object.fromEntries(
        Object.entries(refusals).map(([status, response]) => [`Refusal${status}`, response]),
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The value of `OWNER_TOKEN`.' },
        cookie: {
          ...{ type: 'apiKey', in: 'cookie', name: 'contact_chat_owner' },
          description:
            'Set by a log-in; over https its name begins with `__Host-`. Good for requests of the same origin only, which the browser has to prove by `Origin` or `Sec-Fetch-Site` where they change something.',
        },
      },
    },
  };
}

function describe(operation: Operation, schemaOf: ReturnType<typeof makeSchemas>['of']): Schema {
  const { operationId, tag, summary, description, parameters, body, open } = operation;
  const statuses = [...(operation.refusals ?? []), ...(open ? [500] : everywhere)];
  if (open === 'log-in') statuses.push(503);
  const responses: Record<string, Schema> = {};
  for (const [status, [meaning, struct]] of Object.entries(operation.answers)) {
    responses[status] = {
      description: meaning,
      ...(struct ? { content: { 'application/json': { schema: schemaOf(struct) } } } : {}),
      ...(open === 'log-in' ? { headers: { 'Set-Cookie': { schema: { type: 'string' } } } } : {}),
    };
  }
  for (const status of statuses) {
    responses[status] = { $ref: `#/components/responses/Refusal${status}` };
  }
  if (open === 'nobody') {
    responses['200'] = {
      ...responses['200'],
      content: { 'application/json': { schema: { type: 'object' } } },
    };
  }
  return {
    ...{ operationId, tags: [tag], summary },
    ...(description === undefined ? {} : { description }),
    ...(open ? { security: [] } : {}),
    ...(parameters ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: schemaOf(body.struct), example: body.example },
            },
          },
        }
      : {}),
    responses,
  };
}
