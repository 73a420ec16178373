/**
 * Markdown as an editorial page has it; stands on the tokens of the widget and of the inbox, its
 * colours of code too, which are so readable on paper and on what is sunken into it.
 */
import { css } from '../adopt-styles.ts';

export const markdownCss = css`
  .md {
    --hair: color-mix(in srgb, currentColor 18%, transparent);
    --mono:
      ui-monospace, SFMono-Regular, Menlo, Consolas, 'Noto Sans Mono', 'DejaVu Sans Mono',
      'Liberation Mono', monospace;
    min-width: 0;
    width: 100%;
    overflow-wrap: anywhere;
  }
  .md :where(p, ul, ol, blockquote, pre) {
    margin: 0;
  }
  .md.md > * + *,
  .md.md blockquote > * + * {
    margin-block-start: 10px;
  }
  .md p {
    white-space: pre-wrap;
  }
  .md .heading {
    font-weight: 650;
    line-height: 1.35;
    text-wrap: balance;
  }
  .md.md > * + .heading {
    margin-block-start: 18px;
  }
  .md .h-1 {
    font-size: 1.2em;
    letter-spacing: -0.01em;
  }
  .md .h-2 {
    font-size: 1.1em;
  }
  .md.md .heading + * {
    margin-block-start: 5px;
  }
  .md strong {
    font-weight: 650;
  }
  .md del {
    opacity: 0.75;
  }
  .md a {
    unicode-bidi: isolate;
  }
  .md :is(ul, ol) {
    display: block;
    padding: 0;
    padding-inline-start: 1.5em;
    list-style: revert;
  }
  .md.md > * + :is(ul, ol) {
    margin-block-start: 6px;
  }
  .md.md li + li,
  .md.md li > * + * {
    margin-block-start: 4px;
  }
  .md li::marker {
    color: color-mix(in srgb, currentColor 70%, transparent);
    font-variant-numeric: tabular-nums;
  }
  .md.md .box + * {
    margin-block-start: 0;
  }
  .md .task {
    position: relative;
    list-style: none;
  }
  .md .box {
    position: absolute;
    inset-inline-start: -1.4em;
    top: 0.3em;
    box-sizing: border-box;
    width: 0.95em;
    height: 0.95em;
    margin: 0;
    border: 1.5px solid color-mix(in srgb, currentColor 55%, transparent);
    border-radius: 3px;
  }
  .md .box.done::after {
    content: '';
    position: absolute;
    inset: 0 0.24em 0.16em;
    border: solid currentColor;
    border-width: 0 2px 2px 0;
    transform: rotate(40deg);
  }
  .md blockquote {
    display: block;
    padding-inline-start: 14px;
    border-inline-start: 3px solid var(--hair);
    color: color-mix(in srgb, currentColor 82%, transparent);
  }
  .md hr {
    height: 1px;
    margin-block: 16px;
    border: 0;
    background: var(--hair);
  }
  .md .table {
    max-width: 100%;
    overflow-x: auto;
    border: 1px solid var(--hair);
    border-radius: 10px;
    overflow-wrap: normal;
  }
  .md table {
    min-width: 100%;
    border-collapse: collapse;
    font-size: 0.93em;
    line-height: 1.45;
    font-variant-numeric: tabular-nums;
  }
  .md :is(th, td) {
    min-width: 3em;
    max-width: 22em;
    padding: 7px 12px;
    border: 0;
    text-align: start;
    vertical-align: top;
    white-space: pre-wrap;
  }
  .md th {
    font-weight: 600;
    white-space: nowrap;
  }
  .md td {
    border-top: 1px solid var(--hair);
  }
  .md .middle {
    text-align: center;
  }
  .md .end {
    text-align: end;
  }
  .md code {
    padding: 1px 5px;
    border-radius: 6px;
    background: color-mix(in srgb, currentColor 8%, transparent);
    box-shadow: none;
    font: 0.9em/1.5 var(--mono);
    unicode-bidi: isolate;
  }
  .md .code {
    --c-comment: var(--ink-2);
    --c-string: color-mix(in srgb, var(--good) 68%, var(--ink));
    --c-number: color-mix(in srgb, var(--warn) 90%, var(--ink));
    --c-name: color-mix(in srgb, var(--danger) 62%, var(--ink));
    --c-keyword: color-mix(in srgb, var(--accent) 78%, var(--ink));
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--sunken);
    color: var(--ink);
  }
  .bubble .md .code {
    background: var(--paper);
  }
  .md .code-head {
    display: flex;
    align-items: center;
    min-height: 32px;
    padding-inline: 12px 0;
    font-size: 12px;
    line-height: 1;
    color: var(--ink-2);
  }
  .md .code-head button {
    all: unset;
    order: 1;
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    margin-block: -6px;
    border-radius: 10px;
    color: var(--ink-2);
    cursor: pointer;
  }
  .md .code-head button:hover {
    color: var(--ink);
  }
  .md .code-head button:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -6px;
  }
  .md .code-head svg {
    width: 16px;
    height: 16px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .md .copied {
    flex: 1;
    text-align: end;
  }
  .md .code pre {
    margin: 0;
    padding: 0 12px 11px;
    overflow-x: auto;
    overflow-wrap: normal;
    border-radius: 0 0 9px 9px;
    background: none;
    box-shadow: none;
    font: 13px/1.55 var(--mono);
    text-align: left;
    tab-size: 2;
  }
  .md .code pre:focus-visible,
  .md .table:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
    box-shadow: none;
  }
  .md .code pre code {
    box-shadow: none;
    padding: 0;
    background: none;
    font: inherit;
    white-space: pre;
  }
  .md pre span {
    white-space: inherit;
  }
  .c-comment {
    color: var(--c-comment);
    font-style: italic;
  }
  .c-string {
    color: var(--c-string);
  }
  .c-number {
    color: var(--c-number);
  }
  .c-name {
    color: var(--c-name);
  }
  .c-keyword {
    color: var(--c-keyword);
  }
  .md .caret {
    display: inline-block;
    width: 2px;
    height: 1.05em;
    margin-inline: 2px -4px;
    border-radius: 1px;
    background: var(--accent);
    vertical-align: -0.16em;
    animation: caret 0.55s infinite alternate ease-in-out;
  }
  .scroll:has(.caret) .dots {
    display: none;
  }
  @keyframes caret {
    to {
      opacity: 0.15;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .md .caret {
      display: none;
    }
  }
`;
