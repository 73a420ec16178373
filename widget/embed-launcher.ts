/** The launcher before the widget is there: as little as can be seen, touched and understood. */
import { css } from './adopt-styles.ts';
import { bubblePath, launcherCss } from './launcher.ts';

/** Attributes of the element that a script tag may give as `data-…`. */
export const attributes =
  'lang theme position accent heading greeting questions open connect'.split(' ');

export const embedCss =
  launcherCss +
  css`
    /* Dark on a light accent, where the browser can tell; the widget itself computes it. */
    @supports (color: oklch(from red l 0 0)) {
      .launcher {
        color: oklch(
          from var(--fill, var(--contact-chat-accent, #2c67b0)) clamp(0, (0.69 - l) * 999, 1) 0 0
        );
      }
    }
    .launcher[aria-busy='true'] svg {
      opacity: 0.5;
    }
    .note {
      position: absolute;
      bottom: 64px;
      inset-inline-end: 0;
      width: max-content;
      max-width: 260px;
      padding: 9px 13px;
      border: 1px solid #e2e5e9;
      border-radius: 12px;
      background: #fff;
      color: #16181d;
      font:
        14px/1.45 system-ui,
        sans-serif;
    }
    :host([position='left']) .note {
      inset-inline: 0 auto;
    }
    .note:empty {
      display: none;
    }
  `;

interface LauncherWords {
  readonly open: string;
  readonly failed: string;
}

const words: Readonly<Record<string, LauncherWords>> = {
  en: { open: 'Open chat', failed: 'The chat could not be loaded. Touch to try again.' },
  zh: { open: '打开聊天', failed: '聊天加载失败，点击重试。' },
};

export function wordsFor(element: HTMLElement): LauncherWords {
  const tags = [element.lang, document.documentElement.lang, navigator.language];
  const known = tags.map((tag) => words[tag.slice(0, 2).toLowerCase()]).find(Boolean);
  return known ?? (words['en'] as LauncherWords);
}

export interface Launcher {
  /** The rest is on its way. */
  busy(): void;
  /** It did not come: says so, and the launcher tries again. */
  failed(): void;
}

export function drawLauncher(
  root: ShadowRoot,
  { open, failed }: LauncherWords,
  accent: string | null,
  touched: () => void,
): Launcher {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'launcher';
  button.setAttribute('part', 'launcher');
  button.ariaLabel = open;
  button.ariaExpanded = 'false';
  button.addEventListener('click', touched);
  if (accent) button.style.setProperty('--fill', accent);

  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', bubblePath);
  svg.append(path);
  button.append(svg);

  const note = document.createElement('div');
  note.className = 'note';
  note.role = 'status';
  root.append(button, note);
  return {
    busy() {
      button.ariaBusy = 'true';
      note.textContent = '';
    },
    failed() {
      button.ariaBusy = 'false';
      note.textContent = failed;
    },
  };
}
