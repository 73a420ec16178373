import { css } from 'lit';

/** Native `<dialog class="dialog">` with `.dialog-head`, `.dialog-body`, `.dialog-foot`. */
export const dialogs = css`
  .dialog {
    width: min(520px, calc(100vw - 32px));
    max-height: min(720px, calc(100dvh - 32px));
    padding: 0;
    border: 1px solid var(--line);
    border-radius: var(--radius-xl);
    background: var(--paper);
    color: var(--ink);
    box-shadow: var(--shadow);
    overflow: hidden;
  }
  .dialog[open] {
    display: flex;
    flex-direction: column;
    animation: dialog-rise 160ms ease-out;
  }
  .dialog::backdrop {
    background: var(--veil);
  }
  .dialog:focus {
    outline: 0;
  }
  .dialog.wide {
    width: min(720px, calc(100vw - 32px));
  }
  .dialog-head {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 14px 12px 10px 20px;
  }
  .dialog-head h2 {
    flex: 1;
    font-size: var(--text-xl);
    font-weight: 600;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }
  .dialog-body {
    flex: 1;
    display: grid;
    align-content: start;
    gap: 16px;
    min-height: 0;
    padding: 4px 20px 20px;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .dialog-foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 8px;
    padding: 12px 20px;
    border-top: 1px solid var(--line);
  }
  .dialog-foot .grow {
    flex: 1;
  }
  @keyframes dialog-rise {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }
  @media (max-width: 560px) {
    .dialog,
    .dialog.wide {
      width: 100vw;
      max-width: 100vw;
      max-height: 100dvh;
      margin: auto 0 0;
      border-width: 1px 0 0;
      border-radius: var(--radius-xl) var(--radius-xl) 0 0;
      padding-bottom: env(safe-area-inset-bottom);
    }
    .dialog.tall {
      height: 100dvh;
      border-radius: 0;
    }
  }
`;
