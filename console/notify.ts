/** How the inbox draws attention: title, dot on the icon, a tone, a notification of the desktop. */
import type { Words } from './lang/choose.ts';
import { inboxUrl } from './inbox-url.ts';
import type { Settings } from './settings.ts';

export interface Notifier {
  /** A visitor wrote; says so unless somebody is looking. */
  visitorWrote(about: {
    readonly conversationId: string;
    readonly name: string;
    readonly text: string;
  }): void;
  /** How many conversations wait for the owner. */
  attention(waiting: number): void;
}

export interface NotifierOptions {
  settings(): Settings;
  words(): Pick<Words, 'notice' | 'inbox'>;
  openConversation(id: string): void;
}

/** Not more often: ten visitors at once are one sound. Milliseconds. */
const soundPauseMs = 2_000;
const maxTextChars = 140;

/** The one icon of the page, with a dot and without. */
function showDot(dot: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const wanted = inboxUrl(dot ? 'icons/icon-dot.svg' : 'icons/icon.svg');
  if (link && link.href !== wanted) link.href = wanted;
}

/** Chrome and Safari show it on the installed app's icon. */
function showBadge(count: number): void {
  if (!('setAppBadge' in navigator)) return;
  const done = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
  done.catch(() => undefined);
}

/** Two soft sine tones, a fourth apart, within a third of a second. */
function playTone(context: AudioContext): void {
  for (const [index, frequency] of [659.3, 880].entries()) {
    const startS = context.currentTime + index * 0.11;
    const tone = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, startS);
    gain.gain.linearRampToValueAtTime(0.12, startS + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.0001, startS + 0.22);
    tone.connect(gain).connect(context.destination);
    tone.start(startS);
    tone.stop(startS + 0.24);
  }
}

let audio: AudioContext | undefined;

/**
 * Plays the tone. Before the first click on a page browsers play nothing; then this is silent.
 * Called by the switch in the settings too, so that one hears what one turns on.
 */
export async function chime(): Promise<void> {
  if (!('AudioContext' in globalThis)) return;
  audio ??= new AudioContext();
  if (audio.state === 'suspended') {
    await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
  }
  if (audio.state === 'running') playTone(audio);
}

function showNotification(
  options: NotifierOptions,
  about: Parameters<Notifier['visitorWrote']>[0],
): void {
  try {
    const { notice } = options.words();
    const shown = new Notification(notice.wrote(about.name), {
      body: Array.from(about.text).slice(0, maxTextChars).join(''),
      // One notification a conversation: a newer message takes the place of the older.
      tag: about.conversationId,
      icon: inboxUrl('icons/icon-192.png'),
    });
    shown.addEventListener('click', () => {
      window.focus();
      options.openConversation(about.conversationId);
      shown.close();
    });
  } catch {
    // Chrome on Android only lets service workers notify; there push does it.
  }
}

/** Nobody is logged in any more: nothing waits for anybody here. */
export function endAttention(): void {
  showDot(false);
  showBadge(0);
}

export function createNotifier(options: NotifierOptions): Notifier {
  let soundedMs = -soundPauseMs;
  return {
    visitorWrote(about) {
      const { sound, notify } = options.settings();
      const nowMs = performance.now();
      if (sound && nowMs - soundedMs >= soundPauseMs) {
        soundedMs = nowMs;
        chime().catch(() => undefined);
      }
      const allowed = 'Notification' in globalThis && Notification.permission === 'granted';
      if (notify && allowed && (document.hidden || !document.hasFocus())) {
        showNotification(options, about);
      }
    },
    attention(waiting) {
      const { notice, inbox } = options.words();
      const wanted = notice.title(waiting, inbox);
      if (wanted !== document.title) document.title = wanted;
      showDot(waiting > 0);
      showBadge(waiting);
    },
  };
}
