/** The circle with a letter beside a conversation, and its dot for who is there. */
import { css } from 'lit';

export const avatars = css`
  .avatar {
    position: relative;
    display: grid;
    place-items: center;
    flex: none;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    background: var(--tint);
    color: var(--accent);
    font-size: var(--text-l);
    font-weight: 600;
    line-height: 1;
    user-select: none;
  }
  .avatar.little {
    width: 28px;
    height: 28px;
    font-size: 13px;
  }
  .dot {
    position: absolute;
    inset: auto -2px -2px auto;
    width: 13px;
    height: 13px;
    border: 2.5px solid var(--row-paper, var(--paper));
    border-radius: 50%;
    background: var(--good);
  }
  @media (forced-colors: active) {
    .avatar {
      border: 1px solid CanvasText;
    }
    .dot {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
