/** The launcher as both see it: the script that draws it first, and the element that takes over. */
import { css } from './adopt-styles.ts';

/** Outline of a speech bubble, in a box of 24 by 24. */
export const bubblePath =
  'M6.5 5h11A2.5 2.5 0 0 1 20 7.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4 3.5V17h-.5A2.5 2.5 0 0 1 4 14.5v-7A2.5 2.5 0 0 1 6.5 5Z';

/**
 * The box of the element, proof against rules of the page such as `body > * { position: … }`:
 * inside a shadow root `!important` wins over the page.
 */
export const launcherCss = css`
  :host {
    all: initial;
  }
  :host(:not([position='inline'])) {
    all: initial !important;
    display: block !important;
    position: fixed !important;
    right: var(--contact-chat-offset-x, 20px) !important;
    bottom: calc(var(--contact-chat-offset-y, 20px) + env(safe-area-inset-bottom, 0px)) !important;
    width: 56px !important;
    height: 56px !important;
    z-index: var(--contact-chat-z-index, 2147483000) !important;
  }
  :host([position='left']) {
    right: auto !important;
    left: var(--contact-chat-offset-x, 20px) !important;
  }
  :host([position='inline']) {
    display: block;
    box-sizing: border-box;
    min-height: 56px;
  }
  :host([hidden]) {
    display: none !important;
  }
  .launcher {
    all: unset;
    box-sizing: border-box;
    position: relative;
    display: grid;
    place-items: center;
    width: 56px;
    height: 56px;
    border-radius: 50%;
    cursor: pointer;
    background: var(--fill, var(--contact-chat-accent, #2c67b0));
    color: var(--on-fill, #fff);
    box-shadow: 0 6px 20px #0f172a33;
    -webkit-tap-highlight-color: transparent;
  }
  .launcher:hover {
    filter: brightness(1.08);
  }
  .launcher:active {
    transform: scale(0.95);
  }
  .launcher:focus-visible {
    outline: 2px solid var(--fill, var(--contact-chat-accent, #2c67b0));
    outline-offset: 3px;
  }
  .launcher svg {
    width: 26px;
    height: 26px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  @media print {
    :host {
      display: none !important;
    }
  }
`;
