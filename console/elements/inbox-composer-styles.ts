import { css } from 'lit';

export const composerStyles = css`
  :host {
    display: block;
    padding: 12px 20px 16px;
    border-top: 1px solid var(--line);
    background: var(--paper);
  }
  .outer {
    position: relative;
    max-width: 880px;
    margin: 0 auto;
  }
  inbox-canned {
    position: absolute;
    z-index: 3;
    inset: auto 0 calc(100% + 8px);
  }
  .box {
    padding: 4px 12px 8px 4px;
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--raised);
    transition: border-color var(--quick) ease-out;
  }
  .box:focus-within {
    border-color: var(--accent);
    box-shadow: 0 0 0 3px var(--ring);
  }
  .box.note {
    border-color: var(--note-line);
    background: var(--note-paper);
  }
  .box.note:focus-within {
    border-color: var(--note);
    box-shadow: 0 0 0 3px var(--note-line);
  }
  textarea,
  .preview {
    display: block;
    width: 100%;
    min-height: 52px;
    max-height: min(40dvh, 320px);
    padding: 10px 10px 6px;
    overflow-y: auto;
  }
  textarea {
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    font-size: 16px;
    line-height: 1.5;
    resize: none;
  }
  textarea:focus {
    outline: 0;
    box-shadow: none;
  }
  textarea::placeholder {
    color: var(--ink-2);
    opacity: 1;
  }
  .note textarea,
  .note .tool {
    color: var(--note);
  }
  .note textarea::placeholder {
    color: var(--note);
    opacity: 0.8;
  }
  .tools {
    display: flex;
    align-items: center;
    gap: 2px;
  }
  /* Too narrow for all of them: they scroll, and the button to send stays where it is. */
  .kinds {
    display: flex;
    flex: 0 1 auto;
    min-width: 0;
    padding: 3px;
    margin: -3px;
    gap: 2px;
    overflow-x: auto;
    scrollbar-width: none;
  }
  .kinds .tool {
    flex: none;
    white-space: nowrap;
  }
  .tool {
    min-height: var(--target);
    padding: 0 9px;
    border: 0;
    border-radius: 8px;
    background: none;
    color: var(--ink-2);
    font: inherit;
    font-size: var(--text-m);
    cursor: pointer;
  }
  .tool:hover {
    background: var(--hover);
    color: var(--ink);
  }
  .tool[aria-pressed='true'],
  .tool[aria-expanded='true'] {
    background: var(--tint);
    color: var(--accent);
  }
  .note .tool:hover {
    background: var(--note-line);
    color: var(--note);
  }
  .note .tool[aria-pressed='true'] {
    background: var(--note-line);
    color: var(--note);
  }
  .state {
    flex: 1;
    padding: 0 8px;
    text-align: end;
  }
  .state.none {
    padding: 0;
  }
  .keys {
    padding: 0 10px;
    white-space: nowrap;
  }
  .send {
    display: grid;
    place-items: center;
    flex: none;
    width: max(38px, var(--target));
    height: max(38px, var(--target));
    border: 0;
    border-radius: 11px;
    background: var(--fill);
    color: var(--on-fill);
    cursor: pointer;
    transition: background-color var(--quick) ease-out;
  }
  .send:hover {
    background: var(--fill-2);
  }
  .send:active {
    opacity: 0.75;
  }
  .note .send {
    background: var(--note);
    color: var(--note-paper);
  }
  .send[aria-disabled='true'] {
    opacity: 0.5;
    cursor: default;
  }
  @media (max-width: 760px) {
    :host {
      padding: 8px 10px max(10px, env(safe-area-inset-bottom));
    }
    textarea,
    .preview {
      min-height: 44px;
    }
    .tool {
      padding: 0 7px;
    }
    .tools {
      flex-wrap: wrap;
    }
    .kinds {
      flex: 1 1 0;
    }
    .state.none {
      flex: none;
    }
    .state:not(.none) {
      flex-basis: 100%;
      order: -1;
      padding: 2px 8px;
    }
  }
  @media (pointer: coarse) {
    .keys,
    .slash {
      display: none;
    }
  }
`;
