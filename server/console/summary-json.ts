/** A conversation as the inbox and the owner's programs get it. */
import type { ConversationJson } from '../../shared/console-protocol.ts';
import type { Answering, Page } from '../../shared/protocol.ts';
import { isoTime } from '../chat/wire.ts';
import type { ConversationSummary } from '../ports.ts';
import { toOwnerMessage } from './message-json.ts';

/** Who of a conversation is here just now. */
export interface LiveFacts {
  readonly online: boolean;
  /** When the visitor came to the page where they are now; Unix milliseconds. */
  readonly sinceMs?: number;
  /** Where they are now; it may be newer than what is stored. */
  readonly page?: Page;
}

/**
 * @param live - absent where nobody is there
 * @param options.defaultAnswering - who answers where nobody decided it in the conversation
 */
export function toConversationJson(
  summary: ConversationSummary,
  live: LiveFacts | undefined,
  options: { readonly defaultAnswering: Answering },
): ConversationJson {
  const { lastMessage, lastVisitorMessage } = summary;
  return {
    id: summary.id,
    created_at: isoTime(summary.createdAtMs),
    updated_at: isoTime(summary.updatedAtMs),
    revision: summary.revision,
    last_seq: summary.lastSeq,
    view: summary.view,
    ...given('waiting', summary.waiting),
    answering: summary.answering ?? options.defaultAnswering,
    unread: summary.unread,
    ...given('rated_down', summary.ratedDown),
    blocked: summary.blocked,
    online: live?.online ?? false,
    ...given('online_since', live?.sinceMs === undefined ? undefined : isoTime(live.sinceMs)),
    ...given('lang', summary.lang),
    ...given('user_agent', summary.userAgent),
    ...given('page', live?.page ?? summary.page),
    ...given('user', summary.user),
    ...given('name', summary.name),
    ...given('email', summary.email),
    read_by_visitor: summary.readByVisitor,
    read_by_owner: summary.readByOwner,
    ...given('last_message', lastMessage && toOwnerMessage(lastMessage)),
    ...given('last_visitor_message', lastVisitorMessage && toOwnerMessage(lastVisitorMessage)),
    ...given('failed_notices', summary.failedNotices && { ...summary.failedNotices }),
  };
}

/** A field, or none. */
const given = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Field in Name]?: Value } =>
  value === undefined ? {} : ({ [name]: value } as { [Field in Name]: Value });
