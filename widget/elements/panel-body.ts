import { html, nothing, type TemplateResult } from 'lit';
import type { ChatState } from '../chat-state.ts';
import type { Words } from '../lang/en.ts';
import { connectionStatus } from './connection-status.ts';
import { panelHeader } from './panel-header.ts';
import type { View, Wishes } from './part-element.ts';

/** Texts that the page may choose. */
export interface OwnTexts {
  readonly heading: string | null;
  readonly greeting: string | null;
  readonly questions: string | null;
}

const mostQuestions = 3;

const welcome = (own: OwnTexts, chat: ChatState, words: Words): TemplateResult =>
  html`<h2 class="lead">${chat.assistant ? words.welcome : words.welcomeNoAssistant}</h2>
    <p>${own.greeting || (chat.assistant ? words.greeting : words.greetingNoAssistant)}</p>`;

function questionChips(own: OwnTexts, chat: ChatState, words: Words, wishes: Wishes): unknown {
  const questions = (own.questions ?? '')
    .split('|')
    .map((question) => question.trim())
    .filter(Boolean)
    .slice(0, mostQuestions);
  if (chat.timeline.entries.length > 0 || !chat.assistant || questions.length === 0) return nothing;
  return html`<ul class="chips" aria-label=${words.questions}>
    ${questions.map(
      (text) =>
        html`<li>
          <button class="chip" @click=${() => wishes.send(text)}>${text}</button>
        </li>`,
    )}
  </ul>`;
}

/** The panel's content: the conversation, the form to the owner, or the question before erasing. */
export function panelBody(
  own: OwnTexts & { readonly isOpen: boolean },
  view: View,
  chat: ChatState,
  words: Words,
  wishes: Wishes,
): TemplateResult {
  const writing = view === 'contact';
  return html`${panelHeader(own.heading, chat, words, wishes)}
    ${connectionStatus(chat, words, wishes)}
    ${writing ? html`<contact-chat-form .tag=${words.tag}></contact-chat-form>` : nothing}
    <contact-chat-messages
      ?hidden=${writing}
      .chat=${chat}
      .words=${words}
      .open=${own.isOpen && !writing}
      .welcome=${welcome(own, chat, words)}
    ></contact-chat-messages>
    ${writing ? nothing : questionChips(own, chat, words, wishes)}
    ${
      view === 'erase'
        ? html`<contact-chat-erase
            .tag=${words.tag}
            .online=${chat.status === 'online'}
          ></contact-chat-erase>`
        : nothing
    }
    <contact-chat-composer
      part="composer"
      ?hidden=${view !== 'chat'}
      .words=${words}
      .draft=${chat.draft}
      .owner=${chat.answering === 'owner'}
      .assistant=${chat.assistant}
      .disabled=${chat.erasing}
    ></contact-chat-composer>`;
}
