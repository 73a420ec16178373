import type { Chat } from './chat-state.ts';
import type { View, Wishes } from './elements/part-element.ts';

/** Grants what the visitor wants. */
export function createWishes(
  chat: () => Chat,
  show: (view: View) => void,
  close: () => void,
): Wishes {
  return {
    send(text, taken) {
      chat().typing(false);
      // Sent first: whatever happens in between, the text is kept once at least.
      if (!chat().send(text) || !taken) return;
      chat().setDraft('');
      taken();
    },
    draft(text) {
      chat().setDraft(text);
      chat().typing(text !== '');
    },
    contact(request) {
      if (chat().sendContact(request)) show('chat');
    },
    retry: (id) => chat().retry(id),
    discard: (id) => chat().discard(id),
    tell(message, told) {
      if (chat().tell(message)) told();
    },
    older: () => chat().loadOlder(),
    show,
    erase() {
      chat().erase();
      show('chat');
    },
    handBack: () => chat().handBack(),
    connect: () => chat().start(),
    close,
  };
}
