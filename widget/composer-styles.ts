import { css } from './adopt-styles.ts';

/** Where the visitor writes. */
export const composerCss = css`
  contact-chat-messages,
  contact-chat-form {
    position: relative;
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }
  contact-chat-composer {
    display: block;
    padding: 8px 12px 10px;
  }
  .box {
    display: flex;
    align-items: flex-end;
    border: 1px solid var(--line);
    border-radius: 14px;
  }
  .root[data-dark] :is(.box, .field) {
    background: var(--sunken);
  }
  .box:focus-within,
  .field:focus {
    border-color: var(--accent);
    box-shadow: 0 0 0 3px var(--ring);
  }
  textarea,
  .field {
    all: unset;
    box-sizing: border-box;
    flex: 1;
    min-width: 0;
    height: 48px;
    max-height: 132px;
    padding: 12px 4px 12px 14px;
    font-size: 16px;
    line-height: 1.45;
    overflow-y: auto;
    overscroll-behavior: contain;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  ::placeholder {
    color: var(--ink-2);
    opacity: 1;
  }
  .panel .send {
    position: relative;
    width: 38px;
    height: 38px;
    margin: 5px;
    background: var(--fill);
    color: var(--on-fill);
  }
  .send::after {
    content: '';
    position: absolute;
    inset: -3px;
  }
  .under {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 2px 12px;
    padding: 9px 4px 0;
  }
  .bad {
    color: var(--danger);
  }
`;
