import { css } from 'lit';

export const answersStyles = css`
  legend {
    padding: 0 0 6px;
  }
  .count {
    margin-inline-start: 6px;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .segments span {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
  }
  .status {
    padding: 24px 12px;
    text-align: center;
    text-wrap: balance;
  }
  ul {
    display: grid;
    gap: 8px;
  }
  .answer {
    position: relative;
    display: grid;
    gap: 4px;
    padding: 10px 14px 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    color: inherit;
    font-size: var(--text-m);
    text-decoration: none;
    overflow-wrap: anywhere;
    transition: background-color var(--quick) ease-out;
  }
  .answer:hover {
    background: var(--hover);
  }
  .answer:active {
    opacity: 0.8;
  }
  .top {
    display: flex;
    justify-content: space-between;
    gap: 12px;
  }
  .top .clip {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .top time {
    flex: none;
  }
  .question {
    font-weight: 600;
  }
  .question,
  .said {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow: hidden;
  }
  .said {
    color: var(--ink-2);
  }
  .labels {
    margin-top: 2px;
  }
  .more {
    justify-self: center;
  }
`;
