import { css } from 'lit';

export const searchStyles = css`
  :host,
  search {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }
  search,
  :host([active]) {
    flex: 1;
  }
  .bar {
    position: relative;
    margin: 0 16px;
  }
  .bar > svg {
    position: absolute;
    inset-block-start: calc(50% - 9px);
    inset-inline-start: 11px;
    width: 18px;
    height: 18px;
    color: var(--ink-2);
    pointer-events: none;
  }
  .bar .input {
    min-height: var(--target);
    padding-block: 6px;
    padding-inline: 38px 42px;
    border-color: transparent;
    background: var(--hover);
    font-size: var(--text-l);
    appearance: none;
  }
  .bar .input:focus {
    background: var(--paper);
  }
  .input::-webkit-search-cancel-button {
    display: none;
  }
  .bar kbd {
    position: absolute;
    inset-block-start: calc(50% - 11px);
    inset-inline-end: 10px;
    pointer-events: none;
  }
  @media (hover: none) and (pointer: coarse) {
    .bar kbd {
      display: none;
    }
  }
  .bar .icon {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
  }
  .results {
    flex: 1;
    min-height: 0;
    margin-top: 12px;
    border-top: 1px solid var(--line);
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .results[aria-busy='true'] ul {
    opacity: 0.6;
  }
  .status {
    padding: 10px 16px 2px;
    overflow-wrap: anywhere;
  }
  .top {
    display: flex;
    align-items: baseline;
    gap: 12px;
  }
  .name {
    flex: 1;
    font-size: var(--text-m);
    font-weight: 600;
  }
  .excerpt {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    line-clamp: 3;
    overflow: hidden;
    font-size: var(--text-m);
    line-height: 1.4;
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }
  mark {
    color: var(--ink);
  }
  .who {
    margin-inline-end: 4px;
    font-weight: 500;
    color: var(--ink);
  }
  .who::after {
    content: ':';
  }
  .who.note {
    color: var(--note);
  }
  .more {
    display: block;
    margin: 4px 12px 12px;
  }
  @media (pointer: coarse) {
    .bar .input {
      font-size: 16px;
    }
  }
`;
