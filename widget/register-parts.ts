import { MessageComposer } from './elements/message-composer.ts';
import { MessageList } from './elements/message-list.ts';
import { register } from './register.ts';

/** Registers the pieces of the panel, which `ContactChat` needs under whatever name it stands. */
export function registerParts(): void {
  register('contact-chat-messages', MessageList);
  register('contact-chat-composer', MessageComposer);
}
