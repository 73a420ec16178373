import type { Chat } from './chat-state.ts';
import type { View, Wishes } from './elements/part-element.ts';

/** Grants what the visitor wants. */
export function createWishes(
  chat: () => Chat,
  show: (view: View) => void,
  close: () => void,
): Wishes {
  return {
    send(text) {
      chat().typing(false);
      chat().setDraft('');
      chat().send(text);
    },
    draft(text) {
      chat().setDraft(text);
      chat().typing(text !== '');
    },
    contact(request) {
      chat().sendContact(request);
      show('chat');
    },
    retry: (id) => chat().retry(id),
    discard: (id) => chat().discard(id),
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
