import { html, type TemplateResult } from 'lit';
import { bubblePath } from '../launcher.ts';

/** Line icons in a box of 24 by 24; what they say stands in words beside or on the control. */
const icon = (path: string, name = ''): TemplateResult =>
  html`<svg class=${name} viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;

export const icons = {
  bubble: icon(bubblePath),
  down: icon('m6 9.5 6 6 6-6'),
  close: icon('M6 6l12 12M18 6 6 18'),
  more: icon('M5.5 12h.01M12 12h.01M18.5 12h.01', 'dots3'),
  up: icon('M12 19V5.5M6 11l6-6 6 6'),
  next: icon('m9.5 6 6 6-6 6'),
  check: icon('m5 12.5 4.5 4.5L19 7.5'),
  spark: icon(
    'M12 3.5c.7 5.3 3.2 7.8 8.5 8.5-5.3.7-7.8 3.2-8.5 8.5-.7-5.3-3.2-7.8-8.5-8.5 5.3-.7 7.8-3.2 8.5-8.5Z',
  ),
};
