/** Views that few visitors ask for, loaded when one does. */
import { ContactForm } from './elements/contact-form.ts';
import { EraseQuestion } from './elements/erase-question.ts';
import { register } from './register.ts';

export function registerRareViews(): void {
  register('contact-chat-form', ContactForm);
  register('contact-chat-erase', EraseQuestion);
}
