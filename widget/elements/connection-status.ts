import { html, nothing, type TemplateResult } from 'lit';
import type { ChatState } from '../chat-state.ts';
import type { Words } from '../lang/en.ts';
import type { Wishes } from './part-element.ts';

/** Whatever is wrong with the connection, in words; nothing while nothing is. */
export function connectionStatus(chat: ChatState, words: Words, wishes: Wishes): TemplateResult {
  const stopped = chat.status === 'stopped';
  const text = stopped
    ? (words.closed[chat.closeCode ?? 0] ?? words.ended)
    : [chat.full && words.full, words.trouble[chat.status]].filter(Boolean).join(' ');
  return html`<div role="status">
      ${
        text
          ? html`<p class="banner">
              ${text}
              ${
                stopped
                  ? html`<button class="link" @click=${wishes.connect}>${words.reconnect}</button>`
                  : nothing
              }
            </p>`
          : nothing
      }
    </div>
    ${chat.durable ? nothing : html`<p class="banner quiet">${words.notKept}</p>`}`;
}
