/** Everything of the panel, in logical properties; `launcher.ts` has the box around it. */
import { css } from './adopt-styles.ts';
import { composerCss } from './composer-styles.ts';
import { launcherCss } from './launcher.ts';
import { messageCss } from './message-styles.ts';

const tokens = css`
  .root {
    --paper: var(--contact-chat-background, #fff);
    --ink: var(--contact-chat-text, #16181d);
    --ink-2: #5b616c;
    --line: #e2e5e9;
    --sunken: #f3f4f6;
    --danger: #b9302a;
    --warn: #84500c;
    --warn-paper: #fbf0e2;
    --good: #2c8a57;
    --owner: #7a4a12;
    --owner-paper: #f6e9d6;
    --shadow: 0 18px 48px -12px #0f172a4d, 0 2px 8px #0f172a14;
    --fill: var(--accent-in, var(--contact-chat-accent, #2c67b0));
    --on-fill: #fff;
    --accent: var(--fill);
    --ring: color-mix(in srgb, var(--accent) 18%, transparent);
    --tint: color-mix(in srgb, var(--accent) 14%, var(--paper));
    font: 15px/1.5
      var(
        --contact-chat-font,
        -apple-system,
        BlinkMacSystemFont,
        'Segoe UI',
        Roboto,
        'Noto Sans',
        Arial,
        'PingFang SC',
        'Microsoft YaHei',
        'Noto Sans CJK SC',
        sans-serif
      );
    color: var(--ink);
    -webkit-text-size-adjust: 100%;
  }
  .root[data-dark] {
    --paper: var(--contact-chat-background, #16181d);
    --ink: var(--contact-chat-text, #eceef2);
    --ink-2: #9ba2ae;
    --line: #2b2f38;
    --sunken: #20242b;
    --danger: #ff8f85;
    --warn: #ecc38a;
    --warn-paper: #30271a;
    --good: #55c48b;
    --owner: #efcf9f;
    --owner-paper: #46351f;
    --shadow: 0 18px 40px -16px #000000b3;
    --fill: var(--accent-in, var(--contact-chat-accent, #6296d8));
    --on-fill: #000;
    color-scheme: dark;
  }
`;

const panel = css`
  .panel {
    position: absolute;
    bottom: calc(100% + 14px);
    right: 0;
    display: flex;
    flex-direction: column;
    box-sizing: border-box;
    width: var(--contact-chat-width, 396px);
    max-width: calc(100vw - 2 * var(--contact-chat-offset-x, 20px));
    height: var(--contact-chat-height, 680px);
    max-height: calc(100dvh - var(--contact-chat-offset-y, 20px) - 94px);
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--contact-chat-radius, 18px);
    background: var(--paper);
    box-shadow: var(--shadow);
    outline: 0;
    animation: rise 0.18s ease-out;
  }
  :host([position='left']) .panel {
    right: auto;
    left: 0;
  }
  :host([position='inline']) .panel {
    position: static;
    width: 100%;
    max-width: none;
    max-height: none;
    box-shadow: none;
    animation: none;
  }
  [hidden] {
    display: none !important;
  }
  .hide {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .badge {
    position: absolute;
    top: -3px;
    inset-inline-end: -3px;
    min-width: 8px;
    padding: 0 5px;
    border: 2px solid #fff;
    border-radius: 11px;
    background: #c8322b;
    color: #fff;
    font: 600 12px/18px sans-serif;
    text-align: center;
  }
  .panel :is(button, summary) {
    all: unset;
    box-sizing: border-box;
    cursor: pointer;
    border-radius: 10px;
    -webkit-tap-highlight-color: transparent;
  }
  .panel :is(button, summary, a, .scroll, pre):focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
    box-shadow: 0 0 0 4px var(--ring);
  }
  .panel :is(button, summary, a):active {
    opacity: 0.75;
  }
  .panel :is([disabled], [aria-disabled='true']) {
    opacity: 0.5;
    cursor: default;
  }
  svg {
    width: 20px;
    height: 20px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .avatar,
  .panel .icon,
  .panel .send {
    display: grid;
    place-items: center;
    flex: none;
    width: 36px;
    height: 36px;
  }
  .avatar {
    border-radius: 50%;
    background: var(--tint);
    color: var(--accent);
    font-weight: 600;
  }
  .warm {
    background: var(--owner-paper);
    color: var(--owner);
  }
  .header {
    position: relative;
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 10px 8px 10px 16px;
    border-bottom: 1px solid var(--line);
  }
  .who {
    flex: 1;
    min-width: 0;
  }
  .title {
    margin: 0;
    font-size: 16px;
    line-height: 1.3;
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .small {
    font-size: 12.5px;
    line-height: 1.4;
    color: var(--ink-2);
    font-variant-numeric: tabular-nums;
  }
  .state {
    display: flex;
    gap: 7px;
    margin: 1px 0 0;
  }
  .state::before {
    content: '';
    flex: none;
    width: 8px;
    height: 8px;
    margin-top: 0.35em;
    border-radius: 50%;
    background: #9aa1ac;
  }
  .good::before {
    background: var(--good);
  }
  .panel .icon {
    width: 44px;
    height: 44px;
    color: var(--ink-2);
  }
  details {
    margin-inline-end: -12px;
  }
  .icon:hover,
  .menu:hover {
    color: var(--ink);
    background: var(--sunken);
  }
  .icon .dots3 {
    stroke-width: 3;
  }
  .panel .menu {
    position: absolute;
    z-index: 2;
    top: 56px;
    inset-inline-end: 12px;
    padding: 12px 18px;
    border: 1px solid var(--line);
    background: var(--paper);
    box-shadow: 0 8px 24px #0f172a26;
  }
  .banner {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    margin: 0;
    padding: 9px 16px;
    font-size: 13px;
    background: var(--warn-paper);
    color: var(--warn);
  }
  .banner.quiet {
    background: var(--sunken);
    color: var(--ink-2);
  }
  .panel .link {
    padding: 12px 4px;
    margin: -12px -4px;
    color: var(--accent);
    font-weight: 500;
  }
  .link:hover,
  .banner .link,
  .meta button {
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .panel .banner .link {
    color: inherit;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }
  @media (max-width: 480px), (max-height: 420px) {
    :host(:not([position='inline'])) .panel {
      position: fixed;
      inset: var(--view-top, 0) 0 auto;
      width: auto;
      max-width: none;
      height: var(--view-height, 100dvh);
      max-height: none;
      border: 0;
      border-radius: 0;
      padding: env(safe-area-inset-top) 0 env(safe-area-inset-bottom);
    }
    :host([open]:not([position='inline'])) .launcher {
      display: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
    }
  }
`;

export const styles = launcherCss + tokens + panel + messageCss + composerCss;
