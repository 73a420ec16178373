import { css } from './adopt-styles.ts';

/** The conversation itself: who speaks is seen without reading. */
export const messageCss = css`
  .scroll {
    flex: 1;
    overflow-y: auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
    padding: 8px 16px 12px;
    overflow-wrap: anywhere;
  }
  .lead {
    margin: 28px 0 8px;
    font-size: 20px;
    line-height: 1.3;
    font-weight: 650;
  }
  .lead + p {
    margin: 0;
    color: var(--ink-2);
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin: 0;
    padding: 0 16px 8px;
    list-style: none;
  }
  .panel .chip {
    padding: 10px 15px;
    border: 1px solid var(--line);
    border-radius: 22px;
  }
  .chip:hover {
    border-color: var(--accent);
  }
  .day {
    display: flex;
    align-items: center;
    gap: 12px;
    margin: 14px 0;
  }
  .day::before,
  .day::after {
    content: '';
    flex: 1;
    height: 1px;
    background: var(--line);
  }
  .message {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    margin-top: 14px;
    animation: settle 0.16s ease-out;
  }
  .grouped {
    margin-top: 4px;
  }
  .visitor {
    align-items: flex-end;
  }
  .bubble {
    max-width: min(84%, 640px);
    box-sizing: border-box;
    padding: 9px 14px;
    border-radius: 16px;
    background: var(--sunken);
  }
  .visitor .bubble {
    background: var(--fill);
    color: var(--on-fill);
    border-end-end-radius: 5px;
  }
  .row {
    display: flex;
    align-items: flex-end;
    gap: 10px;
    width: 100%;
  }
  .name,
  .meta {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 6px;
    margin-block: 0 3px;
  }
  b {
    font-weight: 600;
  }
  .name svg,
  .meta svg {
    width: 15px;
    height: 15px;
  }
  .name svg {
    color: var(--accent);
  }
  .meta {
    margin-block: 4px 0;
  }
  .visitor .meta {
    justify-content: flex-end;
  }
  .panel .meta button {
    padding: 12px 4px;
    margin-block: -12px;
    margin-inline: 4px -4px;
  }
  .text {
    max-width: 100%;
  }
  .text :is(p, pre) {
    margin: 0;
  }
  .text span {
    white-space: pre-wrap;
  }
  .text * + :is(p, pre) {
    margin-top: 9px;
  }
  .text :is(code, pre) {
    padding: 1px 5px;
    border-radius: 6px;
    background: var(--sunken);
    font:
      13.4px/1.5 ui-monospace,
      Menlo,
      Consolas,
      monospace;
  }
  .text pre {
    padding: 10px 12px;
    overflow-x: auto;
  }
  .text pre code {
    padding: 0;
    background: none;
    white-space: pre;
  }
  .bubble :is(:not(pre) > code, pre) {
    background: none;
    box-shadow: inset 0 0 0 1px color-mix(in srgb, currentColor 35%, transparent);
  }
  .text a {
    color: var(--accent);
    text-underline-offset: 2px;
  }
  .visitor a {
    color: inherit;
  }
  .assistant {
    position: relative;
    padding-bottom: 28px;
  }
  @keyframes settle {
    from {
      opacity: 0.2;
      transform: translateY(3px);
    }
  }
`;
