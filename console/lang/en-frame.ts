import type { AnswerListName } from '../../shared/console-protocol.ts';

/** The sentences of the frame and its dialogs; the type of this object is the type of every language. */
export const frameEn = {
  /** For `Intl`. */
  tag: 'en',
  inbox: 'Inbox',
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  loading: 'Loading…',

  failure: {
    loggedOut: 'You are no longer logged in.',
    offline: 'The server cannot be reached just now. Nothing is lost; please try again.',
    throttled: (seconds: number | undefined) =>
      seconds === undefined
        ? 'Too many attempts. Please wait a moment.'
        : seconds === 1
          ? 'Too many attempts. Try again in 1 second.'
          : `Too many attempts. Try again in ${seconds} seconds.`,
    refused: (detail: string) => `The server did not accept this: ${detail}`,
    server: 'Something went wrong on the server. Please try again.',
  },

  logIn: {
    title: 'Your inbox',
    intro: 'Log in with the owner token of this server.',
    token: 'Owner token',
    where: 'It is the value of OWNER_TOKEN in the server’s settings.',
    show: 'Show token',
    hide: 'Hide token',
    submit: 'Log in',
    busy: 'Logging in…',
    missing: 'Please enter the token.',
    wrong: 'This token is not right.',
    ended: 'You were logged out. Please log in again.',
  },

  search: {
    label: 'Search everything',
    hint: 'Messages, notes, names, e-mail addresses and pages. All words must occur; “quotes” keep words together.',
    searching: 'Searching…',
    none: (query: string) => `Nothing found for “${query}”.`,
    found: (count: number, more: boolean) =>
      count === 1 && !more ? '1 result' : `${count}${more ? ' or more' : ''} results`,
    more: 'Show more',
    clear: 'Close search',
    note: 'Note',
    who: {
      visitor: 'Visitor',
      assistant: 'Assistant',
      owner: 'You',
      system: 'System',
    } as Readonly<Record<'visitor' | 'assistant' | 'owner' | 'system', string>>,
  },

  answers: {
    title: 'Answers of the assistant',
    recent: 'In the last 30 days',
    lists: { down: 'Not helpful', not_covered: 'Not in your posts', up: 'Helpful' } as Record<
      AnswerListName,
      string
    >,
    none: {
      down: 'No visitor has rated an answer as not helpful.',
      not_covered: 'The assistant has found something in your posts for every question.',
      up: 'No visitor has rated an answer as helpful yet.',
    } as Record<AnswerListName, string>,
    noQuestion: 'The question is not known',
    more: 'Show more',
  },

  canned: {
    title: 'Canned replies',
    none: 'You have no canned replies yet.',
    noMatch: 'No canned reply matches.',
    edit: 'Edit canned replies',
    hint: '↑ ↓ to choose, Enter to insert, Esc to close',
    active: (title: string, position: number, count: number) => `${title}, ${position} of ${count}`,
    /** What stands in for a variable that nothing is known for. */
    fallback: { name: 'there', page: 'this page', owner: 'me' },
  },

  cannedEditor: {
    title: 'Canned replies',
    intro: 'Type / in a reply to use one. {name}, {page} and {owner} are filled in.',
    add: 'Add a reply',
    titleLabel: 'Title',
    textLabel: 'Text',
    up: (title: string) => `Move “${title}” up`,
    down: (title: string) => `Move “${title}” down`,
    remove: (title: string) => `Remove “${title}”`,
    removed: (title: string) => `“${title}” removed.`,
    undo: 'Undo',
    save: 'Save',
    saving: 'Saving…',
    saved: 'Canned replies saved.',
    titleMissing: 'Please give it a title.',
    titleTooLong: 'A title has at most 200 characters.',
    textMissing: 'Please write the text.',
    textTooLong: 'A reply has at most 4,000 characters.',
    full: 'More than 200 replies cannot be kept.',
    changedElsewhere:
      'The replies were changed in another window meanwhile. Save again to replace them with yours, or close to keep theirs.',
    discardTitle: 'Discard your changes?',
    discardText: 'Your changes to the canned replies have not been saved.',
    discard: 'Discard',
    untitled: 'Untitled',
  },

  broadcast: {
    title: 'Message to everyone',
    intro:
      'Goes to every visitor who is connected just now. It is not kept in their conversations.',
    label: 'Message',
    left: (count: number) => `${count} characters left`,
    tooLong: (count: number) => `${count} characters too many`,
    next: 'Preview',
    counting: 'Counting…',
    back: 'Back',
    confirm: (count: number) =>
      count === 1 ? 'This goes to 1 visitor now.' : `This goes to ${count} visitors now.`,
    cannotUndo: 'It cannot be taken back.',
    nobody: 'Nobody is connected just now.',
    send: (count: number) => (count === 1 ? 'Send to 1 visitor' : `Send to ${count} visitors`),
    sending: 'Sending…',
    sent: (count: number) =>
      count === 1 ? 'Delivered to 1 visitor.' : `Delivered to ${count} visitors.`,
    done: 'Close',
    preview: 'Preview',
    unsure:
      'It is not known whether the message went out. Sending again is safe: nobody gets it twice.',
  },

  shortcuts: { title: 'Keyboard shortcuts', or: 'or' },

  settings: {
    title: 'Settings',
    language: 'Language',
    languages: { auto: 'As the browser', en: 'English', zh: '中文' },
    theme: 'Appearance',
    themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
    sendKey: 'Send a reply with',
    sendKeys: { enter: 'Enter', 'mod-enter': 'Ctrl + Enter' },
    sendKeysMac: { enter: 'Return', 'mod-enter': '⌘ + Return' },
    sound: 'Sound',
    soundText: 'A short tone when a visitor writes.',
    notify: 'Notifications of this window',
    notifyText: 'While the inbox is open but not in front.',
    notifyDenied: 'Not allowed by this browser. You can allow it in the site’s settings.',
    push: 'Notifications on this device',
    pushText: 'Also when the inbox is closed.',
    pushUnsupported:
      'This browser cannot do this here. It takes https and a browser with Web Push.',
    pushFailed: 'This browser could not be subscribed. Please try again later.',
    pushBlocked: 'Not allowed by this browser. You can allow it in the site’s settings.',
    assistant: 'Assistant',
    /** By what `ANSWERER` names. */
    answerers: {
      retrieval: 'It answers from your posts, without a language model.',
      openai: 'A language model answers from your posts.',
      http: 'Your question-answering service answers.',
    } as Readonly<Record<string, string>>,
    noAssistant: 'No assistant answers here: visitors write to you alone.',
    notReady: 'It cannot answer just now.',
    answererUnknown: 'The server does not say just now who answers.',
    /** Numbers are written already. */
    tokens: (model: string, today: string, perDay: string | undefined) =>
      perDay === undefined
        ? `Language model (${model}): ${today} tokens today, without a limit`
        : `Language model (${model}): ${today} of ${perDay} tokens today`,
    guarded: (count: string, one: boolean) =>
      one ? '1 answer without it' : `${count} answers without it`,
    shortcuts: 'Keyboard shortcuts',
    canned: 'Canned replies',
    notKept: 'This browser keeps no settings: they last until the page is closed.',
    logOut: 'Log out',
    logOutEverywhere: 'Log out everywhere',
    everywhereTitle: 'Log out everywhere?',
    everywhereText:
      'Every browser that is logged in to this inbox, this one included, has to log in again.',
    version: (version: string) => `contact-chat ${version}`,
  },

  confirm: {
    type: (word: string) => `Type ${word} to confirm`,
  },

  toast: { dismiss: 'Dismiss', label: 'Messages of the inbox' },

  failed: {
    banner: (count: number) =>
      count === 1 ? '1 notice did not reach you.' : `${count} notices did not reach you.`,
    show: 'See why',
    title: 'Notices that did not arrive',
    intro:
      'The server tried for a day and gave up. The conversations themselves are safe; only word of them did not get through.',
    channel: 'Channel',
    attempts: (count: number) => (count === 1 ? '1 attempt' : `${count} attempts`),
    open: 'Open conversation',
    retry: 'Try all again',
    dismiss: 'Dismiss all',
    retried: 'The notices are being sent again.',
    none: 'Everything has been sent.',
    reasons: {
      human_request: 'A visitor asked for you',
      contact_request: 'Contact request',
      visitor_message: 'A message from a visitor',
      assistant_unsure: 'The assistant was unsure',
    } as Readonly<Record<string, string>>,
  },

  markdown: {
    empty: 'Nothing to preview yet.',
  },

  notice: {
    /** Title of a desktop notification. */
    wrote: (name: string) => `${name} wrote`,
    title: (count: number, inbox: string) => (count > 0 ? `(${count}) ${inbox}` : inbox),
  },

  boot: {
    failed: 'The inbox could not be started.',
    connecting: 'Connecting…',
  },
};

export type FrameWords = typeof frameEn;
