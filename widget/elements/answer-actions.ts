import { html, type TemplateResult } from 'lit';
import type { Feedback } from '../../shared/protocol.ts';
import { answerWords } from '../lang/choose-answer.ts';

export type Verdict = Feedback['value'];

const thumb = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path
    d="M7.5 10.8 11 4c1.6 0 2.6 1.2 2.3 2.8l-.6 3h4.9c1.3 0 2.2 1.2 1.9 2.4l-1.5 5.9a2 2 0 0 1-2 1.5H7.5m0-8.8v8.8m0-8.8H4.6v8.8h2.9"
  ></path>
</svg>`;

/**
 * Two thumbs, and thanks.
 *
 * @param given - what was said of this answer
 * @param newest - whether it is the last answer there is
 * @param tag - language of the words, BCP 47
 */
export function answerActions(
  given: Verdict | undefined,
  newest: boolean,
  tag: string,
  rate: (value: Verdict) => void,
): TemplateResult {
  const words = answerWords(tag);
  const button = (value: Verdict): TemplateResult =>
    html`<button
      class=${value}
      title=${words[value]}
      aria-label=${words[value]}
      aria-pressed=${given === value}
      @click=${() => rate(value)}
    >
      ${thumb}
    </button>`;
  return html`<div
    class="small thumbs ${newest || given ? 'stay' : ''}"
    role="group"
    aria-label=${words.rate}
  >
    ${button('up')}${button('down')}<span role="status">${given ? words.thanks : ''}</span>
  </div>`;
}
