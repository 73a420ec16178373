import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type {
  AnswerListJson,
  AnswerListName,
  ListedAnswerJson,
} from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import { failureText } from '../failure.ts';
import { dateAndTime, excerptOf, fullTime, visitorName } from '../format.ts';
import type { FrameApi } from '../frame-api.ts';
import type { Words } from '../lang/choose.ts';
import { conversationHash } from '../route.ts';
import { serverClock } from '../server-clock.ts';
import { answerLabelStyles } from '../styles/answer-labels.ts';
import { base, buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialogs.ts';
import { segments } from '../styles/segments.ts';
import { answerLabels } from './answer-labels.ts';
import { icons } from './icons.ts';
import { answersStyles } from './inbox-answers-styles.ts';

/** What is counted beyond this is not known; as in the server. */
const maxCounted = 9_999;
const shown: readonly AnswerListName[] = ['down', 'not_covered', 'up'];

/**
 * What visitors think of the assistant's answers, and what the posts do not cover: a list of
 * each, and how many there were of late. Links lead to the answers in their conversations.
 */
export class InboxAnswers extends LitElement {
  static override styles = [base, buttons, dialogs, segments, answerLabelStyles, answersStyles];
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    list: { state: true },
    answers: { state: true },
    counts: { state: true },
    cursor: { state: true },
    busy: { state: true },
    problem: { state: true },
  };

  declare words: Words;
  declare api: Pick<FrameApi, 'answers'>;
  declare private list: AnswerListName;
  /** `undefined` until the first page of the list is here. */
  declare private answers: readonly ListedAnswerJson[] | undefined;
  declare private counts: AnswerListJson['counts'] | undefined;
  declare private cursor: string | undefined;
  declare private busy: boolean;
  declare private problem: string;
  #reading = 0;

  constructor() {
    super();
    this.list = 'down';
    this.busy = false;
    this.problem = '';
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  async show(): Promise<void> {
    await this.updateComplete;
    if (!this.#dialog?.open) this.#dialog?.showModal();
    await this.#choose(this.list);
  }

  /** Reads a list from its beginning. */
  async #choose(list: AnswerListName): Promise<void> {
    this.list = list;
    this.answers = undefined;
    this.cursor = undefined;
    await this.#read();
  }

  async #read(before?: string): Promise<void> {
    const reading = (this.#reading += 1);
    this.busy = true;
    this.problem = '';
    try {
      const page = await this.api.answers(this.list, before);
      if (reading !== this.#reading) return;
      this.answers = [...(before === undefined ? [] : (this.answers ?? [])), ...page.answers];
      this.cursor = page.cursor;
      this.counts = page.counts;
    } catch (error) {
      if (reading !== this.#reading) return;
      this.problem = failureText(this.words, error);
    }
    this.busy = false;
  }

  #status(): string {
    const { answers: words, loading } = this.words;
    if (this.problem) return '';
    if (this.busy && !this.answers) return loading;
    return this.answers?.length === 0 ? words.none[this.list] : '';
  }

  override render(): TemplateResult {
    const { answers: words, close, tryAgain } = this.words;
    const { cursor, problem } = this;
    const status = this.#status();
    return html`<dialog class="dialog wide tall" aria-labelledby="title" closedby="any">
      <div class="dialog-head">
        <h2 id="title">${words.title}</h2>
        <form method="dialog">
          <button class="icon" aria-label=${close}>${icons.close}</button>
        </form>
      </div>
      <div class="dialog-body" aria-busy=${this.busy ? 'true' : 'false'}>
        ${this.#choice()}
        <p class="small status" role="status" ?hidden=${status === ''}>${status}</p>
        ${
          this.answers && this.answers.length > 0
            ? html`<ul aria-label=${words.lists[this.list]}>
                ${this.answers.map((one) => html`<li>${this.#item(one)}</li>`)}
              </ul>`
            : nothing
        }
        <div role="alert">${problem ? html`<p class="small error">${problem}</p>` : nothing}</div>
        ${
          problem
            ? html`<button class="link more" @click=${() => void this.#again()}>
                ${tryAgain}
              </button>`
            : cursor === undefined
              ? nothing
              : html`<button
                  class="link more"
                  aria-disabled=${this.busy ? 'true' : 'false'}
                  @click=${() => (this.busy ? undefined : void this.#read(cursor))}
                >
                  ${words.more}
                </button>`
        }
      </div>
    </dialog>`;
  }

  #again(): Promise<void> {
    return this.answers ? this.#read(this.cursor) : this.#choose(this.list);
  }

  #choice(): TemplateResult {
    const { answers: words } = this.words;
    return html`<fieldset>
      <legend class="small">${words.recent}</legend>
      <div class="segments">
        ${shown.map(
          (list) =>
            html`<label>
              <input
                type="radio"
                name="list"
                value=${list}
                .checked=${list === this.list}
                @change=${() => void this.#choose(list)}
              />
              <span>${words.lists[list]}${this.#count(list)}</span>
            </label>`,
        )}
      </div>
    </fieldset>`;
  }

  #count(list: AnswerListName): TemplateResult | typeof nothing {
    const count = this.counts?.[list];
    if (count === undefined) return nothing;
    const text = new Intl.NumberFormat(this.words.tag).format(count);
    return html` <b class="count">${count >= maxCounted ? `${text}+` : text}</b>`;
  }

  #item({ conversation, question, answer }: ListedAnswerJson): TemplateResult {
    const { words } = this;
    const { timestamp } = answer;
    return html`<a
      class="answer"
      href=${conversationHash(conversation.id, answer.seq)}
      @click=${() => this.#dialog?.close()}
    >
      <span class="small top"
        ><bdi class="clip">${visitorName(conversation, words)}</bdi
        ><time datetime=${timestamp} title=${fullTime(timestamp, words.tag)}
          >${dateAndTime(timestamp, serverClock.nowMs(), words)}</time
        ></span
      >
      <span class="question" dir="auto"
        >${question ? excerptOf(question.message) : words.answers.noQuestion}</span
      >
      <span class="said" dir="auto">${excerptOf(answer.message)}</span>
      ${answerLabels(answer, words)}
    </a>`;
  }
}

register('inbox-answers', InboxAnswers);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-answers': InboxAnswers;
  }
}
