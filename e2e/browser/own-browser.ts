/** A browser in a process of its own, with a profile on disk, so that it can be killed. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright/test';
import { installedChromium } from '../../scripts/chromium.mjs';

export interface OwnBrowser {
  /** The profile's only context; another one after every start. */
  readonly context: BrowserContext;
  /** Ends the process as a power cut would, as far as a process can tell. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes the profile. */
  close(): Promise<void>;
}

const startMs = 45_000;

export async function startOwnBrowser(): Promise<OwnBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'contact-chat-profile-'));
  const portFile = join(profile, 'DevToolsActivePort');
  let context: BrowserContext | undefined;
  let kill = async (): Promise<void> => undefined;

  async function start(): Promise<void> {
    await rm(portFile, { force: true });
    const child = spawn(
      installedChromium() ?? chromium.executablePath(),
      [
        '--headless=new',
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
        '--lang=en-GB',
        'about:blank',
      ],
      { stdio: 'ignore' },
    );
    const exited = new Promise<void>((done) => child.once('exit', () => done()));
    kill = async () => {
      child.kill('SIGKILL');
      await exited;
    };
    const giveUpMs = Date.now() + startMs;
    let port = '';
    while (!port && Date.now() < giveUpMs && child.exitCode === null) {
      await new Promise((done) => setTimeout(done, 50));
      port = (await readFile(portFile, 'utf8').catch(() => '')).split('\n')[0] ?? '';
    }
    if (!port) throw new Error('The browser does not start.');
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    context = browser.contexts()[0];
  }

  await start();
  return {
    get context() {
      if (!context) throw new Error('The browser has no context.');
      return context;
    },
    kill: () => kill(),
    start,
    async close() {
      await kill();
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
