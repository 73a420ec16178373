import { css } from 'lit';

export const settingsStyles = css`
  legend {
    padding: 0 0 6px;
    font-size: var(--text-m);
    font-weight: 500;
  }
  .switches {
    display: grid;
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
  }
  .switch {
    position: relative;
    padding: 10px 72px 10px 14px;
  }
  .switch:dir(rtl) {
    padding: 10px 14px 10px 72px;
  }
  .switch + .switch {
    border-top: 1px solid var(--line);
  }
  .switch label {
    font-size: var(--text-m);
    font-weight: 500;
    cursor: pointer;
  }
  /* The whole row is the target. */
  .switch label::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  .switch input {
    appearance: none;
    position: absolute;
    inset-block-start: calc(50% - 12px);
    inset-inline-end: 14px;
    width: 42px;
    height: 24px;
    margin: 0;
    border: 1px solid var(--ink-2);
    border-radius: 12px;
    background: var(--paper);
    cursor: pointer;
    transition: background-color var(--quick) ease-out;
  }
  .switch input::before {
    content: '';
    position: absolute;
    inset-block-start: 3px;
    inset-inline-start: 3px;
    width: 16px;
    height: 16px;
    border-radius: 50%;
    background: var(--ink-2);
    transition: transform var(--quick) ease-out;
  }
  .switch input:checked {
    border-color: var(--fill);
    background: var(--fill);
  }
  .switch input:checked::before {
    background: var(--on-fill);
    transform: translateX(18px);
  }
  .switch input:disabled {
    opacity: 0.45;
    cursor: default;
  }
  .links {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
    gap: 8px;
  }
  .small.error {
    color: var(--danger);
  }
  .small.error:empty {
    display: none;
  }
  @media (forced-colors: active) {
    .switch input::before {
      background: ButtonText;
      forced-color-adjust: none;
    }
    .switch input:checked,
    .switch input:checked::before {
      background: Highlight;
    }
    .switch input:checked::before {
      background: HighlightText;
    }
  }
`;
