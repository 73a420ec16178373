/**
 * The element as a class, for those who register it themselves or extend it. Importing this does
 * nothing; `contact-chat/define` registers `<contact-chat>`.
 */
export { ContactChat } from './contact-chat.ts';
export type { Status } from './chat-state.ts';
export { registerParts } from './register-parts.ts';
export type { Identity } from '../shared/protocol.ts';
