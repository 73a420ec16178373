/** What is to be said of an answer: what the visitor thinks of it, and that no post covers it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { OwnerMessage } from '../../shared/console-protocol.ts';
import { excerptOf } from '../format.ts';
import type { Words } from '../lang/choose.ts';
import { icons } from './icons.ts';

const questionChars = 80;

const shortened = (text: string): string => {
  const signs = [...excerptOf(text)];
  return signs.length > questionChars
    ? `${signs.slice(0, questionChars).join('')}…`
    : signs.join('');
};

/**
 * A line of words with their icons; nothing where there is nothing to say.
 *
 * @param asked - the questions, where they do not stand beside it
 */
export function answerLabels(
  { feedback, outcome }: Pick<OwnerMessage, 'feedback' | 'outcome'>,
  { talk: words }: Words,
  asked: readonly string[] = [],
): TemplateResult | typeof nothing {
  if (feedback === undefined && outcome !== 'not_covered') return nothing;
  return html`<p class="small labels">
    ${
      feedback === undefined
        ? nothing
        : html`<span class="label ${feedback}"
            >${feedback === 'up' ? icons.thumbUp : icons.thumbDown}<span class="hide"
              >${words.rated} </span
            >${words.ratings[feedback]}</span
          >`
    }
    ${
      outcome === 'not_covered'
        ? html`<span class="label">${icons.book}${words.notCovered}</span>`
        : nothing
    }
    ${asked.map((question) => html`<q dir="auto">${shortened(question)}</q>`)}
  </p>`;
}
