import { closeCodes } from '../../shared/close-codes.ts';
import type { Status } from '../chat-state.ts';

/** Every sentence of the widget; the type of this object is the type of every other language. */
export const en = {
  tag: 'en',
  title: 'Ask this blog',
  titleNoAssistant: 'Write to the owner',
  assistant: 'Assistant',
  owner: 'The owner',
  you: 'You',
  open: 'Open chat',
  openUnread: (count: number) =>
    count === 1 ? 'Open chat, 1 new message' : `Open chat, ${count} new messages`,
  hide: 'Hide chat',
  close: 'Close chat',
  menu: 'More',
  messages: 'Conversation',

  // The first screen
  welcome: 'Hello! What would you like to know?',
  welcomeNoAssistant: 'Hello! What is on your mind?',
  greeting:
    'I look for answers in the posts of this blog and show where I found them. You can also write to the owner.',
  greetingNoAssistant: 'What you write here goes to the owner of this blog, who answers here.',
  questions: 'Questions to begin with',

  // Who answers
  assistantOwnerAway: 'Assistant answers · owner away',
  assistantOwnerOnline: 'Assistant answers · owner here',
  ownerOnline: 'Online · answering you',
  ownerAway: 'Away · will answer here',
  nobodyAnswers: 'Leave a message, the owner will answer',
  notConnected: 'Not connected',
  connecting: 'Connecting…',
  notices: {
    ownerAnswers: 'The owner has joined. The assistant is silent now.',
    assistantAnswers: 'The assistant answers again.',
    nobodyAnswers: 'The assistant is silent now. The owner will answer here.',
    erased: 'Your messages were erased.',
    eraseFailed: 'Your messages could not be erased just now. Please try again.',
    restored: 'The server no longer has all of this conversation.',
  } as Readonly<Record<string, string>>,

  // The connection
  trouble: {
    reconnecting: 'Connection lost, reconnecting… nothing will be lost',
    offline: 'You are offline. What you write is kept and sent later',
    unreachable: 'The chat cannot be reached at the moment. Still trying; what you write is kept',
  } as Readonly<Partial<Record<Status, string>>>,
  closed: {
    [closeCodes.forbidden]: 'The chat is not available to you here.',
    [closeCodes.badIdentity]: 'Your sign-in has expired. Please reload the page.',
    [closeCodes.replaced]: 'The conversation goes on in another place.',
  } as Readonly<Record<number, string>>,
  ended: 'The conversation was closed.',
  reconnect: 'Connect again',
  full: 'Too much is waiting to be sent. Your text stays in the input until some of it has arrived.',
  notKept: 'This browser keeps nothing: the conversation ends with this page.',

  // Messages
  sending: 'Sending…',
  waiting: 'Waiting for the connection…',
  sent: 'Sent',
  seen: 'seen',
  notSent: 'Not sent',
  tryAgain: 'Try again',
  discard: 'Discard',
  writing: (who: string) => `${who} is writing…`,
  newMessages: 'New messages',
  earlier: 'Earlier messages',
  loading: 'Loading…',
  today: 'Today',
  yesterday: 'Yesterday',
  sources: 'Found in',
  alsoSee: 'Also see',
  newTab: 'opens in a new tab',
  toEveryone: 'to everyone',

  // The composer
  ask: 'Ask about this blog…',
  writeOwner: 'Write to the owner…',
  send: 'Send',
  fromPosts: 'Answers come from the posts',
  ownerReads: 'The owner reads and answers here',
  left: (count: number) => (count === 1 ? '1 character left' : `${count} characters left`),
  tooLong: (count: number) =>
    count === 1 ? '1 character too many' : `${count} characters too many`,
  talkToOwner: 'Talk to the owner',
  askAssistant: 'Ask the assistant',

  // Contact requests
  contactLabel: 'Message to the owner',
  contactReceived: 'Received. The owner will come back to you.',

  erase: 'Erase my messages',
};

export type Words = typeof en;
