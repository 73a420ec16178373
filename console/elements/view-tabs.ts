/** The tabs above the list, one for each view, with how many each holds. */
import { html, nothing, type TemplateResult } from 'lit';
import { views, type View, type ViewCounts } from '../../shared/console-protocol.ts';
import { compactCount } from '../format.ts';
import type { Words } from '../lang/choose.ts';
import { viewHash } from '../route.ts';

export function viewTabs(
  words: Words,
  view: View,
  counts: ViewCounts,
  hidden: boolean,
): TemplateResult {
  return html`<nav class="views" ?hidden=${hidden} aria-label=${words.list.views}>
    ${views.map(
      (one) =>
        html`<a
          href=${viewHash(one)}
          aria-current=${one === view ? 'page' : nothing}
          aria-label=${words.list.count(words.views[one], counts[one])}
          >${words.views[one]}${
            counts[one] > 0 && one !== 'done'
              ? html`<span class="count">${compactCount(counts[one], words)}</span>`
              : nothing
          }</a
        >`,
    )}
  </nav>`;
}
