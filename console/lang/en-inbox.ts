/** The sentences of the inbox proper; the type of this object is the type of every language. */
import type { View, WaitingReason } from '../../shared/console-protocol.ts';
import type { ShortcutId } from '../shortcuts.ts';

export const inboxEn = {
  sections: { main: 'Sections', inbox: 'Conversations' },
  views: {
    waiting: 'Waiting',
    mine: 'Mine',
    assistant: 'Assistant',
    done: 'Done',
  } satisfies Record<View, string> as Record<View, string>,
  /** What an empty view says: a title and a sentence. */
  empty: {
    waiting: [
      'Nobody is waiting',
      'Whoever asks for you, or is left without an answer, appears here.',
    ],
    mine: ['Nothing in your hands', 'Conversations that you have taken over appear here.'],
    assistant: ['The assistant has nothing to do', 'Conversations that it answers appear here.'],
    done: [
      'Nothing done yet',
      'What you mark as done appears here, until the visitor writes again.',
    ],
  } as Record<View, readonly [title: string, text: string]>,
  reasons: {
    human_request: 'Asked for you',
    contact_request: 'Contact request',
    assistant_unsure: 'Assistant unsure',
    visitor_message: 'New message',
  } as Record<WaitingReason, string>,

  visitorMark: (mark: string) => `Visitor ${mark}`,
  online: 'Online',
  blocked: 'Blocked',
  unread: (count: number) => (count === 1 ? '1 unread' : `${count} unread`),
  you: 'You',
  assistantName: 'Assistant',
  system: 'System',

  list: {
    label: (view: string) => `Conversations: ${view}`,
    views: 'Views',
    count: (view: string, count: number) => `${view}, ${count}`,
    loading: 'Loading conversations…',
    failed: 'The list could not be loaded.',
    connected: (count: number) => (count === 1 ? '1 connected' : `${count} connected`),
    noMessage: 'No message yet',
    /** An answer in it; beside the reasons, quietly. */
    ratedDown: 'Rated not helpful',
    /** Of the open conversation, which has left the list that is shown. */
    nowIn: (view: string) => `Now in ${view}`,
    noteToSelf: (who: string, text: string) => `${who}: ${text}`,
  },

  status: {
    reconnecting: 'Connection lost, reconnecting… nothing will be lost',
    offline: 'No network. What you write is kept and sent later',
    unreachable: 'The server cannot be reached; still trying. What you write is kept',
    stopped: 'The connection has ended.',
    reconnect: 'Reconnect',
  },

  talk: {
    nothing: 'Choose a conversation',
    nothingText: 'Use the arrow keys or J and K to walk through the list.',
    gone: 'This conversation no longer exists',
    goneText: 'It was deleted, by you or by the visitor.',
    unknown: 'There is no such conversation',
    unknownText: 'The address may be wrong, or it was deleted long ago.',
    unsent: 'What you had written and not sent',
    copy: 'Copy',
    copied: 'Copied',
    failed: 'The conversation could not be loaded.',
    back: 'Back to the list',
    showVisitor: 'About the visitor',
    messages: 'Messages',
    loading: 'Loading messages…',
    earlier: 'Earlier messages',
    newMessages: 'New messages',
    reading: (title: string) => `reading “${title}”`,
    answeredBy: {
      assistant: 'the assistant answers',
      owner: 'you answer',
      nobody: 'nobody answers',
    } as Record<'assistant' | 'owner' | 'nobody', string>,
    away: 'Not here now',
    writing: (who: string) => `${who} is writing…`,
    visitorWrites: 'The visitor is writing…',
    contactRequest: 'Contact request',
    sources: 'Sources',
    /** For screen readers, before one of `ratings`. */
    rated: 'The visitor found this:',
    ratings: { up: 'Helpful', down: 'Not helpful' } as Record<'up' | 'down', string>,
    notCovered: 'Not in your posts',
    newTab: 'opens in a new tab',
    note: 'Note',
    noteText: 'only you see this: ',
    deleteNote: 'Delete note',
    sending: 'Sending…',
    /** Tried more than once. */
    delayed: 'Not stored yet · trying again',
    waiting: 'Waiting for the connection…',
    delivered: 'delivered',
    seen: 'seen',
    notSent: 'Not sent',
    discard: 'Discard',
    today: 'Today',
    yesterday: 'Yesterday',
  },

  act: {
    takeOver: 'Take over',
    handBack: 'Hand back to assistant',
    handBackNobody: 'Hand back',
    done: 'Done',
    reopen: 'Reopen',
    block: 'Block',
    unblock: 'Unblock',
    remove: 'Delete conversation',
    took: 'You answer this conversation now.',
    handed: 'Handed back.',
    markedDone: 'Marked as done.',
    reopened: 'Reopened.',
    blocked: 'The visitor is blocked.',
    unblocked: 'The visitor is no longer blocked.',
    removed: 'Conversation deleted.',
    noteRemoved: 'Note deleted.',
    undo: 'Undo',
    blockTitle: 'Block this visitor?',
    blockText:
      'They are disconnected, and nothing they send arrives any more. You can unblock them.',
    removeTitle: 'Delete this conversation?',
    removeText:
      'All its messages and notes are erased, here and for the visitor. This cannot be undone.',
  },

  compose: {
    label: 'Reply',
    placeholder: 'Reply…',
    placeholderTakesOver: 'Reply and take over…',
    noteLabel: 'Note',
    notePlaceholder: 'Note that only you see…',
    send: 'Send',
    save: 'Save note',
    canned: 'canned reply',
    markdown: 'Preview',
    note: 'internal note',
    left: (count: number) => (count === 1 ? '1 character left' : `${count} characters left`),
    tooLong: (count: number) =>
      count === 1 ? '1 character too many' : `${count} characters too many`,
    blocked: 'This visitor is blocked: they get no replies.',
    placeholderBlocked: 'Blocked: write a note',
  },

  person: {
    label: 'Visitor',
    readingNow: 'Reading now',
    lastPage: 'Last page',
    /** How long they have been on it. */
    since: (duration: string) => `for ${duration}`,
    untitled: 'Untitled page',
    visitor: 'Visitor',
    name: 'Name',
    email: 'E-mail',
    user: 'User',
    verified: 'verified',
    language: 'Language',
    browser: 'Browser',
    firstSeen: 'First seen',
    lastSeen: 'Last change',
    notGiven: 'not given',
    notLeft: 'not left yet',
    unknown: 'unknown',
    notices: 'Notices',
    noticesFailed: (count: number) =>
      count === 1 ? '1 notice did not reach you' : `${count} notices did not reach you`,
    on: (browser: string, system: string) => `${browser} on ${system}`,
  },

  time: {
    now: 'now',
    yesterday: 'yesterday',
    today: (clock: string) => `today, ${clock}`,
  },

  rail: {
    conversations: 'Conversations',
    answers: 'Answers of the assistant',
    canned: 'Canned replies',
    broadcast: 'Message to everyone',
    settings: 'Settings',
  },

  keys: {
    groups: { move: 'Moving about', answer: 'Answering', more: 'More' },
    names: {
      next: 'Next conversation',
      previous: 'Previous conversation',
      view1: 'Waiting',
      view2: 'Mine',
      view3: 'Assistant',
      view4: 'Done',
      search: 'Search',
      reply: 'Write a reply',
      note: 'Write a note',
      canned: 'Canned reply, in an empty reply',
      send: 'Send',
      takeOver: 'Take over, or hand back',
      done: 'Mark as done, or reopen',
      escape: 'Back to the list',
      help: 'This list',
    } as Record<ShortcutId, string>,
  },
};

export type InboxWords = typeof inboxEn;
