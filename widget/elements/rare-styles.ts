import { css } from '../adopt-styles.ts';

/** For views that come only when asked for: the form to the owner, the question before erasing. */
export const rareCss = css`
  .form {
    flex: 1;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 0 16px 20px;
  }
  .form .lead {
    margin-top: 20px;
  }
  .form label {
    display: block;
    margin: 16px 0 5px;
    font-size: 13px;
    font-weight: 600;
  }
  .form label span {
    font-weight: 400;
    color: var(--ink-2);
  }
  .field {
    display: block;
    width: 100%;
    padding: 12px 14px;
    border: 1px solid var(--line);
    border-radius: 12px;
  }
  textarea.field {
    height: 132px;
  }
  .field[aria-invalid='true'] {
    border-color: var(--danger);
  }
  .form .bad {
    margin: 5px 0 0;
    font-size: 13px;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 16px;
  }
  .panel .actions button {
    padding: 11px 18px;
    border: 1px solid var(--line);
    border-radius: 12px;
    font-weight: 600;
  }
  .panel .actions .primary {
    border-color: transparent;
    background: var(--fill);
    color: var(--on-fill);
  }
  .panel .actions .danger {
    border-color: transparent;
    background: #b9302a;
    color: #fff;
  }
  .actions button:hover {
    filter: brightness(0.95);
  }
  .ask {
    padding: 16px;
    border-top: 1px solid var(--line);
  }
  .ask p {
    margin: 0;
  }
`;
