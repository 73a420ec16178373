import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultSettings, readSettings, settingsKey } from './settings.ts';

describe('settings', () => {
  it('keep what was chosen', () => {
    const chosen = { lang: 'zh', theme: 'dark', sound: true, notify: true, sendKey: 'enter' };
    expect(readSettings(JSON.stringify(chosen))).toEqual(chosen);
  });

  it.each([null, '', 'null', '7', '"dark"', '[]', '{', '{"theme":"pink","sound":"yes","lang":5}'])(
    'are the default where %j is stored',
    (stored) => {
      expect(readSettings(stored)).toEqual(defaultSettings);
    },
  );

  it('keep each part that makes sense', () => {
    expect(readSettings('{"theme":"dark","lang":"xx"}')).toEqual({
      ...defaultSettings,
      theme: 'dark',
    });
  });

  it('are read under the same key by the script that runs before the first paint', () => {
    const script = readFileSync(new URL('./early-theme.ts', import.meta.url), 'utf8');
    expect(script).toContain(`'${settingsKey}'`);
  });
});
