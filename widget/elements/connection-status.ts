import { html, nothing, type TemplateResult } from 'lit';
import { closeCodes } from '../../shared/close-codes.ts';
import { isRefusal, type ChatState } from '../chat-state.ts';
import type { Words } from '../lang/en.ts';
import type { Wishes } from './part-element.ts';

function stoppedWords(code: number | undefined, words: Words): string {
  if (code === closeCodes.badIdentity) return words.badIdentity;
  if (code === closeCodes.replaced) return words.replaced;
  return isRefusal(code) ? words.forbidden : words.ended;
}

function sentence({ status, closeCode }: ChatState, words: Words): string | undefined {
  switch (status) {
    case 'idle':
    case 'connecting':
    case 'online':
      return undefined;
    case 'reconnecting':
    case 'offline':
    case 'unreachable':
      return words[status];
    case 'stopped':
      return stoppedWords(closeCode, words);
  }
}

/** Whatever is wrong with the connection, in words; nothing while nothing is. */
export function connectionStatus(chat: ChatState, words: Words, wishes: Wishes): TemplateResult {
  const text = sentence(chat, words);
  return html`<div role="status">
      ${
        text
          ? html`<p class="banner">
              ${text}
              ${
                chat.status === 'stopped'
                  ? html`<button class="link" type="button" @click=${wishes.connect}>
                      ${words.reconnect}
                    </button>`
                  : nothing
              }
            </p>`
          : nothing
      }
    </div>
    ${chat.durable ? nothing : html`<p class="banner quiet">${words.notKept}</p>`}`;
}
