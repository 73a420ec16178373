/** What the fields of the owner's interface mean, for its description. */
import { maxMessageChars } from '../../shared/limits.ts';
import type { FieldNote } from './openapi-schema.ts';

const note = (description: string, ...examples: readonly unknown[]): FieldNote => ({
  description,
  ...(examples.length > 0 ? { examples } : {}),
});
const time = (description: string): FieldNote => ({
  ...{ description, format: 'date-time', examples: ['2026-11-23T08:00:00.000Z'] },
});
const text = (description: string, ...examples: readonly unknown[]): FieldNote => ({
  ...note(description, ...examples),
  maxLength: maxMessageChars,
});

export const fieldNotes: Readonly<Record<string, FieldNote>> = {
  // conversations
  id: note('Names it.', 'q3Zt0b1Xk8vJ2mLw9sYfA'),
  'Message.id': note('The id its sender gave, or one that the server made.', 'reply-1'),
  'CannedReply.id': note('Names it among the replies.', 'hello'),
  'Note.id': note('Names it in its conversation.', 'note-1'),
  'FailedNotice.id': note('Names the notice.', 12),
  'ReplyRequest.id': note('With an id the request may be repeated: it is stored once.', 'reply-1'),
  'NewNote.id': note('With an id the request may be repeated: it is stored once.', 'note-1'),
  'BroadcastRequest.id': note(
    'With an id the request may be repeated: it is sent once, until the server starts anew.',
    'news-1',
  ),
  created_at: time('When the first message was stored.'),
  updated_at: time('When the newest message was stored.'),
  revision: note(
    'Number of the newest change to this conversation, ascending over all conversations.',
    4711,
  ),
  'ConversationList.revision': note(
    'Every change up to this number is in the list, or older than it.',
    4711,
  ),
  last_seq: note('`seq` of the newest message; 0 for none.', 7),
  view: note(
    'Where the conversation stands: `done`, else `waiting` for the owner, else `mine` where the owner answers, else `assistant`.',
  ),
  waiting: note('Why the owner is waited for; absent where nobody waits.'),
  'ViewCounts.waiting': note('Conversations that wait for the owner.'),
  'ViewCounts.mine': note('Conversations that the owner answers.'),
  'ViewCounts.assistant': note('Conversations that nobody else handles.'),
  'ViewCounts.done': note('Conversations that are done.'),
  connected: note('Clients that are connected just now.'),
  answering: note('Who answers in the conversation.'),
  'ConversationChange.answering': note('`owner` takes over, `assistant` hands back.'),
  unread: note('Messages of the visitor that the owner has not read; at most 999.'),
  rated_down: note('Answers that the visitor rated as not helpful; at most 999, absent for none.'),
  blocked: note('Whether the visitor is blocked: nothing of them is taken.'),
  done: note('Marked done; it comes back by itself when the visitor writes.'),
  online: note('Whether a page of the visitor is connected.'),
  online_since: time('When the visitor came to the page where they are now.'),
  lang: note('Language, as a BCP 47 tag.', 'en'),
  user_agent: note('The browser, in its own words.'),
  page: note('The page the visitor is on, or was last.'),
  url: note('Address.', 'https://blog.example.com/hello'),
  title: note('Title.', 'Hello'),
  user: note('`user` of a verified identity.'),
  name: note('Name as it was given.', 'Ada'),
  email: note('E-mail address as it was given.', 'ada@example.com'),
  read_by_visitor: note('`seq` up to which the visitor has read.'),
  read_by_owner: note('`seq` up to which the owner has read; it never goes back.'),
  last_message: note('The newest message.'),
  last_visitor_message: note(
    "The visitor's newest message, where the owner is waited for and the newest one is another's.",
  ),
  failed_notices: note('Notices about this conversation that were given up.'),
  count: note('How many.'),
  error: note('Why the last delivery failed.'),

  // lists
  conversations: note('Those written to last first.'),
  cursor: note('Goes into `before` for the next page; absent at the end.'),
  counts: note('How many conversations each view holds.'),
  messages: note('Ascending `seq`, without gaps.'),
  more: note('Whether further messages lie beyond these, in the direction they were read.'),
  notes: note('Oldest first.'),
  replies: note("In the owner's order."),
  hits: note('Newest first.'),
  notices: note('Newest first.'),
  'RetriedNotices.notices': note('How many are due again.'),

  // messages
  seq: note('Counts the messages of a conversation from 1, without gaps.', 8),
  sender: note('Who speaks.'),
  message: text('What it says.', 'Yes, with a link back.'),
  'SearchHit.message': note('The message in which the words stand.'),
  timestamp: time('When it was stored.'),
  in_reply_to: note('Id of the question that this answers.'),
  answers: note('Ids of all questions that this answers.'),
  citations: note('Posts that the answer is taken from, best first.'),
  kind: note('`contact_request`, or absent.'),
  broadcast: note('Never set in stored messages.'),
  outcome: note(
    "Of the assistant's: what came of the question. `found` in the posts, `smalltalk`, `not_covered` by the posts, `human_request` where a person was asked for, `failed` where no answer could be made. Absent where it was stored by a version that did not keep it.",
  ),
  feedback: note(
    "Of the assistant's: what the visitor thinks of it, `up` for helpful and `down` for not helpful; absent where they did not say.",
  ),
  takes_over: note('False leaves the conversation to whoever answers it. Default true.'),
  preview: note('With it nothing is sent, only counted.'),
  delivered: note('Clients that took it; with `preview`, clients that are connected.'),
  text: text('Its text; `{name}`, `{page}` and `{owner}` are filled in where it is used.'),

  // search
  conversation: note('The conversation it stands in.'),
  note: note('The note in which the words stand.'),
  excerpt: note('The words around the place; what matched stands between U+E000 and U+E001.'),

  // answers
  'AnswerList.answers': note('Newest first.'),
  'AnswerList.counts': note(
    'Answers of the last 30 days in each list; at most 9,999, then there may be more.',
  ),
  up: note('Rated as helpful.'),
  down: note('Rated as not helpful.'),
  not_covered: note('Found in no post.'),
  answer: note('The answer.'),
  question: note('The last question that it answers; absent where that is not stored.'),
  'AnswererState.name': note('Its kind, as `ANSWERER` names it.', 'retrieval'),
  description: note('What it answers from.', '577 posts, 2,310 passages'),
  ready: note('Whether it can answer just now.'),
  usage: note(
    'What a language model has cost since midnight in UTC; absent where none is asked, or it cannot be told just now.',
  ),
  model: note('The model, as its server names it.', 'small-model-1'),
  tokens_today: note('Tokens that were spent today.', 12_340),
  tokens_per_day: note(
    'Tokens that may be spent in a day; absent where nothing limits it.',
    500_000,
  ),
  guarded_today: note(
    'Questions that were answered without the model today, to spend no more; counted since the server started.',
  ),

  // notices and push
  conversation_id: note('The conversation it is about.'),
  channel: note('The channel that failed, without its secrets.'),
  reason: note('What the owner was to be told of.', 'contact_request'),
  attempts: note('Deliveries tried.'),
  public_key: note("The server's key for `PushManager.subscribe`, base64url."),
  endpoint: note(
    'A public https address of a push service.',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
  ),
  keys: note("The browser's keys."),
  p256dh: note('Public key, uncompressed point of P-256, base64url.'),
  auth: note('Authentication secret of 16 bytes, base64url.'),

  // session
  token: note("The owner's token, `OWNER_TOKEN`."),
  owner: note('The owner.'),
  version: note('Version of the server.', '0.1.0'),
  ai: note('Whether an assistant answers.'),
  channels: note('Channels that notices go to, without their secrets.'),
  public_url: note('The address that visitors and notices use.', 'https://chat.example.com'),

  // errors
  detail: note('What is wrong, as a sentence.'),
  code: note('What is wrong, for programs.'),
  field: note('The field or parameter that was wrong, with dots: `page.url`.'),
};
