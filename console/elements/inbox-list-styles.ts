import { css } from 'lit';

export const listStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--paper);
  }
  .head {
    padding: 18px 16px 12px;
  }
  .top {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 12px;
  }
  h1 {
    font-size: 20px;
    font-weight: 650;
    line-height: 1.3;
    letter-spacing: -0.015em;
  }
  .views {
    display: flex;
    gap: 14px;
    padding: 6px 16px 0;
    border-bottom: 1px solid var(--line);
    overflow-x: auto;
    scrollbar-width: none;
  }
  .views a {
    position: relative;
    display: flex;
    flex: none;
    align-items: center;
    gap: 4px;
    min-height: max(42px, var(--target));
    color: var(--ink-2);
    font-size: var(--text-m);
    font-weight: 500;
    text-decoration: none;
    border-radius: 6px 6px 0 0;
  }
  @media (max-width: 380px) {
    .views {
      gap: 10px;
      padding-inline: 12px;
    }
    .views a {
      font-size: 14px;
    }
  }
  @media (pointer: coarse) {
    .views a {
      justify-content: center;
      min-width: 44px;
    }
  }
  .views a:hover,
  .views a[aria-current] {
    color: var(--ink);
  }
  .views a[aria-current]::after {
    content: '';
    position: absolute;
    inset: auto 0 0;
    border-bottom: 2px solid var(--accent);
  }
  .views a:focus-visible {
    outline-offset: -2px;
    box-shadow: none;
  }
  .views .count {
    color: var(--ink-2);
    font-size: var(--text-s);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
  .scroll {
    flex: 1;
    position: relative;
    overflow-y: auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
    contain: strict;
  }
  .scroll:focus-visible {
    outline-offset: -2px;
    box-shadow: none;
  }
  .window {
    position: absolute;
    inset: 0 0 auto;
    will-change: transform;
  }
  .item {
    height: 88px;
  }
  .nothing {
    display: grid;
    gap: 4px;
    padding: 48px 28px;
    text-align: center;
  }
  .nothing p {
    color: var(--ink-2);
    font-size: var(--text-m);
    text-wrap: balance;
  }
  .nothing h2 {
    font-size: var(--text-l);
    font-weight: 600;
  }
  .nothing button {
    justify-self: center;
    margin-top: 8px;
  }
  .ghost {
    display: grid;
    grid-template-columns: 40px 1fr;
    gap: 9px 12px;
    height: 88px;
    padding: 14px 16px;
    border-bottom: 1px solid var(--line);
    opacity: 0.7;
  }
  .ghost i {
    height: 11px;
    border-radius: 6px;
    background: var(--sunken);
  }
  .ghost i:first-child {
    grid-row: 1 / 4;
    height: 40px;
    border-radius: 50%;
  }
  .ghost i:nth-child(2) {
    width: 45%;
  }
  .ghost i:nth-child(3) {
    width: 85%;
  }
`;
