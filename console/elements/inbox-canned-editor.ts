import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { maxCannedReplies, type CannedReply } from '../../shared/console-protocol.ts';
import { randomId } from '../../widget/random-id.ts';
import { register } from '../../widget/register.ts';
import { failureText } from '../failure.ts';
import type { FrameApi } from '../frame-api.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import {
  changeReply,
  findFault,
  moveReply,
  sameReplies,
  withoutBlank,
  type CannedFault,
} from '../state/canned-list.ts';
import { base, buttons, inputs } from '../styles/controls.ts';
import { dialogs } from '../styles/dialogs.ts';
import { icons } from './icons.ts';
import { cannedEditorStyles } from './inbox-canned-editor-styles.ts';
import type { CannedPart } from './inbox-canned-item.ts';
import './inbox-canned-item.ts';
import './inbox-confirm.ts';

/** Adds, changes, orders and removes canned replies; saved as a whole. */
export class InboxCannedEditor extends LitElement {
  static override styles = [base, buttons, inputs, dialogs, cannedEditorStyles];
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    replies: { state: true },
    open: { state: true },
    busy: { state: true },
    problem: { state: true },
    fault: { state: true },
    said: { state: true },
    removed: { state: true },
  };

  declare words: FrameWords;
  declare api: Pick<FrameApi, 'cannedReplies' | 'saveCannedReplies'>;
  declare private replies: readonly CannedReply[] | undefined;
  /** Id of the reply that is unfolded. */
  declare private open: string | undefined;
  declare private busy: boolean;
  declare private problem: string;
  declare private fault: CannedFault | undefined;
  declare private said: string;
  declare private removed: { readonly reply: CannedReply; readonly at: number } | undefined;
  /** As the server had them last. */
  #known: readonly CannedReply[] = [];

  constructor() {
    super();
    this.busy = false;
    this.problem = '';
    this.said = '';
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  async show(): Promise<void> {
    await this.updateComplete;
    if (this.#dialog?.open) return;
    this.replies = undefined;
    this.open = undefined;
    this.fault = undefined;
    this.removed = undefined;
    this.said = '';
    this.#dialog?.showModal();
    await this.#load();
  }

  async #load(): Promise<void> {
    this.problem = '';
    try {
      const { replies } = await this.api.cannedReplies();
      this.#known = replies;
      this.replies = replies;
    } catch (error) {
      this.problem = failureText(this.words, error);
    }
  }

  #edit(replies: readonly CannedReply[]): void {
    this.replies = replies;
    this.fault = undefined;
    this.problem = '';
  }

  async #focusItem(id: string, part: CannedPart): Promise<void> {
    await this.updateComplete;
    const items = [...this.renderRoot.querySelectorAll('inbox-canned-item')];
    await items.find((item) => item.reply.id === id)?.focusPart(part);
  }

  #add(): void {
    const replies = this.replies ?? [];
    const id = randomId();
    this.removed = undefined;
    this.#edit([...replies, { id, title: '', text: '' }]);
    this.open = id;
    void this.#focusItem(id, 'title');
  }

  #move(reply: CannedReply, by: -1 | 1): void {
    this.#edit(moveReply(this.replies ?? [], reply.id, by));
    void this.#focusItem(reply.id, by === 1 ? 'down' : 'up');
  }

  #remove(reply: CannedReply): void {
    const replies = this.replies ?? [];
    const at = replies.findIndex(({ id }) => id === reply.id);
    this.removed = { reply, at };
    this.#edit(replies.filter(({ id }) => id !== reply.id));
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('.undo')?.focus(),
    );
  }

  #undo(): void {
    const { removed, replies } = this;
    if (!removed || !replies) return;
    this.removed = undefined;
    this.#edit(replies.toSpliced(removed.at, 0, removed.reply));
  }

  async #save(): Promise<void> {
    const { cannedEditor } = this.words;
    if (this.busy || !this.replies) return;
    const replies = withoutBlank(this.replies).map((reply) => ({
      ...reply,
      title: reply.title.trim(),
    }));
    const fault = findFault(replies);
    if (fault === 'full') {
      this.problem = cannedEditor.full;
      return;
    }
    this.fault = fault;
    if (fault) {
      this.open = fault.id;
      void this.#focusItem(fault.id, fault.field);
      return;
    }
    this.busy = true;
    this.problem = '';
    try {
      const now = (await this.api.cannedReplies()).replies;
      if (!sameReplies(now, this.#known)) {
        // Asked for once: with what is known now, saving again goes through.
        this.#known = now;
        this.problem = cannedEditor.changedElsewhere;
        return;
      }
      const saved = await this.api.saveCannedReplies({ replies });
      this.#known = saved.replies;
      this.replies = saved.replies;
      this.#dialog?.close();
      this.dispatchEvent(
        new CustomEvent('inbox-canned-saved', {
          detail: { replies: saved.replies },
          bubbles: true,
          composed: true,
        }),
      );
    } catch (error) {
      this.problem = failureText(this.words, error);
    } finally {
      this.busy = false;
    }
  }

  /** Browsers let the second Escape in a row close a dialog without asking the page. */
  #key(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    void this.#leave(event);
  }

  async #leave(event?: Event): Promise<void> {
    event?.preventDefault();
    const { cannedEditor } = this.words;
    const changed = this.replies && !sameReplies(withoutBlank(this.replies), this.#known);
    const leaves =
      !changed ||
      (await this.renderRoot.querySelector('inbox-confirm')?.ask({
        title: cannedEditor.discardTitle,
        text: cannedEditor.discardText,
        action: cannedEditor.discard,
        danger: true,
      }));
    if (leaves) this.#dialog?.close();
  }

  override render(): TemplateResult {
    const { cannedEditor, close, cancel, loading, tryAgain } = this.words;
    const { replies, removed } = this;
    return html`<dialog
        class="dialog wide tall"
        aria-labelledby="title"
        @cancel=${this.#leave}
        @keydown=${this.#key}
      >
        <div class="dialog-head">
          <h2 id="title">${cannedEditor.title}</h2>
          <button class="icon" aria-label=${close} @click=${() => void this.#leave()}>
            ${icons.close}
          </button>
        </div>
        <div class="dialog-body">
          <p class="intro">${cannedEditor.intro}</p>
          ${
            replies
              ? html`<ol>
                  ${repeat(
                    replies,
                    ({ id }) => id,
                    (reply, index) => this.#item(reply, index, replies.length),
                  )}
                </ol>`
              : this.problem
                ? html`<button class="button" @click=${() => void this.#load()}>
                    ${tryAgain}
                  </button>`
                : html`<p class="small">${loading}</p>`
          }
          <div role="status" class="removed" ?hidden=${!removed}>
            ${
              removed
                ? html`<span
                      >${cannedEditor.removed(removed.reply.title.trim() || cannedEditor.untitled)}</span
                    >
                    <button class="link undo" @click=${this.#undo}>${cannedEditor.undo}</button>`
                : nothing
            }
          </div>
          ${
            replies
              ? html`<button
                  class="button add"
                  aria-disabled=${replies.length >= maxCannedReplies ? 'true' : 'false'}
                  @click=${() => replies.length < maxCannedReplies && this.#add()}
                >
                  ${icons.plus} ${cannedEditor.add}
                </button>`
              : nothing
          }
        </div>
        <div class="dialog-foot">
          <p class="grow error small" role="alert">${this.problem}</p>
          <button class="button" @click=${() => void this.#leave()}>${cancel}</button>
          <button
            class="button primary"
            aria-disabled=${this.busy || !replies ? 'true' : 'false'}
            @click=${() => void this.#save()}
          >
            ${this.busy ? cannedEditor.saving : cannedEditor.save}
          </button>
        </div>
      </dialog>
      <inbox-confirm .words=${this.words}></inbox-confirm>`;
  }

  #item(reply: CannedReply, index: number, count: number): TemplateResult {
    const isOpen = this.open === reply.id;
    return html`<li>
      <inbox-canned-item
        data-id=${reply.id}
        .words=${this.words}
        .reply=${reply}
        .open=${isOpen}
        .first=${index === 0}
        .last=${index === count - 1}
        .fault=${this.fault?.id === reply.id ? this.fault : undefined}
        @toggle-item=${() => (this.open = isOpen ? undefined : reply.id)}
        @move-item=${(event: CustomEvent<-1 | 1>) => this.#move(reply, event.detail)}
        @remove-item=${() => this.#remove(reply)}
        @change-item=${(event: CustomEvent<Partial<CannedReply>>) =>
          this.#edit(changeReply(this.replies ?? [], reply.id, event.detail))}
      ></inbox-canned-item>
    </li>`;
  }
}

register('inbox-canned-editor', InboxCannedEditor);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-canned-editor': InboxCannedEditor;
  }
}
