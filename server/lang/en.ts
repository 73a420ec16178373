import type { Sentences } from './sentences.ts';

export const en: Sentences = {
  lang: 'en',
  connected: 'WebSocket connection established',
  chatMessageReceived: 'Message received',
  contactRequestReceived: 'Your request has arrived; the owner will reply as soon as possible',
  answerFailed: 'Sorry, I cannot handle your request right now. Please try again later.',
  ownerNotified:
    'All right, I have told the owner, who will answer you here. I will stay silent until then.',
  ownerUnreachable:
    'Sorry, there is no way to reach the owner at the moment. You can go on asking me; I answer from the posts.',
  nobodyThere:
    'Sorry, there is no way to tell the owner at the moment. Your messages are kept, and the owner can read them later.',
  sources: 'Sources:',
  errors: {
    invalidJson: 'The message is not valid JSON',
    notAnObject: 'The message must be a JSON object',
    invalidField: (field) => `The field ${field} is missing or not valid`,
    unknownType: (type) => `Unknown message type: ${type}`,
    messageTooLong: (limit) => `The message is too long: at most ${limit} characters`,
    frameTooLarge: (limit) => `The frame is too large: at most ${limit} bytes`,
    binaryUnsupported: 'Binary messages are not supported; send JSON text',
    rateLimited: (seconds) => `Too many messages; please try again in ${seconds} s`,
    helloTwice: 'hello may be sent only once on a connection',
    helloTooLate: 'hello must be sent before the first message',
    helloNeeded: 'Send hello first',
    unknownAnswer: 'There is no such answer to rate',
    idConflict: 'This message id was already used for another message',
    storeUnavailable: 'The message cannot be stored right now; please try again',
    overloaded: 'The server is busy; please try again later',
    internal: 'Something went wrong on the server; please try again',
  },
};
