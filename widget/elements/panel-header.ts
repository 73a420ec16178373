import { html, type TemplateResult } from 'lit';
import type { ChatState } from '../chat-state.ts';
import type { Words } from '../lang/en.ts';
import { icons } from './icons.ts';
import { initial } from './message-item.ts';
import type { Wishes } from './part-element.ts';

function stateWords(chat: ChatState, words: Words): string {
  if (chat.status === 'offline' || chat.status === 'stopped') return words.notConnected;
  if (chat.status !== 'online') return words.connecting;
  if (chat.answering === 'assistant') {
    return chat.owner.online ? words.assistantOwnerOnline : words.assistantOwnerAway;
  }
  if (chat.owner.online) return words.ownerOnline;
  return chat.answering === 'owner' ? words.ownerAway : words.nobodyAnswers;
}

const left = (event: FocusEvent): void => {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (!menu.contains(event.relatedTarget as Node | null)) menu.open = false;
};

/** Closes the menu of a panel if it is open; tells whether it was. */
export function closeMenu(panel: ParentNode): boolean {
  const menu = panel.querySelector<HTMLDetailsElement>('details[open]');
  if (!menu) return false;
  menu.open = false;
  menu.querySelector('summary')?.focus();
  return true;
}

/** Who is here, and the few things that can be done with the conversation as a whole. */
export function panelHeader(
  heading: string | null,
  chat: ChatState,
  words: Words,
  wishes: Wishes,
): TemplateResult {
  const owner = chat.answering === 'owner';
  const ownTitle = heading || (chat.assistant ? words.title : words.titleNoAssistant);
  const title = owner ? chat.owner.name || words.owner : ownTitle;
  const good = chat.status === 'online' && (chat.answering === 'assistant' || chat.owner.online);
  return html`<header class="header" part="header">
    <div class="avatar ${owner ? 'warm' : ''}" aria-hidden="true">
      ${owner || heading ? initial(title) : icons.bubble}
    </div>
    <div class="who">
      <h2 class="title" id="cc-title">${title}</h2>
      <p class="small state ${good ? 'good' : ''}">${stateWords(chat, words)}</p>
    </div>
    <details @focusout=${left}>
      <summary class="icon" aria-label=${words.menu}>${icons.more}</summary>
      <button class="menu" @click=${() => wishes.show('erase')}>${words.erase}</button>
    </details>
    <button class="icon" aria-label=${words.close} @click=${wishes.close}>${icons.close}</button>
  </header>`;
}
