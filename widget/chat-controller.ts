/**
 * Ties a conversation to an element's life: listens to the browser while the element is in a
 * page, and lets go of the connection when it has been taken out for good.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { createChat } from './chat.ts';
import type { Chat, ChatOptions } from './chat-state.ts';
import type { Environment } from './environment.ts';

/** Frameworks move elements by taking them out and putting them in again: that costs no socket. */
const movePatienceMs = 1_000;

export interface ChatController extends ReactiveController {
  readonly chat: Chat;
  /** Connects, and connects again whenever the element comes back into a page. */
  start(): void;
  /** Changes to another server; what belongs to the old one stays on the device. */
  use(server: string): void;
}

export interface ChatControllerOptions extends Omit<ChatOptions, 'onChange'> {
  readonly environment: Environment;
}

export function createChatController(
  host: ReactiveControllerHost,
  options: ChatControllerOptions,
): ChatController {
  const { environment } = options;
  let server = options.server;
  let wanted = false;
  let listening: AbortController | undefined;
  let cancelStop = (): void => undefined;

  const create = (): Chat => {
    // An old conversation that still reports something must not redraw a new one.
    const made: Chat = createChat({
      ...options,
      server,
      onChange: () => made === chat && host.requestUpdate(),
      onNews: (news) => made === chat && options.onNews(news),
    });
    return made;
  };
  let chat: Chat | undefined;
  const current = (): Chat => (chat ??= create());

  const controller: ChatController = {
    get chat() {
      return current();
    },
    start() {
      wanted = true;
      current().start();
    },
    use(next) {
      if (next === server) return;
      server = next;
      chat?.stop();
      chat = undefined;
      if (wanted) current().start();
      host.requestUpdate();
    },
    hostConnected() {
      cancelStop();
      if (!listening) {
        listening = new AbortController();
        environment.listen((signal) => chat?.signal(signal), listening.signal);
      }
      if (wanted) current().start();
    },
    hostDisconnected() {
      cancelStop();
      cancelStop = environment.after(movePatienceMs, () => {
        listening?.abort();
        listening = undefined;
        chat?.stop();
      });
    },
  };
  host.addController(controller);
  return controller;
}
