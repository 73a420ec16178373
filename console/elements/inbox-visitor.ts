import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { ConversationJson } from '../../shared/console-protocol.ts';
import { safeLink } from '../../widget/addresses.ts';
import { register } from '../../widget/register.ts';
import {
  browserName,
  dateAndTime,
  durationSince,
  fullTime,
  languageName,
  pageTitle,
  visitorName,
} from '../format.ts';
import type { Words } from '../lang/choose.ts';
import { base, buttons } from '../styles/controls.ts';
import { ask } from './ask.ts';
import { icons } from './icons.ts';

/**
 * Who the visitor is and where. Asks: `inbox-block`, `inbox-unblock`, `inbox-remove`,
 * `inbox-visitor-close`.
 */
export class InboxVisitor extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 24px;
        padding: 20px 20px 12px;
        overflow-y: auto;
        background: var(--paper);
        overflow-wrap: anywhere;
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin: -8px -8px -12px 0;
        font-weight: 600;
      }
      h3 {
        margin-bottom: 8px;
        color: var(--ink-2);
        font-size: 12px;
        font-weight: 600;
        letter-spacing: 0.04em;
        line-height: 1.4;
        text-transform: uppercase;
      }
      .page {
        display: block;
        padding: 10px 13px;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        color: inherit;
        font-size: var(--text-m);
        text-decoration: none;
      }
      a.page:hover {
        border-color: var(--accent);
      }
      .title {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
        overflow: hidden;
      }
      .page small {
        display: block;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(84px, auto) minmax(0, 1fr);
        gap: 7px 12px;
        font-size: var(--text-m);
      }
      dt {
        color: var(--ink-2);
      }
      dd a {
        font-size: inherit;
      }
      .warning {
        padding: 10px 13px;
        border-radius: var(--radius-l);
        background: var(--warn-paper);
        color: var(--warn);
        font-size: var(--text-m);
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        margin-top: auto;
        padding-top: 8px;
        font-size: var(--text-m);
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    conversation: { attribute: false },
    nowMs: { attribute: false },
    closable: { attribute: false },
  };

  declare words: Words;
  declare conversation: ConversationJson;
  declare nowMs: number;
  /** It lies over the conversation, with a button that closes it. */
  declare closable: boolean;

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.icon')?.focus();
  }

  protected override render(): TemplateResult {
    const { words, conversation } = this;
    const { act, person } = words;
    const failed = conversation.failed_notices;
    return html`${
        this.closable
          ? html`<div class="head">
              <span>${words.talk.showVisitor}</span>
              <button
                class="icon"
                aria-label=${words.close}
                @click=${() => ask(this, 'inbox-visitor-close')}
              >
                ${icons.close}
              </button>
            </div>`
          : nothing
      }
      ${this.#page()}
      <section>
        <h3>${person.visitor}</h3>
        <dl>${this.#facts()}</dl>
      </section>
      ${
        failed && failed.count > 0
          ? html`<section>
              <h3>${person.notices}</h3>
              <div class="warning">
                <b>${person.noticesFailed(failed.count)}</b>
                <div>${failed.error}</div>
              </div>
            </section>`
          : nothing
      }
      <div class="foot">
        <button
          class="link ${conversation.blocked ? '' : 'danger'}"
          @click=${() => ask(this, conversation.blocked ? 'inbox-unblock' : 'inbox-block')}
        >
          ${conversation.blocked ? act.unblock : act.block}
        </button>
        <button class="link danger" @click=${() => ask(this, 'inbox-remove')}>${act.remove}</button>
      </div>`;
  }

  #page(): TemplateResult | typeof nothing {
    const { words, nowMs } = this;
    const { person } = words;
    const { page, online, online_since: since } = this.conversation;
    if (!page) return nothing;
    const href = safeLink(page.url, document.baseURI);
    const content = html`<bdi class="title">${pageTitle(page, words)}</bdi>
      <small class="small"
        >${
          online && since
            ? html`<time datetime=${since}>${durationSince(since, nowMs, words)}</time>`
            : page.url.replace(/^https?:\/\//, '')
        }</small
      >`;
    return html`<section>
      <h3>${online ? person.readingNow : person.lastPage}</h3>
      ${
        href
          ? html`<a class="page" href=${href} target="_blank" rel="noopener nofollow"
              >${content}<span class="hide">, ${words.talk.newTab}</span></a
            >`
          : html`<div class="page">${content}</div>`
      }
    </section>`;
  }

  #facts(): TemplateResult[] {
    const { words, conversation, nowMs } = this;
    const { person } = words;
    const { name, email, user, lang, user_agent: agent } = conversation;
    const time = (iso: string): TemplateResult =>
      html`<time datetime=${iso} title=${fullTime(iso, words.tag)}
        >${dateAndTime(iso, nowMs, words)}</time
      >`;
    const facts: readonly (readonly [string, unknown])[] = [
      [person.name, name ? visitorName(conversation, words) : person.notGiven],
      [
        person.email,
        email
          ? html`<a href="mailto:${email.replace(/[^\w@.+-]/gu, encodeURIComponent)}">${email}</a>`
          : person.notLeft,
      ],
      ...(user ? [[person.user, `${user} · ${person.verified}`] as const] : []),
      [person.language, lang ? languageName(lang, words.tag) : person.unknown],
      [
        person.browser,
        agent ? html`<span title=${agent}>${browserName(agent, words)}</span>` : person.unknown,
      ],
      [person.firstSeen, time(conversation.created_at)],
      [person.lastSeen, time(conversation.updated_at)],
    ];
    return facts.map(
      ([term, fact]) =>
        html`<dt>${term}</dt>
          <dd dir="auto">${fact}</dd>`,
    );
  }
}

register('inbox-visitor', InboxVisitor);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-visitor': InboxVisitor;
  }
}
