/** What the owner chose on this device. Kept in localStorage; where that is blocked, in memory. */
export interface Settings {
  readonly lang: 'auto' | 'en' | 'zh';
  readonly theme: 'auto' | 'light' | 'dark';
  readonly sound: boolean;
  /** Desktop notifications while the inbox is open but not in front. */
  readonly notify: boolean;
  readonly sendKey: 'enter' | 'mod-enter';
}

export const defaultSettings: Settings = {
  lang: 'auto',
  theme: 'auto',
  sound: false,
  notify: false,
  sendKey: 'mod-enter',
};

/** The key in localStorage; `early-theme.ts` reads it too, before anything else is loaded. */
export const settingsKey = 'contact-chat-inbox-settings';

const oneOf = <Value>(value: unknown, allowed: readonly Value[], otherwise: Value): Value =>
  allowed.find((one) => one === value) ?? otherwise;

/** Whatever was stored, as settings: what is missing or makes no sense is as by default. */
export function readSettings(stored: string | null): Settings {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? '');
  } catch {
    return defaultSettings;
  }
  if (typeof value !== 'object' || value === null) return defaultSettings;
  const given = value as Readonly<Record<string, unknown>>;
  return {
    lang: oneOf(given['lang'], ['auto', 'en', 'zh'] as const, defaultSettings.lang),
    theme: oneOf(given['theme'], ['auto', 'light', 'dark'] as const, defaultSettings.theme),
    sound: given['sound'] === true,
    notify: given['notify'] === true,
    sendKey: oneOf(given['sendKey'], ['enter', 'mod-enter'] as const, defaultSettings.sendKey),
  };
}

/** Reading the property may throw: cookies blocked, a sandboxed frame. */
function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

export function loadSettings(): Settings {
  try {
    return readSettings(storage()?.getItem(settingsKey) ?? null);
  } catch {
    return defaultSettings;
  }
}

/** @returns whether they outlive the page */
export function saveSettings(settings: Settings): boolean {
  try {
    const kept = storage();
    kept?.setItem(settingsKey, JSON.stringify(settings));
    return kept !== undefined;
  } catch {
    return false;
  }
}

/** Tells of changes made in other tabs. @returns stops telling */
export function watchSettings(changed: (settings: Settings) => void): () => void {
  const listen = (event: StorageEvent): void => {
    if (event.key === settingsKey || event.key === null) changed(readSettings(event.newValue));
  };
  addEventListener('storage', listen);
  return () => removeEventListener('storage', listen);
}

const barColors = { light: '#ffffff', dark: '#16181d' } as const;

/** Of the page, and of the browser's bar around it. */
export function applyTheme(theme: Settings['theme']): void {
  for (const bar of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = bar.media.includes('dark') ? 'dark' : 'light';
    bar.content = barColors[theme === 'auto' ? own : theme];
  }
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Whether the keys are an Apple keyboard's. */
export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);
