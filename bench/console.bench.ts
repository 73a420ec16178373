/**
 * How smoothly the owner's inbox runs with 10,000 conversations, against one with 100, in the same
 * browser in one run: gaps between frames while scrolling, from a key to the frame that shows it,
 * and both again while visitors write.
 *
 *   npm run build && node scripts/run-ts.mjs bench/console.bench.ts
 *
 * Rounds are interleaved, so that whatever else the machine does meets both alike.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { connectCrowd, seedConversations, type Crowd } from '../e2e/browser/many-conversations.ts';
import { whileWatching, type Smoothness } from '../e2e/browser/smoothness.ts';
import type { TestServer } from '../e2e/server/start-test-server.ts';
import { installedChromium } from '../scripts/chromium.mjs';

// Where the built server is, for whoever starts it.
process.env['CONTACT_CHAT_TEST_DIST'] ??= resolve('dist');

const ownerToken = 'owner-token-for-the-benchmark';
const rounds = 3;
const visitors = 20;

interface Place {
  readonly count: number;
  readonly dataDir: string;
  readonly server: TestServer;
  readonly crowd: Crowd;
  readonly page: Page;
}

interface Sample {
  readonly scroll: Smoothness;
  readonly busyScroll: Smoothness;
  /** From a key to the frame after it, in milliseconds. */
  readonly keyMs: number;
  readonly busyKeyMs: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

async function open(browser: Browser, count: number): Promise<Place> {
  const { startTestServer } = await import('../e2e/server/start-test-server.ts');
  const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-bench-'));
  await seedConversations(dataDir, count);
  const server = await startTestServer({
    ...{ DATA_DIR: dataDir, OWNER_TOKEN: ownerToken, ANSWERER: 'off', RATE_LIMIT: '100000/1s' },
  });
  const crowd = await connectCrowd(server.wsUrl, visitors);
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await page.goto(`${server.url}/console#/waiting`);
  await page.getByLabel('Owner token', { exact: true }).fill(ownerToken);
  await page.keyboard.press('Enter');
  await page.locator('inbox-row').first().waitFor();
  // All of them are read first: a list that is read to its end is the heaviest.
  const scroll = page.locator('inbox-list .scroll');
  const last = page.locator(`[role="listitem"][aria-posinset="${count + visitors}"]`);
  while ((await last.count()) === 0) {
    await scroll.evaluate((element) => (element.scrollTop = element.scrollHeight));
  }
  // The one in which something is typed later.
  await page.goto(`${server.url}/console#/c/seeded-00050`);
  await page.locator('inbox-messages .item').waitFor();
  return { count, dataDir, server, crowd, page };
}

async function close({ server, crowd, page, dataDir }: Place): Promise<void> {
  crowd.leave();
  await page.context().close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** Twenty messages a second, for as long as something is done. */
async function whileTheyWrite<Result>(
  { crowd }: Place,
  doing: () => Promise<Result>,
): Promise<Result> {
  let writing = true;
  const chatter = (async () => {
    for (let index = 0; writing; index += 1) {
      await crowd.write(index % visitors, `One more thing, number ${index}.`);
      await new Promise((done) => setTimeout(done, 50));
    }
  })();
  const result = await doing();
  writing = false;
  await chatter;
  return result;
}

async function scrollThrough({ page }: Place): Promise<Smoothness> {
  const scroll = page.locator('inbox-list .scroll');
  await scroll.evaluate((element) => (element.scrollTop = 0));
  return whileWatching(page, () =>
    scroll.evaluate(async (element) => {
      for (let frames = 0; frames < 180; frames += 1) {
        element.scrollBy(0, frames < 90 ? 80 : -80);
        await new Promise(requestAnimationFrame);
      }
    }),
  );
}

type Typed = Window & { delays?: number[] };

/** Of 40 letters in the reply. */
async function typeReply({ page }: Place): Promise<number> {
  await page.locator('inbox-list .scroll').evaluate((element) => (element.scrollTop = 0));
  const input = page.locator('inbox-composer').getByRole('textbox');
  await input.fill('');
  await input.evaluate((element) => {
    const delays: number[] = [];
    (window as Typed).delays = delays;
    element.addEventListener('input', ({ timeStamp }) => {
      // After the frame that shows it was drawn.
      requestAnimationFrame(() => setTimeout(() => delays.push(performance.now() - timeStamp)));
    });
  });
  await input.pressSequentially('It is behind the house, and that is all.', { delay: 30 });
  await page.waitForTimeout(200);
  return median(await page.evaluate(() => (window as Typed).delays ?? []));
}

async function measure(place: Place): Promise<Sample> {
  return {
    scroll: await scrollThrough(place),
    busyScroll: await whileTheyWrite(place, () => scrollThrough(place)),
    keyMs: await typeReply(place),
    busyKeyMs: await whileTheyWrite(place, () => typeReply(place)),
  };
}

const browser = await chromium.launch({
  executablePath: installedChromium() ?? chromium.executablePath(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const places: Place[] = [];
try {
  for (const count of [100, 10_000]) places.push(await open(browser, count));
  const samples = new Map(places.map((place) => [place.count, [] as Sample[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const place of places) samples.get(place.count)?.push(await measure(place));
  }
  const figures: readonly (readonly [string, (sample: Sample) => number])[] = [
    ['scrolling, median gap between frames', ({ scroll }) => scroll.medianGapMs],
    ['scrolling, 95 %', ({ scroll }) => scroll.p95GapMs],
    ['scrolling while visitors write, median', ({ busyScroll }) => busyScroll.medianGapMs],
    ['scrolling while visitors write, 95 %', ({ busyScroll }) => busyScroll.p95GapMs],
    ['from a key to its frame, median', ({ keyMs }) => keyMs],
    ['from a key to its frame while visitors write, median', ({ busyKeyMs }) => busyKeyMs],
  ];
  console.log('| in milliseconds | 100 conversations | 10,000 | ratio |\n|---|---:|---:|---:|');
  for (const [name, of] of figures) {
    const [few = 0, many = 0] = places.map(({ count }) =>
      median((samples.get(count) ?? []).map(of)),
    );
    console.log(
      `| ${name} | ${few.toFixed(1)} | ${many.toFixed(1)} | ${(many / few).toFixed(2)} |`,
    );
  }
} finally {
  for (const place of places) await close(place);
  await browser.close();
}
