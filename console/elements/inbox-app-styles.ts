import { css } from 'lit';

export const appStyles = css`
  :host {
    display: block;
    height: 100%;
  }
  .app {
    position: relative;
    display: grid;
    grid-template:
      'top top top top' auto
      'rail list talk visitor' minmax(0, 1fr) / 64px minmax(280px, 328px) minmax(0, 1fr) auto;
    height: 100dvh;
    overflow: hidden;
    background: var(--paper);
  }
  .top {
    grid-area: top;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 12px;
    min-height: 36px;
    padding: 4px 16px;
    background: var(--warn-paper);
    color: var(--warn);
    font-size: 13px;
  }
  .line .link {
    min-height: 28px;
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  inbox-rail {
    grid-area: rail;
  }
  inbox-list {
    grid-area: list;
    border-inline-end: 1px solid var(--line);
  }
  main {
    grid-area: talk;
    display: grid;
    min-width: 0;
    min-height: 0;
  }
  main > * {
    min-height: 0;
    min-width: 0;
  }
  aside {
    grid-area: visitor;
    display: grid;
    width: 296px;
    min-height: 0;
    border-inline-start: 1px solid var(--line);
  }
  aside > * {
    min-height: 0;
  }
  .veil {
    display: none;
  }
  @media (max-width: 1179px) {
    aside {
      grid-area: auto;
      position: absolute;
      z-index: 5;
      inset: 0 0 0 auto;
      width: min(340px, 100%);
      box-shadow: var(--shadow);
      animation: slide 160ms ease-out;
    }
    .veil {
      display: block;
      position: absolute;
      z-index: 4;
      inset: 0;
      background: var(--veil);
    }
  }
  @keyframes slide {
    from {
      opacity: 0;
      transform: translateX(12px);
    }
  }
  @media (max-width: 760px) {
    .app {
      grid-template:
        'top' auto
        'list' minmax(0, 1fr)
        'rail' auto
        / minmax(0, 1fr);
      padding-top: env(safe-area-inset-top);
    }
    inbox-list {
      border: 0;
    }
    .app.list main,
    .app.talk :is(inbox-list, inbox-rail) {
      display: none;
    }
    .app.list {
      --toast-bottom: 66px;
    }
    .app.talk main {
      grid-area: list / list / rail / rail;
    }
    aside {
      width: 100%;
      border: 0;
    }
  }
`;
