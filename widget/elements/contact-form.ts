import { html, nothing, type TemplateResult } from 'lit';
import { maxEmailChars, maxMessageChars, maxNameChars } from '../../shared/limits.ts';
import { composeContact } from '../compose-contact.ts';
import { countCharacters } from '../count-characters.ts';
import { browserEnvironment } from '../environment.ts';
import { rareWords } from '../lang/choose-rare.ts';
import { isEmailAddress } from '../state/email.ts';
import { PartElement } from './part-element.ts';
import { dressRareViews } from './rare-dress.ts';

interface Problems {
  readonly message?: string;
  readonly name?: string;
  readonly email?: string;
}

/** A message to the owner, with an address to answer to if the visitor likes. */
export class ContactForm extends PartElement {
  static override properties = { tag: { attribute: false }, problems: { state: true } };

  /** Language of the widget's own words. */
  declare tag: string;
  declare protected problems: Problems;

  constructor() {
    super();
    this.problems = {};
  }

  protected override createRenderRoot(): HTMLElement {
    dressRareViews(this);
    return super.createRenderRoot();
  }

  override firstUpdated(): void {
    this.querySelector('textarea')?.focus({ preventScroll: true });
  }

  #value(name: string): string {
    return this.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? '';
  }

  #check(): Problems {
    const words = rareWords(this.tag);
    const message = this.#value('message');
    const over = countCharacters(message) - maxMessageChars;
    const email = this.#value('email');
    return {
      ...(message ? {} : { message: words.messageMissing }),
      ...(over > 0 ? { message: words.tooLong(over) } : {}),
      ...(this.#value('name').length > maxNameChars ? { name: words.nameLong } : {}),
      ...(email && !(email.length <= maxEmailChars && isEmailAddress(email))
        ? { email: words.emailWrong }
        : {}),
    };
  }

  #submit(event: Event): void {
    event.preventDefault();
    this.problems = this.#check();
    const [wrong] = Object.keys(this.problems);
    if (wrong) {
      this.querySelector<HTMLElement>(`[name=${wrong}]`)?.focus();
      return;
    }
    const [message, name, email] = [
      this.#value('message'),
      this.#value('name'),
      this.#value('email'),
    ];
    const request = composeContact({ message, name, email }, browserEnvironment);
    if (request) this.ask('contact', request);
  }

  // A complaint goes as soon as it is mended, and comes only with sending.
  #edited(): void {
    if (Object.keys(this.problems).length > 0) this.problems = this.#check();
  }

  protected override render(): TemplateResult {
    const words = rareWords(this.tag);
    return html`<form class="form" novalidate @submit=${this.#submit} @input=${this.#edited}>
      <h2 class="lead">${words.contactTitle}</h2>
      <p>${words.contactLead}</p>
      ${this.#field('message', words.contactMessage)} ${this.#field('name', words.contactName)}
      ${this.#field('email', words.contactEmail)}
      <div class="actions">
        <button class="primary" type="submit">${words.contactSend}</button>
        <button type="button" @click=${() => this.ask('show', 'chat')}>${words.back}</button>
      </div>
    </form>`;
  }

  #field(name: keyof Problems, label: string): TemplateResult {
    const problem = this.problems[name];
    const invalid = problem ? 'true' : nothing;
    const described = problem ? `cc-${name}-problem` : nothing;
    return html`<label for=${`cc-${name}`}
        >${label}${name === 'message' ? nothing : html`<span> · ${rareWords(this.tag).optional}</span>`}</label
      >
      ${
        name === 'message'
          ? html`<textarea
              id="cc-message"
              class="field"
              name="message"
              dir="auto"
              required
              aria-invalid=${invalid}
              aria-describedby=${described}
            ></textarea>`
          : html`<input
              id=${`cc-${name}`}
              class="field"
              name=${name}
              type=${name === 'email' ? 'email' : 'text'}
              autocomplete=${name}
              dir="auto"
              aria-invalid=${invalid}
              aria-describedby=${described}
            />`
      }
      ${problem ? html`<p class="bad" id=${`cc-${name}-problem`} role="alert">${problem}</p>` : nothing}`;
  }
}
