import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { CannedReply, ConversationJson } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import { initialOf, pageTitle, visitorName } from '../format.ts';
import type { Draft, DraftKind } from '../drafts.ts';
import type { Words } from '../lang/choose.ts';
import type { Settings } from '../settings.ts';
import type { Conversation } from '../state/conversation.ts';
import { avatars } from '../styles/avatars.ts';
import { base, buttons } from '../styles/controls.ts';
import { labels } from '../styles/labels.ts';
import { ask } from './ask.ts';
import { icons } from './icons.ts';
import './inbox-composer.ts';
import './inbox-messages.ts';

/**
 * The open conversation: who it is and what can be done, the messages, and the reply. Asks:
 * `inbox-take-over`, `inbox-hand-back`, `inbox-done`, `inbox-reopen`, `inbox-back`,
 * `inbox-visitor-open`, and what its parts ask.
 */
export class InboxConversation extends LitElement {
  static override styles = [
    base,
    buttons,
    avatars,
    labels,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
        background: var(--paper);
      }
      header {
        display: flex;
        align-items: center;
        gap: 12px;
        min-height: 61px;
        padding: 10px 20px;
        border-bottom: 1px solid var(--line);
      }
      .who {
        flex: 1;
        min-width: 0;
      }
      h2 {
        font-size: var(--text-l);
        font-weight: 600;
        line-height: 1.3;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      h2:focus-visible {
        outline: 0;
        box-shadow: none;
      }
      .about {
        display: flex;
        align-items: center;
        gap: 7px;
        min-width: 0;
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
      }
      .about span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .about::before {
        content: '';
        flex: none;
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: color-mix(in srgb, var(--ink-2) 55%, transparent);
      }
      .about.online::before {
        background: var(--good);
      }
      .acts {
        display: flex;
        gap: 8px;
      }
      .button {
        white-space: nowrap;
      }
      inbox-messages {
        flex: 1;
      }
      .back {
        display: none;
      }
      @media (max-width: 760px) {
        header {
          flex-wrap: wrap;
          gap: 6px 8px;
          padding: 6px 8px;
        }
        .back {
          display: inline-flex;
        }
        .who {
          flex-basis: 40%;
        }
        .acts {
          order: 9;
          width: 100%;
          padding: 0 4px 4px;
        }
        .acts .button {
          flex: 1;
        }
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    talk: { attribute: false },
    conversation: { attribute: false },
    live: { attribute: false },
    loadingOlder: { attribute: false },
    seek: { attribute: false },
    draft: { attribute: false },
    replies: { attribute: false },
    ownerName: { attribute: false },
    assistant: { attribute: false },
    sendKey: { attribute: false },
    visitorShown: { attribute: false },
    alone: { attribute: false },
    nowMs: { attribute: false },
  };

  declare words: Words;
  declare talk: Conversation;
  /** Absent until it is known. */
  declare conversation: ConversationJson | undefined;
  declare live: boolean;
  declare loadingOlder: boolean;
  declare seek: number | undefined;
  declare draft: Draft | undefined;
  declare replies: readonly CannedReply[];
  declare ownerName: string;
  /** Whether there is one to hand back to. */
  declare assistant: boolean;
  declare sendKey: Settings['sendKey'];
  /** The pane about the visitor stands beside it: no button for it is needed. */
  declare visitorShown: boolean;
  /** It is all there is to be seen: its title is that of the page. */
  declare alone: boolean;
  declare nowMs: number;

  /** Leads the keyboard to the reply, or to a note. */
  write(kind: DraftKind): void {
    this.renderRoot.querySelector('inbox-composer')?.begin(kind);
  }

  /** Another tab has sent what was a draft here. */
  dropDraft(kind: DraftKind): void {
    this.renderRoot.querySelector('inbox-composer')?.drop(kind);
  }

  focusMessages(): void {
    this.renderRoot.querySelector('inbox-messages')?.focus();
  }

  focusVisitorButton(): void {
    this.renderRoot.querySelector<HTMLElement>('.about-visitor')?.focus();
  }

  focusTitle(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    const { words, talk, conversation } = this;
    const page = conversation?.page;
    const takesOver = conversation?.answering === 'assistant';
    return html`<header>
        <button
          class="icon back"
          aria-label=${words.talk.back}
          @click=${() => ask(this, 'inbox-back')}
        >
          ${icons.back}
        </button>
        <span class="avatar" aria-hidden="true">${initialOf(conversation ?? { id: talk.id })}</span>
        <div class="who">
          <h2 tabindex="-1" aria-level=${this.alone ? 1 : 2}>
            <bdi>${visitorName(conversation ?? { id: talk.id }, words)}</bdi>
          </h2>
          ${this.#about()}
        </div>
        ${conversation ? this.#acts(conversation) : nothing}
        ${
          this.visitorShown
            ? nothing
            : html`<button
                class="icon about-visitor"
                aria-label=${words.talk.showVisitor}
                title=${words.talk.showVisitor}
                @click=${() => ask(this, 'inbox-visitor-open')}
              >
                ${icons.person}
              </button>`
        }
      </header>
      ${keyed(
        talk.id,
        html`<inbox-messages
            .words=${words}
            .talk=${talk}
            .conversation=${conversation}
            .live=${this.live}
            .loadingOlder=${this.loadingOlder}
            .nowMs=${this.nowMs}
            .seek=${this.seek}
          ></inbox-messages>
          <inbox-composer
            .words=${words}
            .draft=${this.draft}
            .placeholder=${
              takesOver ? words.compose.placeholderTakesOver : words.compose.placeholder
            }
            .replies=${this.replies}
            .variables=${{
              owner: this.ownerName,
              ...(conversation?.name ? { name: conversation.name } : {}),
              ...(page ? { page: pageTitle(page, words) } : {}),
            }}
            .sendKey=${this.sendKey}
            .blocked=${conversation?.blocked ?? false}
            @inbox-composer-leave=${() => this.focusMessages()}
          ></inbox-composer>`,
      )}`;
  }

  #about(): TemplateResult | typeof nothing {
    const { words, conversation } = this;
    if (!conversation) return nothing;
    const { online, page, answering, blocked } = conversation;
    const facts = [
      blocked ? words.blocked : online ? words.online : words.talk.away,
      ...(online && page ? [words.talk.reading(pageTitle(page, words))] : []),
      ...(blocked ? [] : [words.talk.answeredBy[answering]]),
    ];
    return html`<p class="about small ${online && !blocked ? 'online' : ''}">
      <span>${facts.map((fact, index) => html`${index > 0 ? ' · ' : ''}<bdi>${fact}</bdi>`)}</span>
    </p>`;
  }

  // One button that changes, not two in turn: so it keeps the focus.
  #acts({ answering, view, blocked }: ConversationJson): TemplateResult {
    const { act } = this.words;
    const [hand, handed] =
      answering === 'owner'
        ? ([this.assistant ? act.handBack : act.handBackNobody, 'inbox-hand-back'] as const)
        : ([act.takeOver, 'inbox-take-over'] as const);
    const isDone = view === 'done';
    return html`<div class="acts">
      <button
        class="button"
        ?hidden=${blocked && answering !== 'owner'}
        @click=${() => ask(this, handed)}
      >
        ${hand}
      </button>
      <button
        class="button ${isDone ? '' : 'primary'}"
        @click=${() => ask(this, isDone ? 'inbox-reopen' : 'inbox-done')}
      >
        ${isDone ? act.reopen : act.done}
      </button>
    </div>`;
  }
}

register('inbox-conversation', InboxConversation);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-conversation': InboxConversation;
  }
}
