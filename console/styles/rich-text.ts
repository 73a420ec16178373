/** What `richText` of the widget renders: paragraphs, code, links. */
import { css } from 'lit';

export const richTextStyles = css`
  .text :is(p, pre) {
    margin: 0;
  }
  .text span {
    white-space: pre-wrap;
  }
  .text * + :is(p, pre) {
    margin-top: 8px;
  }
  .text :is(code, pre) {
    padding: 1px 5px;
    border-radius: 6px;
    box-shadow: inset 0 0 0 1px color-mix(in srgb, currentColor 25%, transparent);
    font: 13.4px/1.5 var(--mono);
  }
  .text pre {
    padding: 10px 12px;
    overflow-x: auto;
  }
  .text pre code {
    padding: 0;
    box-shadow: none;
    white-space: pre;
  }
  .text a {
    color: inherit;
    text-decoration: underline;
  }
`;
