/**
 * Colours, type and space of the inbox as custom properties of the page: adopted once by the
 * document, inherited through every shadow root. The accent and the ways it is used are the
 * widget's, so that both look like one thing.
 */
import { css } from 'lit';

const light = css`
  color-scheme: light;
  --paper: #fff;
  --ink: #16181d;
  --ink-2: #5b616c;
  --line: #e2e5e9;
  --sunken: #f3f4f6;
  --raised: #fff;
  --hover: #f0f2f5;
  --chosen: #edf2fb;
  --fill: #2c67b0;
  --fill-2: #235690;
  --on-fill: #fff;
  --accent: #2c67b0;
  --danger: #b9302a;
  --danger-paper: #fbe9e4;
  --on-danger: #fff;
  --warn: #84500c;
  --warn-paper: #fbf0e2;
  --good: #247a4b;
  --note: #5f4b06;
  --note-paper: #fdf7e0;
  --note-line: #eddfa8;
  --mark: #ffe9a3;
  --badge: #c8322b;
  --shadow: 0 18px 48px -12px #0f172a4d, 0 2px 8px #0f172a14;
  --veil: #0f172a66;
`;

const dark = css`
  color-scheme: dark;
  --paper: #16181d;
  --ink: #eceef2;
  --ink-2: #9ba2ae;
  --line: #2b2f38;
  --sunken: #101216;
  --raised: #1d2026;
  --hover: #22262e;
  --chosen: #1f2a3a;
  --fill: #6296d8;
  --fill-2: #7aa8e2;
  --on-fill: #000;
  --accent: #7fabe3;
  --danger: #ff8f85;
  --danger-paper: #3a2220;
  --on-danger: #000;
  --warn: #ecc38a;
  --warn-paper: #30271a;
  --good: #55c48b;
  --note: #ecd896;
  --note-paper: #2b2616;
  --note-line: #4d4320;
  --mark: #6b5613;
  --badge: #c8322b;
  --shadow: 0 18px 40px -16px #000000b3;
  --veil: #000000a6;
`;

export const tokens = css`
  :root {
    ${light}
    --ring: color-mix(in srgb, var(--accent) 18%, transparent);
    --tint: color-mix(in srgb, var(--accent) 14%, var(--paper));
    --font:
      -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', Arial, 'PingFang SC',
      'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif;
    --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Noto Sans Mono', monospace;
    --text-s: 12.5px;
    --text-m: 14px;
    --text-l: 15px;
    --text-xl: 18px;
    --text-2xl: 24px;
    --radius-s: 6px;
    --radius: 10px;
    --radius-l: 14px;
    --radius-xl: 18px;
    --target: 36px;
    --quick: 140ms;
  }
  @media (prefers-color-scheme: dark) {
    :root:not([data-theme='light']) {
      ${dark}
    }
  }
  :root[data-theme='dark'] {
    ${dark}
  }
  /* Fingers need more room than a mouse. */
  @media (pointer: coarse) {
    :root {
      --target: 44px;
      --text-m: 15px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    :root {
      --quick: 0ms;
    }
  }
  html,
  body {
    height: 100%;
    margin: 0;
  }
  body {
    background: var(--paper);
    color: var(--ink);
    font: var(--text-l) / 1.5 var(--font);
    -webkit-text-size-adjust: 100%;
    overflow-wrap: break-word;
  }
`;
