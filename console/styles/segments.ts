/** One choice of a few, in one row: `<fieldset>` with `.segments` of labelled radio buttons. */
import { css } from 'lit';

export const segments = css`
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .segments {
    display: flex;
    gap: 2px;
    padding: 3px;
    border-radius: 12px;
    background: var(--hover);
  }
  .segments label {
    flex: 1 1 auto;
    cursor: pointer;
  }
  .segments input {
    position: absolute;
    opacity: 0;
    pointer-events: none;
  }
  .segments span {
    display: grid;
    place-items: center;
    min-height: calc(var(--target) - 4px);
    padding: 0 8px;
    border: 1px solid transparent;
    border-radius: 9px;
    font-size: var(--text-m);
    text-align: center;
    color: var(--ink-2);
  }
  .segments :checked + span {
    border-color: var(--line);
    background: var(--raised);
    color: var(--ink);
    font-weight: 600;
  }
  .segments :focus-visible + span {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
    box-shadow: 0 0 0 4px var(--ring);
  }
  @media (forced-colors: active) {
    .segments :checked + span {
      outline: 2px solid Highlight;
    }
  }
`;
