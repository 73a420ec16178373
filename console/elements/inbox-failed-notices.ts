import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { FailedNoticeList } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import { failureText } from '../failure.ts';
import { dateAndTime, fullTime } from '../format.ts';
import type { FrameApi } from '../frame-api.ts';
import type { Words } from '../lang/choose.ts';
import { serverClock } from '../server-clock.ts';
import { base, buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialogs.ts';
import { icons } from './icons.ts';

type FailedNotice = FailedNoticeList['notices'][number];

/**
 * Says when notices did not reach the owner, and why; nothing is rendered while all did. Tells
 * `inbox-open-conversation {id}`.
 */
export class InboxFailedNotices extends LitElement {
  static override styles = [
    base,
    buttons,
    dialogs,
    css`
      :host {
        display: block;
      }
      .banner {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 12px;
        padding: 2px 16px;
        background: var(--warn-paper);
        color: var(--warn);
        font-size: 13px;
      }
      .banner .link {
        color: inherit;
        text-decoration: underline;
        text-underline-offset: 2px;
      }
      .banner svg {
        width: 17px;
        height: 17px;
      }
      .banner p {
        flex: 1 0 auto;
        max-width: calc(100% - 32px);
      }
      .intro {
        color: var(--ink-2);
        font-size: var(--text-m);
      }
      ul {
        display: grid;
        gap: 8px;
      }
      li {
        display: grid;
        gap: 2px;
        padding: 10px 14px 4px;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        font-size: var(--text-m);
        overflow-wrap: anywhere;
      }
      .what {
        font-weight: 600;
      }
      .why {
        color: var(--danger);
        font: 13px/1.5 var(--mono);
      }
      .small.error {
        color: var(--danger);
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    notices: { state: true },
    busy: { state: true },
    problem: { state: true },
    said: { state: true },
  };

  declare words: Words;
  declare api: Pick<FrameApi, 'failedNotices' | 'retryFailedNotices' | 'dismissFailedNotices'>;
  declare private notices: readonly FailedNotice[];
  declare private busy: boolean;
  declare private problem: string;
  declare private said: string;

  constructor() {
    super();
    this.notices = [];
    this.busy = false;
    this.problem = '';
    this.said = '';
  }

  override firstUpdated(): void {
    void this.refresh();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  /** Reads the list anew; a failure leaves what is known. */
  async refresh(): Promise<void> {
    try {
      this.notices = (await this.api.failedNotices()).notices;
    } catch (error) {
      if (this.#dialog?.open) this.problem = failureText(this.words, error);
    }
  }

  async show(): Promise<void> {
    this.problem = '';
    this.said = '';
    await this.updateComplete;
    if (!this.#dialog?.open) this.#dialog?.showModal();
    await this.refresh();
  }

  async #do(deed: () => Promise<void>, said: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      await deed();
      this.notices = [];
      this.said = said;
    } catch (error) {
      this.problem = failureText(this.words, error);
    } finally {
      this.busy = false;
    }
  }

  #open(id: string): void {
    this.#dialog?.close();
    this.dispatchEvent(
      new CustomEvent('inbox-open-conversation', {
        detail: { id },
        bubbles: true,
        composed: true,
      }),
    );
  }

  override render(): TemplateResult {
    const { failed, close } = this.words;
    const count = this.notices.length;
    return html`<div role="status">
        ${
          count > 0
            ? html`<div class="banner">
                ${icons.alert}
                <p>${failed.banner(count)}</p>
                <button class="link" @click=${() => void this.show()}>${failed.show}</button>
              </div>`
            : nothing
        }
      </div>
      <dialog class="dialog" aria-labelledby="title" closedby="any">
        <div class="dialog-head">
          <h2 id="title">${failed.title}</h2>
          <button class="icon" aria-label=${close} @click=${() => this.#dialog?.close()}>
            ${icons.close}
          </button>
        </div>
        <div class="dialog-body">
          ${
            count > 0
              ? html`<p class="intro">${failed.intro}</p>
                  <ul>
                    ${this.notices.map((notice) => this.#item(notice))}
                  </ul>`
              : html`<p class="intro" role="status">${this.said || failed.none}</p>`
          }
        </div>
        <div class="dialog-foot">
          <p class="grow small error" role="alert">${this.problem}</p>
          ${count > 0 ? this.#buttons() : nothing}
        </div>
      </dialog>`;
  }

  #buttons(): TemplateResult {
    const { failed } = this.words;
    const disabled = this.busy ? 'true' : 'false';
    return html`<button
        class="button"
        aria-disabled=${disabled}
        @click=${() => void this.#do(() => this.api.dismissFailedNotices(), failed.none)}
      >
        ${failed.dismiss}
      </button>
      <button
        class="button primary"
        aria-disabled=${disabled}
        @click=${() => void this.#do(() => this.api.retryFailedNotices(), failed.retried)}
      >
        ${failed.retry}
      </button>`;
  }

  #item(notice: FailedNotice): TemplateResult {
    const { failed, tag } = this.words;
    const { timestamp } = notice;
    return html`<li>
      <span class="what">${failed.reasons[notice.reason] ?? notice.reason}</span>
      <span class="small"
        >${`${notice.channel} · `}<time datetime=${timestamp} title=${fullTime(timestamp, tag)}
          >${dateAndTime(timestamp, serverClock.nowMs(), this.words)}</time
        >${` · ${failed.attempts(notice.attempts)}`}</span
      >
      <span class="why" dir="auto">${notice.error}</span>
      <button class="link" @click=${() => this.#open(notice.conversation_id)}>
        ${failed.open}
      </button>
    </li>`;
  }
}

register('inbox-failed-notices', InboxFailedNotices);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-failed-notices': InboxFailedNotices;
  }
}
