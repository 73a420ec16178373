import type { NoticeReason } from '../ports.ts';
import type { NoticeWords } from './notice-words.ts';

function headline(reason: NoticeReason, name: string | undefined): string {
  switch (reason) {
    case 'contact_request':
      return `New contact request from ${name ?? 'a visitor'}`;
    case 'human_request':
      return `${name ?? 'A visitor'} asks for you`;
    case 'visitor_message':
      return `New message from ${name ?? 'a visitor'}`;
  }
}

export const en: NoticeWords = {
  lang: 'en',
  headline,
  visitor: 'a visitor',
  wordless: '(asked for you without writing a message)',
  from: 'From',
  page: 'Page',
  language: 'Language',
  browser: 'Browser',
  earlier: (count, since) =>
    `… and ${count} more ${count === 1 ? 'message' : 'messages'} since ${since}`,
  heldBack: (count, since) =>
    count === 1
      ? `1 more message has been waiting since ${since} and follows`
      : `${count} more messages have been waiting since ${since} and follow`,
  answer: 'Read and answer',
  colon: ': ',
};
