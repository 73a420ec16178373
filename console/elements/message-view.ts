/** How single messages, notes and what is on its way look; used by `inbox-messages`. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Note } from '../../shared/console-protocol.ts';
import { richText } from '../../widget/elements/rich-text.ts';
import { clockTime } from '../../widget/format-time.ts';
import { readSources } from '../../widget/state/citation.ts';
import { fullTime } from '../format.ts';
import type { Words } from '../lang/choose.ts';
import type { Message, Pending } from '../state/conversation.ts';
import { answerLabels } from './answer-labels.ts';
import { icons } from './icons.ts';

export interface MessageContext {
  readonly words: Words;
  /** Letter of the visitor. */
  readonly initial: string;
  readonly readByVisitor: number;
  /** The line stands; without one a reply waits rather than travels. */
  readonly live: boolean;
  /** Questions that a message answers, where they do not stand right above it. */
  asked(message: Message): readonly string[];
  /** What is not the visitor's, in Markdown; `said` is read once. */
  markdown(said: { readonly id: string }, text: string): TemplateResult;
  retry(id: string): void;
  discard(id: string): void;
  removeNote(id: string): void;
}

const time = (iso: string, words: Words): TemplateResult =>
  html`<time datetime=${iso} title=${fullTime(iso, words.tag)}
    >${clockTime(Date.parse(iso), words.tag)}</time
  >`;

function visitorMessage(
  message: Message,
  last: boolean,
  { words, initial }: MessageContext,
): TemplateResult {
  const contact = message.kind === 'contact_request';
  return html`<div class="line">
      <div class="avatar little ${last ? '' : 'unseen'}" aria-hidden="true">${initial}</div>
      <div class="bubble">
        <span class="hide">${words.person.visitor}: </span>
        ${contact ? html`<p class="mark">${words.talk.contactRequest}</p>` : nothing}
        ${richText(message, message.message)}
      </div>
    </div>
    ${last ? html`<div class="small meta">${time(message.timestamp, words)}</div>` : nothing}`;
}

function ownerMessage(
  message: Message,
  last: boolean,
  { words, readByVisitor, markdown }: MessageContext,
): TemplateResult {
  const seen = message.seq <= readByVisitor;
  return html`<div class="bubble">
      <span class="hide">${words.you}: </span>${markdown(message, message.message)}
    </div>
    ${
      last
        ? html`<div class="small meta">
            ${time(message.timestamp, words)}
            <span>· ${seen ? words.talk.seen : words.talk.delivered}</span>
          </div>`
        : nothing
    }`;
}

function assistantMessage(
  message: Message,
  { words, markdown, asked }: MessageContext,
): TemplateResult {
  const sources = readSources(message.citations ?? [], document.baseURI);
  return html`<div class="card">
    <div class="small who">
      ${icons.spark}<b>${words.assistantName}</b> ${time(message.timestamp, words)}
    </div>
    ${markdown(message, message.message)}
    ${
      sources.length > 0
        ? html`<ul class="sources" aria-label=${words.talk.sources}>
            ${sources.map(
              ({ post, heading, href }) =>
                html`<li>
                  <a href=${href} target="_blank" rel="noopener nofollow"
                    ><span>${post}${heading ? ` › ${heading}` : ''}</span
                    ><span class="hide">, ${words.talk.newTab}</span>${icons.external}</a
                  >
                </li>`,
            )}
          </ul>`
        : nothing
    }
    ${answerLabels(message, words, message.feedback === undefined ? [] : asked(message))}
  </div>`;
}

/** One message; `last` in a group of one sender. */
export function messageView(
  message: Message,
  last: boolean,
  context: MessageContext,
): TemplateResult {
  switch (message.sender) {
    case 'visitor':
      return visitorMessage(message, last, context);
    case 'owner':
      return ownerMessage(message, last, context);
    case 'assistant':
      return assistantMessage(message, context);
    case 'system':
      return html`<p class="small said">
        ${message.message} · ${time(message.timestamp, context.words)}
      </p>`;
  }
}

export const noteView = (
  note: Note,
  { words, markdown, removeNote }: MessageContext,
): TemplateResult =>
  html`<div class="note">
    <div class="note-text">
      <b>${words.talk.note}</b> · ${words.talk.noteText}${markdown(note, note.message)}
    </div>
    <span class="small">${time(note.timestamp, words)}</span>
    <button
      class="icon"
      aria-label=${words.talk.deleteNote}
      title=${words.talk.deleteNote}
      @click=${() => removeNote(note.id)}
    >
      ${icons.trash}
    </button>
  </div>`;

export function pendingView(
  pending: Pending,
  { words, live, markdown, retry, discard }: MessageContext,
): TemplateResult {
  const { failure, id } = pending;
  const state =
    failure === undefined
      ? html`<div class="small meta" role=${pending.delayed ? 'status' : nothing}>
          ${live ? (pending.delayed ? words.talk.delayed : words.talk.sending) : words.talk.waiting}
        </div>`
      : html`<div class="small meta bad" role="alert">
          <span>${words.talk.notSent}${failure ? html` · ${failure}` : nothing}</span>
          <button class="link" @click=${() => retry(id)}>${words.tryAgain}</button>
          <button class="link" @click=${() => discard(id)}>${words.talk.discard}</button>
        </div>`;
  return pending.kind === 'note'
    ? html`<div class="note">
          <div class="note-text"><b>${words.talk.note}</b> ${markdown(pending, pending.text)}</div>
        </div>
        ${state}`
    : html`<div class="bubble">
          <span class="hide">${words.you}: </span>${markdown(pending, pending.text)}
        </div>
        ${state}`;
}
