/** What several elements wear. Each takes what it needs: `static styles = [base, buttons, css…]`. */
import { css } from 'lit';

/** For every element: boxes, focus, `hidden`, what only screen readers get. */
export const base = css`
  :host {
    box-sizing: border-box;
    font: var(--text-l) / 1.5 var(--font);
    color: var(--ink);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  .hide {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .small {
    font-size: var(--text-s);
    line-height: 1.4;
    color: var(--ink-2);
    font-variant-numeric: tabular-nums;
  }
  .error {
    color: var(--danger);
  }
  svg {
    display: block;
    width: 20px;
    height: 20px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
    box-shadow: 0 0 0 4px var(--ring);
  }
  a {
    color: var(--accent);
    text-underline-offset: 2px;
    border-radius: 4px;
  }
  kbd {
    display: inline-block;
    min-width: 22px;
    padding: 0 6px;
    border: 1px solid var(--line);
    border-radius: var(--radius-s);
    background: var(--paper);
    color: var(--ink-2);
    font: 500 12px/20px var(--font);
    text-align: center;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;

/**
 * `<button class="button">` quiet, `.primary` filled, `.danger`, `.plain` without a box,
 * `.icon` square. `.link` is a button that reads as a link.
 */
export const buttons = css`
  button {
    font: inherit;
    color: inherit;
    -webkit-tap-highlight-color: transparent;
  }
  .button,
  .icon {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: var(--target);
    padding: 0 14px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--raised);
    font-size: var(--text-m);
    font-weight: 500;
    line-height: 1.3;
    text-decoration: none;
    cursor: pointer;
    transition:
      background-color var(--quick) ease-out,
      opacity var(--quick) ease-out;
  }
  .icon {
    flex: none;
    width: var(--target);
    padding: 0;
    border-color: transparent;
    background: none;
    color: var(--ink-2);
  }
  .button:hover,
  .icon:hover {
    background: var(--hover);
    color: var(--ink);
  }
  .button:active,
  .icon:active,
  .link:active {
    opacity: 0.75;
  }
  .button.primary {
    border-color: transparent;
    background: var(--fill);
    color: var(--on-fill);
  }
  .button.primary:hover {
    background: var(--fill-2);
    color: var(--on-fill);
  }
  .button.danger {
    color: var(--danger);
  }
  .button.primary.danger {
    background: var(--danger);
    color: var(--on-danger);
  }
  .button.plain {
    border-color: transparent;
    background: none;
  }
  .button.plain:hover {
    background: var(--hover);
  }
  .link {
    min-height: var(--target);
    padding: 0 4px;
    margin: 0 -4px;
    border: 0;
    border-radius: var(--radius-s);
    background: none;
    color: var(--accent);
    font-size: inherit;
    font-weight: 500;
    text-align: start;
    cursor: pointer;
  }
  .link.danger {
    color: var(--danger);
  }
  .link:hover {
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  :is(.button, .icon, .link):is([disabled], [aria-disabled='true']) {
    opacity: 0.5;
    cursor: default;
  }
  @media (forced-colors: active) {
    .button,
    .icon {
      border-color: ButtonBorder;
    }
  }
`;

/** `.field` around a label and its input; 16 px in inputs, so that phones do not zoom. */
export const inputs = css`
  .field {
    display: grid;
    gap: 6px;
  }
  .field > label,
  .label {
    font-size: var(--text-m);
    font-weight: 500;
  }
  .input {
    width: 100%;
    min-height: max(40px, var(--target));
    padding: 8px 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--paper);
    color: var(--ink);
    font: inherit;
    font-size: 16px;
    line-height: 1.4;
  }
  .input::placeholder {
    color: var(--ink-2);
    opacity: 1;
  }
  .input:focus {
    outline: 1px solid var(--accent);
    outline-offset: 0;
    border-color: var(--accent);
    box-shadow: 0 0 0 3px var(--ring);
  }
  .input[aria-invalid='true'] {
    border-color: var(--danger);
    outline-color: var(--danger);
  }
  textarea.input {
    resize: vertical;
    line-height: 1.5;
  }
`;

/** Rows of lists that are chosen from: `.row`, chosen by `aria-selected` or `aria-current`. */
export const rows = css`
  .row {
    display: block;
    width: 100%;
    padding: 10px 16px;
    border: 0;
    border-bottom: 1px solid var(--line);
    background: none;
    text-align: start;
    cursor: pointer;
  }
  .row:hover {
    background: var(--hover);
  }
  .row:is([aria-selected='true'], [aria-current='true']) {
    background: var(--chosen);
  }
  .row:focus-visible {
    outline-offset: -2px;
    box-shadow: none;
  }
  .clip {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  mark {
    background: var(--mark);
    color: inherit;
    border-radius: 3px;
  }
  @media (forced-colors: active) {
    .row:is([aria-selected='true'], [aria-current='true']) {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
