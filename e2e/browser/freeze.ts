/**
 * A page that is frozen: it has been told so and runs no more, while its sockets stay open. A
 * headless Chromium shows all its pages and freezes none that it shows, so the event is sent
 * here, and the debugger stops the page.
 */
import type { CDPSession, Page } from 'playwright/test';

export async function freeze(page: Page, devtools: CDPSession): Promise<void> {
  await page.evaluate(() => void document.dispatchEvent(new Event('freeze')));
  await devtools.send('Debugger.enable');
  const paused = new Promise((done) => devtools.once('Debugger.paused', done));
  await devtools.send('Debugger.pause');
  // It stops at the next thing that it does.
  page.evaluate(() => undefined).catch(() => undefined);
  await paused;
}

export async function thaw(page: Page, devtools: CDPSession): Promise<void> {
  await devtools.send('Debugger.resume');
  await devtools.send('Debugger.disable');
  await page.evaluate(() => void document.dispatchEvent(new Event('resume')));
}
