import { html, LitElement, type TemplateResult } from 'lit';
import type { OwnerSession } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import type { FrameApi } from '../frame-api.ts';
import type { Words } from '../lang/choose.ts';
import type { Settings } from '../settings.ts';
import { shortcutGroups } from '../shortcuts.ts';
import './inbox-answers.ts';
import './inbox-broadcast.ts';
import './inbox-canned-editor.ts';
import type { Question } from './inbox-confirm.ts';
import './inbox-confirm.ts';
import './inbox-settings.ts';
import './inbox-shortcuts.ts';
import type { ToastOptions } from './inbox-toast.ts';
import './inbox-toast.ts';

export type DialogName = 'settings' | 'answers' | 'broadcast' | 'canned-editor' | 'shortcuts';

/** Every dialog of the inbox in one place; one of them is open at a time. */
export class InboxDialogs extends LitElement {
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    settings: { attribute: false },
    session: { attribute: false },
  };

  declare words: Words;
  declare api: FrameApi;
  declare settings: Settings;
  declare session: OwnerSession | undefined;

  /** Their roots are their own; this is only where they stand. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async open(name: DialogName): Promise<void> {
    await this.updateComplete;
    switch (name) {
      case 'settings':
        return this.querySelector('inbox-settings')?.show();
      case 'answers':
        return this.querySelector('inbox-answers')?.show();
      case 'broadcast':
        return this.querySelector('inbox-broadcast')?.show();
      case 'canned-editor':
        return this.querySelector('inbox-canned-editor')?.show();
      case 'shortcuts':
        return this.querySelector('inbox-shortcuts')?.show();
    }
  }

  /** @returns whether it shall be done */
  async ask(question: Question): Promise<boolean> {
    await this.updateComplete;
    return (await this.querySelector('inbox-confirm')?.ask(question)) ?? false;
  }

  say(text: string, options?: ToastOptions): void {
    this.querySelector('inbox-toast')?.say(text, options);
  }

  override render(): TemplateResult {
    const { words, api } = this;
    return html`<inbox-settings
        .words=${words}
        .api=${api}
        .settings=${this.settings}
        .session=${this.session}
        @inbox-show-shortcuts=${() => this.open('shortcuts')}
        @inbox-show-canned-editor=${() => this.open('canned-editor')}
      ></inbox-settings>
      <inbox-answers .words=${words} .api=${api}></inbox-answers>
      <inbox-broadcast .words=${words} .api=${api}></inbox-broadcast>
      <inbox-canned-editor
        .words=${words}
        .api=${api}
        @inbox-canned-saved=${() => this.say(words.cannedEditor.saved)}
      ></inbox-canned-editor>
      <inbox-shortcuts .words=${words} .groups=${shortcutGroups(words)}></inbox-shortcuts>
      <inbox-confirm .words=${words}></inbox-confirm>
      <inbox-toast .words=${words}></inbox-toast>`;
  }
}

register('inbox-dialogs', InboxDialogs);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-dialogs': InboxDialogs;
  }
}
