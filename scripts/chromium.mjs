// Finds a Chromium for the browser tests, or installs one: an installed one, else Playwright's
// download, else the system's package manager.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of a Chromium on PATH, or the one that CHROMIUM_PATH names. */
export function installedChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? named : undefined;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      if (folder !== '' && existsSync(path)) return path;
    }
  }
  return undefined;
}

/** Playwright's own download, where it was made. */
export async function playwrightChromium() {
  const { chromium } = await import('playwright');
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

const run = (command, ...parameters) =>
  spawnSync(command, parameters, {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

/** Makes sure that there is a Chromium and fonts for Chinese; says what it does. */
export async function ensureChromium() {
  const found = installedChromium() ?? (await playwrightChromium());
  if (found) {
    console.log(`Chromium: ${found}`);
    return found;
  }
  console.log("No Chromium is installed. Trying Playwright's download…");
  run(process.execPath, 'node_modules/playwright/cli.js', 'install', 'chromium');
  const downloaded = await playwrightChromium();
  if (downloaded) return downloaded;
  const needed = 'apt-get update && apt-get install -y chromium fonts-noto-cjk';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(
      `\nThe browser tests need Chromium. Install it, then run npm test again:\n\n  sudo sh -c '${needed}'\n`,
    );
    process.exit(1);
  }
  console.log('Installing Chromium with the system package manager…');
  if (!run('sh', '-c', needed)) process.exit(1);
  return installedChromium();
}
