import { css } from '../adopt-styles.ts';

/**
 * What only a conversation has: what the owner says, where an answer was found, what can be done
 * with it (in the room that it leaves below itself, so that nothing moves when that comes).
 */
export const answerCss = css`
  .dots {
    display: inline-flex;
    gap: 5px;
    margin-top: 14px;
    padding: 13px 16px;
    border-radius: 16px;
    background: var(--sunken);
  }
  .dots i {
    width: 6px;
    height: 6px;
    border-radius: 50%;
    background: var(--ink-2);
    animation: settle 0.7s infinite alternate ease-in-out;
  }
  .dots i + i {
    animation-delay: 0.15s;
  }
  .dots i + i + i {
    animation-delay: 0.3s;
  }
  .said {
    margin: 14px 24px 0;
    text-align: center;
    text-wrap: balance;
  }
  .panel .pill {
    position: absolute;
    bottom: 10px;
    left: 50%;
    transform: translateX(-50%);
    padding: 11px 18px;
    border-radius: 22px;
    background: var(--ink);
    color: var(--paper);
    font-size: 13px;
    font-weight: 600;
  }
  .older:hover {
    color: var(--ink);
    background: var(--sunken);
  }
  .panel .older {
    display: block;
    margin: 0 auto;
    padding: 11px 16px;
    color: var(--accent);
  }
  .owner .bubble {
    border-end-start-radius: 5px;
  }
  .owner .avatar {
    width: 28px;
    height: 28px;
    font-size: 13px;
  }
  .grouped .avatar {
    visibility: hidden;
  }
  .owner :is(.name, .meta) {
    margin-inline-start: 38px;
  }
  .cards {
    display: flex;
    flex-direction: column;
    gap: 6px;
    width: 100%;
    margin: 10px 0 0;
    padding: 0;
    list-style: none;
  }
  .card:hover {
    border-color: var(--accent);
  }
  .cards [data-label]:not([data-label=''])::before {
    content: attr(data-label);
    display: block;
    margin: 5px 0 4px;
  }
  .card {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 8px 12px;
    min-height: 26px;
    border: 1px solid var(--line);
    border-radius: 11px;
    font-size: 13.5px;
    line-height: 1.4;
    color: var(--ink);
    text-decoration: none;
  }
  .card span {
    flex: 1;
  }
  .card small {
    display: block;
  }
  .card svg {
    width: 16px;
    height: 16px;
    color: var(--ink-2);
  }
  .thumbs {
    position: absolute;
    bottom: -11px;
    inset-inline-start: -14px;
    display: flex;
    align-items: center;
    opacity: 0;
    transition: opacity 0.14s ease-out;
  }
  .thumbs.stay,
  .assistant:hover .thumbs,
  .thumbs:focus-within {
    opacity: 1;
  }
  .panel .thumbs button {
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    color: var(--ink-2);
  }
  .thumbs button + button {
    margin-inline-start: -6px;
  }
  .panel .thumbs button:hover {
    color: var(--ink);
  }
  .panel .thumbs button:focus-visible {
    outline-offset: -8px;
    box-shadow: none;
  }
  .panel .thumbs button[aria-pressed='true'] {
    color: var(--accent);
  }
  .thumbs svg {
    width: 17px;
    height: 17px;
    stroke-width: 1.6;
  }
  .thumbs [aria-pressed='true'] path {
    fill: color-mix(in srgb, currentColor 22%, transparent);
  }
  .thumbs .down svg {
    transform: rotate(180deg);
  }
  @media (hover: none) {
    .thumbs {
      opacity: 1;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .thumbs {
      transition: none;
    }
  }
`;
