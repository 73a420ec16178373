/** Registers `<contact-chat>` and its parts; loading it twice is harmless. */
import { ContactChat } from './contact-chat.ts';
import { registerParts } from './register-parts.ts';
import { register } from './register.ts';

registerParts();
register('contact-chat', ContactChat);

declare global {
  interface HTMLElementTagNameMap {
    'contact-chat': ContactChat;
  }
}
