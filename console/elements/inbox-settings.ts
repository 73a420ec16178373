import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { OwnerSession } from '../../shared/console-protocol.ts';
import './inbox-assistant.ts';
import { register } from '../../widget/register.ts';
import { Failure, failureText } from '../failure.ts';
import type { FrameApi } from '../frame-api.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import { chime } from '../notify.ts';
import { pushState, turnPushOff, turnPushOn, type PushState } from '../push.ts';
import { isMac, saveSettings, type Settings } from '../settings.ts';
import { base, buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialogs.ts';
import { segments } from '../styles/segments.ts';
import { settingsStyles } from './inbox-settings-styles.ts';
import { icons } from './icons.ts';
import './inbox-confirm.ts';

/**
 * What the owner chooses on this device, and leaving. Tells `inbox-settings-changed {settings}`,
 * `inbox-logged-out`, `inbox-show-shortcuts`, `inbox-show-canned-editor`.
 */
export class InboxSettings extends LitElement {
  static override styles = [base, buttons, dialogs, segments, settingsStyles];
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    settings: { attribute: false },
    session: { attribute: false },
    push: { state: true },
    busy: { state: true },
    problem: { state: true },
    kept: { state: true },
  };

  declare words: FrameWords;
  declare api: Pick<
    FrameApi,
    'answerer' | 'logOut' | 'logOutEverywhere' | 'pushKey' | 'addPush' | 'removePush'
  >;
  declare settings: Settings;
  declare session: OwnerSession | undefined;
  declare private push: PushState;
  declare private busy: boolean;
  declare private problem: string;
  /** Whether this browser keeps settings at all. */
  declare private kept: boolean;

  constructor() {
    super();
    this.push = 'off';
    this.busy = false;
    this.problem = '';
    this.kept = true;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  async show(): Promise<void> {
    this.problem = '';
    // Saving what is there changes nothing, and tells whether it can be done.
    this.kept = saveSettings(this.settings);
    await this.updateComplete;
    if (!this.#dialog?.open) this.#dialog?.showModal();
    void this.renderRoot.querySelector('inbox-assistant')?.refresh();
    this.push = await pushState();
  }

  #tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #change(change: Partial<Settings>): void {
    this.#tell('inbox-settings-changed', { settings: { ...this.settings, ...change } });
  }

  /** Another dialog takes this one's place. */
  #instead(name: string): void {
    this.#dialog?.close();
    this.#tell(name);
  }

  async #toggleNotify(wanted: boolean): Promise<void> {
    const asks = wanted && Notification.permission === 'default';
    if (asks) await Notification.requestPermission();
    this.#change({ notify: wanted && Notification.permission === 'granted' });
    this.requestUpdate();
  }

  async #togglePush(wanted: boolean): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      this.push = wanted ? await turnPushOn(this.api) : await turnPushOff(this.api);
    } catch (error) {
      this.problem =
        error instanceof Failure ? failureText(this.words, error) : this.words.settings.pushFailed;
      this.push = await pushState();
    } finally {
      this.busy = false;
    }
  }

  async #logOut(everywhere: boolean): Promise<void> {
    const { settings } = this.words;
    const confirm = this.renderRoot.querySelector('inbox-confirm');
    const sure =
      !everywhere ||
      (await confirm?.ask({
        title: settings.everywhereTitle,
        text: settings.everywhereText,
        action: settings.logOutEverywhere,
        danger: true,
      }));
    if (!sure || this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      // Whoever logs out does not want to read visitors' messages on this screen.
      await turnPushOff(this.api).catch(() => undefined);
      await (everywhere ? this.api.logOutEverywhere() : this.api.logOut());
      this.#leave();
    } catch (error) {
      // Not logged in any more is what was wanted.
      if (error instanceof Failure && error.kind === 'logged-out') this.#leave();
      else this.problem = failureText(this.words, error);
    } finally {
      this.busy = false;
    }
  }

  #leave(): void {
    this.#dialog?.close();
    this.#tell('inbox-logged-out', { wanted: true });
  }

  override render(): TemplateResult {
    const { settings: words, close } = this.words;
    const { settings } = this;
    return html`<dialog class="dialog" aria-labelledby="title" closedby="any">
        <div class="dialog-head">
          <h2 id="title">${words.title}</h2>
          <form method="dialog">
            <button class="icon" aria-label=${close}>${icons.close}</button>
          </form>
        </div>
        <div class="dialog-body">
          ${this.#choice('lang', words.language, words.languages, settings.lang)}
          ${this.#choice('theme', words.theme, words.themes, settings.theme)}
          ${this.#choice(
            'sendKey',
            words.sendKey,
            isMac() ? words.sendKeysMac : words.sendKeys,
            settings.sendKey,
          )}
          <div class="switches">${this.#switches()}</div>
          <inbox-assistant .words=${this.words} .api=${this.api}></inbox-assistant>
          <div class="links">
            <button class="button" @click=${() => this.#instead('inbox-show-canned-editor')}>
              ${icons.book} ${words.canned}
            </button>
            <button class="button" @click=${() => this.#instead('inbox-show-shortcuts')}>
              ${icons.keyboard} ${words.shortcuts}
            </button>
          </div>
          ${this.kept ? nothing : html`<p class="small">${words.notKept}</p>`}
          <p class="small error" role="alert">${this.problem}</p>
        </div>
        <div class="dialog-foot">
          <p class="small grow">${words.version(this.session?.version ?? '')}</p>
          <button class="button danger plain" @click=${() => void this.#logOut(true)}>
            ${words.logOutEverywhere}
          </button>
          <button class="button" @click=${() => void this.#logOut(false)}>${words.logOut}</button>
        </div>
      </dialog>
      <inbox-confirm .words=${this.words}></inbox-confirm>`;
  }

  #choice<Key extends 'lang' | 'theme' | 'sendKey'>(
    key: Key,
    label: string,
    options: Readonly<Record<Settings[Key], string>>,
    chosen: Settings[Key],
  ): TemplateResult {
    const entries = Object.entries(options) as unknown as readonly [Settings[Key], string][];
    return html`<fieldset>
      <legend class="label">${label}</legend>
      <div class="segments">
        ${entries.map(
          ([value, text]) =>
            html`<label>
              <input
                type="radio"
                name=${key}
                value=${value}
                .checked=${value === chosen}
                @change=${() => this.#change({ [key]: value })}
              />
              <span>${text}</span>
            </label>`,
        )}
      </div>
    </fieldset>`;
  }

  #switches(): readonly TemplateResult[] {
    const { settings: words } = this.words;
    const { settings, push } = this;
    const permission = 'Notification' in globalThis ? Notification.permission : 'denied';
    const pushText = {
      unsupported: words.pushUnsupported,
      blocked: words.pushBlocked,
      off: words.pushText,
      on: words.pushText,
    }[push];
    return [
      this.#switch('sound', words.sound, words.soundText, settings.sound, false, (on) => {
        this.#change({ sound: on });
        if (on) chime().catch(() => undefined);
      }),
      this.#switch(
        'notify',
        words.notify,
        permission === 'denied' ? words.notifyDenied : words.notifyText,
        settings.notify && permission === 'granted',
        permission === 'denied',
        (on) => void this.#toggleNotify(on),
      ),
      this.#switch(
        'push',
        words.push,
        pushText,
        push === 'on',
        this.busy || push === 'unsupported' || push === 'blocked',
        (on) => void this.#togglePush(on),
      ),
    ];
  }

  #switch(
    id: string,
    label: string,
    text: string,
    on: boolean,
    disabled: boolean,
    change: (on: boolean) => void,
  ): TemplateResult {
    return html`<div class="switch">
      <label for=${id}>${label}</label>
      <p class="small" id="${id}-text">${text}</p>
      <input
        type="checkbox"
        role="switch"
        id=${id}
        aria-describedby="${id}-text"
        .checked=${on}
        ?disabled=${disabled}
        @change=${(event: Event) => {
          const box = event.target as HTMLInputElement;
          const wanted = box.checked;
          // Shows what is, not what was wished for, until it is so.
          box.checked = on;
          change(wanted);
        }}
      />
    </div>`;
  }
}

register('inbox-settings', InboxSettings);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-settings': InboxSettings;
  }
}
