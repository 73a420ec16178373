/** Says where the line to the server is cut, and nothing where it stands. */
import { html, nothing, type TemplateResult } from 'lit';
import type { LineState } from '../inbox-state.ts';
import type { Words } from '../lang/choose.ts';

export function statusLine(
  { status }: Pick<Words, 'status'>,
  line: LineState,
  reconnect: () => void,
): TemplateResult {
  const text = line === 'live' || line === 'connecting' ? '' : status[line];
  return html`<div role="status">
    ${
      text
        ? html`<div class="line">
            <span>${text}</span>
            ${
              line === 'stopped'
                ? html`<button class="link" @click=${reconnect}>${status.reconnect}</button>`
                : nothing
            }
          </div>`
        : nothing
    }
  </div>`;
}
