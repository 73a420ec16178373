/** Why a conversation is here: the only coloured labels. And the counts in badges. */
import { css } from 'lit';

export const labels = css`
  .tag {
    display: inline-block;
    max-width: 100%;
    padding: 0 7px;
    border-radius: 5px;
    background: var(--sunken);
    color: var(--ink-2);
    font-size: 12px;
    line-height: 18px;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .tag:is(.human_request, .contact_request) {
    background: var(--danger-paper);
    color: var(--danger);
  }
  .tag:is(.assistant_unsure, .visitor_message) {
    background: var(--tint);
    color: var(--accent);
  }
  .badge {
    min-width: 20px;
    height: 20px;
    padding: 0 6px;
    border-radius: 10px;
    background: var(--fill);
    color: var(--on-fill);
    font-size: 12px;
    font-weight: 600;
    line-height: 20px;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  @media (forced-colors: active) {
    .tag,
    .badge {
      outline: 1px solid CanvasText;
    }
  }
`;
