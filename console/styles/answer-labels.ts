/** For `answerLabels`: quiet, since what is coloured is why a conversation is here. */
import { css } from 'lit';

export const answerLabelStyles = css`
  .labels {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 14px;
    margin-top: 8px;
  }
  .labels .label {
    display: inline-flex;
    align-items: center;
    gap: 5px;
  }
  .labels .down {
    color: var(--ink);
    font-weight: 600;
  }
  .labels svg {
    width: 15px;
    height: 15px;
  }
  .labels q {
    flex-basis: 100%;
    overflow-wrap: anywhere;
  }
`;
