import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { ConversationJson } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import { excerptOf, fullTime, initialOf, relativeTime, visitorName } from '../format.ts';
import type { Words } from '../lang/choose.ts';
import { conversationHash } from '../route.ts';
import { avatars } from '../styles/avatars.ts';
import { base, rows } from '../styles/controls.ts';
import { labels } from '../styles/labels.ts';

/** One conversation in the list; always `rowPx` high, whatever it says. */
export class InboxRow extends LitElement {
  static override styles = [
    base,
    rows,
    avatars,
    labels,
    css`
      :host {
        display: block;
        height: 100%;
      }
      .row {
        display: grid;
        grid-template: 22px auto / 40px minmax(0, 1fr) auto;
        align-content: start;
        gap: 0 12px;
        height: 100%;
        padding: 11px 16px 0;
        border-radius: 0;
        color: inherit;
        text-decoration: none;
        font-size: var(--text-m);
        line-height: 20px;
        transition: background-color var(--quick) ease-out;
      }
      .avatar {
        grid-row: 1 / 3;
      }
      [aria-current] .avatar {
        background: color-mix(in srgb, var(--accent) 26%, var(--paper));
      }
      .name {
        font-size: var(--text-l);
        font-weight: 600;
        line-height: 22px;
      }
      .said {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        overflow: hidden;
        color: var(--ink-2);
        overflow-wrap: anywhere;
      }
      .said.one {
        -webkit-line-clamp: 1;
        word-break: break-all;
      }
      .unread .said {
        color: var(--ink);
      }
      .when {
        line-height: 22px;
        text-align: end;
        white-space: nowrap;
      }
      .badge {
        justify-self: end;
        margin-top: 1px;
      }
      .moved .name,
      .moved .said {
        color: var(--ink-2);
        font-weight: 400;
      }
      .moved .avatar {
        background: var(--sunken);
        color: var(--ink-2);
      }
      .moved .tag {
        background: var(--paper);
      }
      .row:focus-visible {
        border-radius: var(--radius);
        outline-offset: -3px;
      }
      .tags {
        display: flex;
        gap: 6px;
        height: 24px;
        align-items: flex-end;
      }
    `,
  ];
  static override properties = {
    conversation: { attribute: false },
    words: { attribute: false },
    nowMs: { attribute: false },
    current: { attribute: false },
    moved: { attribute: false },
    reachable: { attribute: false },
  };

  declare conversation: ConversationJson;
  declare words: Words;
  declare nowMs: number;
  /** It is open. */
  declare current: boolean;
  /** It has left the view in whose list it stands, until the owner leaves it. */
  declare moved: boolean;
  /** The one row that Tab leads to. */
  declare reachable: boolean;

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('a')?.focus(options);
  }

  protected override render(): TemplateResult {
    const { conversation, words, nowMs, current, reachable } = this;
    const { id, online, unread, blocked, waiting, rated_down, updated_at: at } = conversation;
    const wants = !blocked && !this.moved;
    const ratedDown = wants && conversation.view !== 'done' && rated_down !== undefined;
    const reason = wants ? waiting : undefined;
    const hasTag = reason !== undefined || ratedDown || blocked || this.moved;
    const badge = wants ? unread : 0;
    return html`<a
      class="row ${badge > 0 ? 'unread' : ''} ${this.moved ? 'moved' : ''}"
      href=${conversationHash(id)}
      tabindex=${reachable ? 0 : -1}
      aria-current=${current ? 'true' : nothing}
      draggable="false"
    >
      <span class="avatar" aria-hidden="true">
        ${initialOf(conversation)}${online ? html`<i class="dot"></i>` : nothing}
      </span>
      <span class="name clip"
        ><bdi>${visitorName(conversation, words)}</bdi>${
          online ? html`<span class="hide">, ${words.online}</span>` : nothing
        }</span
      >
      <time class="when small" datetime=${at} title=${fullTime(at, words.tag)}
        >${relativeTime(at, nowMs, words)}</time
      >
      <span>
        <span class="said ${hasTag ? 'one' : ''}" dir="auto">${this.#said()}</span>
        ${
          hasTag
            ? html`<span class="tags">
                ${
                  reason
                    ? html`<span class="tag ${reason}">${words.reasons[reason]}</span>`
                    : nothing
                }
                ${ratedDown ? html`<span class="tag">${words.list.ratedDown}</span>` : nothing}
                ${blocked ? html`<span class="tag">${words.blocked}</span>` : nothing}
                ${
                  this.moved
                    ? html`<span class="tag"
                        >${words.list.nowIn(words.views[conversation.view])}</span
                      >`
                    : nothing
                }
              </span>`
            : nothing
        }
      </span>
      ${
        badge > 0
          ? html`<span class="badge"
              ><span aria-hidden="true">${badge > 99 ? '99+' : badge}</span
              ><span class="hide">${words.unread(badge)}</span></span
            >`
          : html`<span></span>`
      }
    </a>`;
  }

  #said(): string {
    const { words } = this;
    const { last_message: last, last_visitor_message: theirs } = this.conversation;
    // Who waits is told apart by what they said, not by what the assistant said to all of them.
    const message = theirs ?? last;
    if (!message) return words.list.noMessage;
    const text = excerptOf(message.message);
    switch (message.sender) {
      case 'owner':
        return words.list.noteToSelf(words.you, text);
      case 'assistant':
        return words.list.noteToSelf(words.assistantName, text);
      case 'visitor':
      case 'system':
        return text;
    }
  }
}

register('inbox-row', InboxRow);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-row': InboxRow;
  }
}
