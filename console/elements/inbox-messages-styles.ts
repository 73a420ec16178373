import { css } from 'lit';

export const messagesStyles = css`
  :host {
    --page-accent: var(--accent);
    position: relative;
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  /* Positioned: what only screen readers get scrolls with it, and makes no page longer. */
  .scroll {
    position: relative;
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
    overflow-wrap: anywhere;
  }
  .scroll:focus-visible {
    outline-offset: -3px;
    box-shadow: none;
  }
  .column {
    display: flex;
    flex-direction: column;
    max-width: 880px;
    min-height: 100%;
    margin: 0 auto;
    padding: 12px 28px 20px;
  }
  .day {
    display: flex;
    align-items: center;
    gap: 20px;
    margin: 16px 0 2px;
  }
  .day::before,
  .day::after {
    content: '';
    flex: 1;
    height: 1px;
    background: var(--line);
  }
  .item {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    margin-top: 14px;
  }
  .item.grouped {
    margin-top: 4px;
  }
  .item:is(.owner, .assistant) {
    align-items: flex-end;
  }
  .item.wide,
  .item.system {
    align-items: stretch;
  }
  .sending .bubble {
    opacity: 0.75;
  }
  .line {
    display: flex;
    align-items: flex-end;
    gap: 9px;
    max-width: min(82%, 640px);
  }
  .unseen {
    visibility: hidden;
  }
  .bubble {
    min-width: 0;
    padding: 8px 14px;
    border-radius: 16px;
    background: var(--bubble, var(--hover));
  }
  .visitor .bubble {
    border-end-start-radius: 5px;
  }
  .owner > .bubble {
    max-width: min(82%, 640px);
    border-end-end-radius: 5px;
    background: var(--fill);
    color: var(--on-fill);
    --accent: currentColor;
  }
  /* On a surface of its own again. */
  .owner > .bubble .code {
    --accent: var(--page-accent);
  }
  .mark {
    display: inline-block;
    margin-bottom: 3px;
    padding: 0 7px;
    border-radius: 5px;
    background: var(--danger-paper);
    color: var(--danger);
    font-size: 12px;
    line-height: 18px;
  }
  .card {
    max-width: min(82%, 640px);
    padding: 10px 14px 12px;
    border: 1px dashed color-mix(in srgb, var(--ink-2) 45%, transparent);
    border-radius: 14px;
    background: color-mix(in srgb, var(--hover) 45%, transparent);
  }
  .who {
    display: flex;
    align-items: center;
    gap: 6px;
    margin-bottom: 3px;
  }
  .who svg {
    width: 15px;
    height: 15px;
    color: var(--accent);
  }
  b {
    font-weight: 600;
  }
  .sources {
    display: grid;
    gap: 4px;
    margin-top: 8px;
  }
  .sources a {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    max-width: 100%;
    min-height: 24px;
    font-size: var(--text-m);
    text-decoration: none;
  }
  .sources a:hover {
    text-decoration: underline;
  }
  .sources svg {
    width: 14px;
    height: 14px;
  }
  .said {
    align-self: center;
    max-width: 90%;
    text-align: center;
    text-wrap: balance;
  }
  .note {
    display: flex;
    align-items: baseline;
    gap: 10px;
    padding: 9px 6px 9px 14px;
    border: 1px solid var(--note-line);
    border-radius: 12px;
    background: var(--note-paper);
    color: var(--note);
  }
  .note .small,
  .note .icon {
    color: inherit;
  }
  .note .icon {
    align-self: flex-start;
    min-height: max(32px, var(--target) - 4px);
    width: max(32px, var(--target) - 4px);
    margin: -6px 0;
    opacity: 0.75;
  }
  /* The time, and beside it the bin, on the first line. */
  .note > .small {
    align-self: flex-start;
    line-height: 21px;
  }
  @media (pointer: coarse) {
    .note .icon {
      width: 44px;
      min-height: 44px;
      margin: -11px 0;
    }
  }
  .note .icon:is(:hover, :focus-visible) {
    background: var(--note-line);
    opacity: 1;
  }
  .note-text {
    flex: 1;
    min-width: 0;
    font-size: var(--text-m);
  }
  .note .text {
    display: inline;
  }
  .note .text p:first-child {
    display: inline;
  }
  .meta {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 4px;
    margin-top: 4px;
  }
  .visitor .meta {
    margin-inline-start: 38px;
  }
  .meta.bad {
    color: var(--danger);
  }
  .meta .link {
    margin: 0;
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .sought .bubble,
  .sought .card {
    --sought: var(--accent);
    animation: sought 3s ease-in;
    outline: 2px solid var(--sought);
    outline-offset: 2px;
  }
  .owner.sought .bubble {
    --sought: var(--fill);
  }
  @keyframes sought {
    60% {
      outline-color: var(--sought);
    }
    to {
      outline-color: transparent;
    }
  }
  .earlier {
    align-self: center;
    font-size: var(--text-m);
  }
  .pill {
    position: absolute;
    inset: auto auto 12px 50%;
    translate: -50% 0;
    border-radius: 22px;
    color: var(--accent);
    box-shadow: 0 6px 20px -6px #0f172a40;
  }
  .typing {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-top: 14px;
  }
  .dots {
    display: inline-flex;
    gap: 4px;
    padding: 10px 12px;
    border-radius: 14px;
    background: var(--hover);
  }
  .dots i {
    width: 6px;
    height: 6px;
    border-radius: 50%;
    background: var(--ink-2);
    animation: dots 1.2s infinite;
  }
  .dots i:nth-child(2) {
    animation-delay: 0.15s;
  }
  .dots i:nth-child(3) {
    animation-delay: 0.3s;
  }
  @keyframes dots {
    0%,
    60%,
    100% {
      opacity: 0.35;
    }
    30% {
      opacity: 1;
    }
  }
  .ghosts {
    display: grid;
    gap: 16px;
    margin-top: 32px;
  }
  .ghosts i {
    width: 46%;
    height: 40px;
    border-radius: 16px;
    background: var(--hover);
  }
  .ghosts .own {
    width: 38%;
    justify-self: end;
  }
  @media (max-width: 760px) {
    .column {
      padding: 8px 16px 16px;
    }
    .line,
    .owner > .bubble,
    .card {
      max-width: 88%;
    }
  }
  @media (forced-colors: active) {
    .bubble,
    .note {
      border: 1px solid CanvasText;
    }
  }
`;
