import { en } from './en.ts';

/** Sentences of the views that few visitors see, loaded with them. */
export const enRare = {
  contactTitle: 'Write to the owner',
  contactLead: 'The owner is notified and answers here, or by e-mail if you leave an address.',
  contactMessage: 'Message',
  contactName: 'Name',
  contactEmail: 'E-mail',
  optional: 'optional',
  contactSend: 'Send to the owner',
  back: 'Back',
  messageMissing: 'Please write a message.',
  emailWrong: 'This does not look like an e-mail address.',
  nameLong: 'Please use at most 100 characters.',
  eraseAsk:
    'Erase all messages of this conversation, here and on the server? This cannot be undone.',
  eraseYes: 'Erase',
  eraseOffline: 'This needs a connection.',
  keep: 'Keep them',
  tooLong: en.tooLong,
};

export type RareWords = typeof enRare;
