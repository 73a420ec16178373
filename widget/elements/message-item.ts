import { html, nothing, type TemplateResult } from 'lit';
import { clockTime } from '../format-time.ts';
import type { Words } from '../lang/en.ts';
import { readSources } from '../state/citation.ts';
import type { Entry } from '../state/timeline.ts';
import { icons } from './icons.ts';
import { richText } from './rich-text.ts';

export interface ItemContext {
  readonly words: Words;
  readonly ownerName: string;
  readonly readByOwner: number;
  /** There is a session; without one a message waits rather than travels. */
  readonly connected: boolean;
  /** The server will have nothing from this visitor: what waits is not going to be sent. */
  readonly refused: boolean;
  /** What the assistant or the owner says, and whether more of it is to come. */
  text(entry: Entry): readonly [text: TemplateResult, growing: boolean];
  /** What can be done with a whole answer. */
  actions(entry: Entry): TemplateResult | typeof nothing;
  retry(id: string): void;
  discard(id: string): void;
}

/** First letter of a name, as a reader counts letters. */
export const initial = (name: string): string => [...name.trim()][0]?.toUpperCase() ?? '·';

const time = (entry: Entry, words: Words): TemplateResult | typeof nothing =>
  entry.atMs > 0
    ? html`<time datetime=${new Date(entry.atMs).toISOString()}
        >${clockTime(entry.atMs, words.tag)}</time
      >`
    : nothing;

function delivery(
  entry: Entry,
  last: boolean,
  context: ItemContext,
): TemplateResult | typeof nothing {
  const { words } = context;
  if (entry.delivery === 'failed' || (context.refused && entry.delivery === 'sending')) {
    return html`<div class="small meta bad">
      <span>${words.notSent}${entry.failure ? html` · ${entry.failure}` : nothing}</span>
      <button @click=${() => context.retry(entry.id)}>${words.tryAgain}</button>
      <button @click=${() => context.discard(entry.id)}>${words.discard}</button>
    </div>`;
  }
  if (entry.delivery === 'sending') {
    return html`<div class="small meta">${context.connected ? words.sending : words.waiting}</div>`;
  }
  if (!last) return nothing;
  const seen = entry.seq !== undefined && entry.seq <= context.readByOwner;
  return html`<div class="small meta">
    ${time(entry, words)}
    ${
      seen
        ? html`<span>· ${words.seen}</span>`
        : html`${icons.check}<span class="hide">${words.sent}</span>`
    }
  </div>`;
}

function visitorItem(
  entry: Entry,
  first: boolean,
  last: boolean,
  context: ItemContext,
): TemplateResult {
  const { words } = context;
  const contact = entry.kind === 'contact_request';
  return html`<div
      class="message visitor ${entry.delivery} ${first ? '' : 'grouped'}"
      part="message"
    >
      ${
        contact
          ? html`<div class="small meta">${words.contactLabel}</div>`
          : html`<span class="hide">${words.you}: </span>`
      }
      <div class="bubble">${richText(entry, entry.text)}</div>
      ${delivery(entry, last || contact, context)}
    </div>
    ${
      contact && entry.delivery === 'sent'
        ? html`<p class="small said">${words.contactReceived}</p>`
        : nothing
    }`;
}

function ownerItem(
  entry: Entry,
  first: boolean,
  last: boolean,
  context: ItemContext,
): TemplateResult {
  const { words } = context;
  const name = context.ownerName || words.owner;
  return html`<div class="message owner ${first ? '' : 'grouped'}" part="message">
    <div class=${first ? 'small name' : 'hide'}>
      <b>${name}</b>${entry.broadcast ? html`<span>· ${words.toEveryone}</span>` : nothing}
    </div>
    <div class="row">
      <div class="avatar warm" aria-hidden="true">${initial(name)}</div>
      <div class="bubble">${context.text(entry)[0]}</div>
    </div>
    ${last ? html`<div class="small meta">${time(entry, words)}</div>` : nothing}
  </div>`;
}

function assistantItem(entry: Entry, context: ItemContext): TemplateResult {
  const { words } = context;
  const sources = readSources(entry.citations, document.baseURI);
  const [text, growing] = context.text(entry);
  return html`<div
    class="message assistant"
    part="message"
    aria-live=${growing ? 'off' : nothing}
    aria-busy=${growing}
  >
    <div class="small name">
      ${icons.spark}<b>${words.assistant}</b>${growing ? nothing : time(entry, words)}
    </div>
    ${text}
    ${
      sources.length > 0
        ? html`<ul class="cards" aria-label=${words.sources}>
            ${sources.map(
              ({ post, heading, href }, index) =>
                html`<li class="small" data-label=${index === 1 ? words.alsoSee : ''}>
                  <a class="card" href=${href} target="_blank" rel="noopener">
                    <span
                      >${post}${heading ? html`<small class="small">${heading}</small>` : nothing}<span
                        class="hide"
                        >, ${words.newTab}</span
                      ></span
                    >${icons.next}
                  </a>
                </li>`,
            )}
          </ul>`
        : nothing
    }
    ${growing ? nothing : context.actions(entry)}
  </div>`;
}

/** One entry of the conversation; `first` and `last` tell its place in a group of one sender. */
export function messageItem(
  entry: Entry,
  first: boolean,
  last: boolean,
  context: ItemContext,
): TemplateResult {
  switch (entry.sender) {
    case 'visitor':
      return visitorItem(entry, first, last, context);
    case 'owner':
      return ownerItem(entry, first, last, context);
    case 'assistant':
      return assistantItem(entry, context);
    case 'system':
      return html`<p class="small said" part="message">
        ${entry.kind === 'notice' ? context.words.notices[entry.text] : entry.text}
      </p>`;
  }
}
