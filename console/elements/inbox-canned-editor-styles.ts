import { css } from 'lit';

export const cannedEditorStyles = css`
  .intro {
    color: var(--ink-2);
    font-size: var(--text-m);
  }
  ol {
    display: grid;
    gap: 8px;
  }
  li {
    min-width: 0;
  }
  .removed {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 4px 14px;
    border-radius: var(--radius);
    background: var(--hover);
    font-size: var(--text-m);
    overflow-wrap: anywhere;
  }
  .add {
    justify-self: start;
  }
  .dialog-foot .error {
    color: var(--danger);
  }
`;
