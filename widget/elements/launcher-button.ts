import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../lang/en.ts';
import { icons } from './icons.ts';

/** Opens and closes the panel, and says how much was not read. */
export function launcherButton(
  open: boolean,
  unread: number,
  words: Words,
  touched: () => void,
): TemplateResult {
  const label = unread > 0 ? words.openUnread(unread) : words.open;
  const badge = html`<span class="badge" aria-hidden="true">${unread > 99 ? '99+' : unread}</span>`;
  return html`<button
    class="launcher"
    part="launcher"
    aria-label=${open ? words.hide : label}
    aria-expanded=${open ? 'true' : 'false'}
    @click=${touched}
  >
    ${open ? icons.down : icons.bubble} ${!open && unread > 0 ? badge : nothing}
  </button>`;
}
