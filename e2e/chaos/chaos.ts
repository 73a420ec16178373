/**
 * The delivery contract, put to the test: clients and pages talk to a real server through a
 * network that breaks, while the server is killed, frozen, drained, and its disk and clock fail.
 * Afterwards a checker compares what everybody saw with what is stored.
 *
 *   npm run chaos -- --minutes 10
 *
 * Exit code 0 only where nothing was lost, doubled, reordered or left unanswered, and the run was
 * rough enough to mean something; 1 where something was wrong, 3 where the run was too tame.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSlowService } from '../server/slow-service.ts';
import { startFaultProxy } from '../fault-proxy/fault-proxy.ts';
import { openBrowserPages } from './browser-pages.ts';
import { check } from './check-run.ts';
import { contactNotices } from './contact-notices.ts';
import { createClockShim } from './clock-shim.ts';
import { createCommitWatch } from './commit-watch.ts';
import type { Run } from './history.ts';
import { createNemesis, type Nemesis } from './nemesis.ts';
import { createRandom } from './random.ts';
import { report, tooTame, type RunSummary } from './report.ts';
import { parseRunOptions, usage, type RunOptions } from './run-options.ts';
import { startServerProcess } from './server-process.ts';
import { createSmallDisk } from './small-disk.ts';
import { readStoredState } from './stored-state.ts';
import { createVisitors } from './visitors.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

const progressMs = 5_000;
/** After the faults: until everything is sent, answered and shown. */
const healPatienceMs = 120_000;
const pagePatienceMs = 60_000;
const shownFindings = 15;

/** What ends with the run, newest first, however it ends. */
const atEnd: (() => Promise<unknown> | void)[] = [];
const started = performance.now();

const say = (line: string): void => {
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(4);
  process.stdout.write(`${seconds} s  ${line}\n`);
};

/** What was done, and when: for whoever looks into a finding. */
const traced: string[] = [];
const trace = (what: string): void => {
  traced.push(`${((performance.now() - started) / 1000).toFixed(2)} ${what}`);
};

/** @returns the exit code: 1 where something is wrong, 3 where nothing is but little was tried */
async function run(options: RunOptions): Promise<number> {
  const random = createRandom(options.seed);
  const folder = mkdtempSync(join(tmpdir(), 'contact-chat-chaos-'));
  atEnd.push(() => rmSync(folder, { recursive: true, force: true }));
  const disk = createSmallDisk(folder, Math.ceil(64 + (64 * options.durationMs) / 60_000));
  atEnd.push(() => disk.remove());
  const clock = createClockShim(folder);
  const webhook = await startWebhookReceiver(random.fork('webhook'));
  atEnd.push(() => webhook.close());
  const service = options.answerer === 'http' ? await startSlowService(2) : undefined;
  atEnd.push(() => service?.stop());
  let nemesis: Nemesis | undefined;
  const server = await startServerProcess({
    cwd: folder,
    onEnded: () => nemesis?.serverEnded(),
    env: {
      DATA_DIR: disk.dataDir,
      POSTS: fewPosts(folder),
      DEFAULT_LANG: 'en',
      RATE_LIMIT: '100000/1s',
      ...(service ? { ANSWERER: 'http', QA_URL: service.url } : {}),
      NOTIFY: `webhook+${webhook.url}?secret=of-the-run`,
      NODE_OPTIONS: clock.nodeOptions,
      ...(options.transport === undefined ? {} : { CONTACT_CHAT_TRANSPORT: options.transport }),
    },
  });
  atEnd.push(() => server.stop());
  const proxy = await startFaultProxy({
    target: { host: '127.0.0.1', port: server.port },
    random: random.fork('jitter').next,
  });
  atEnd.push(() => proxy.close());
  const watch = await createCommitWatch(disk.dataDir);
  atEnd.push(() => watch.close());
  const visitors = createVisitors({
    count: options.clients,
    url: `ws://127.0.0.1:${proxy.port}/contact`,
    random: random.fork('visitors'),
  });
  atEnd.push(() => visitors.stop());
  const pages = await openBrowserPages({
    count: options.pages,
    chatUrl: `http://127.0.0.1:${proxy.port}`,
    random: random.fork('pages'),
    trace,
  });
  atEnd.push(() => pages.close());

  visitors.start();
  await pages.start();
  const parts = { random: random.fork('faults'), proxy, server, disk, clock, visitors };
  const breaking = createNemesis(parts, watch, trace);
  nemesis = breaking;
  atEnd.push(() => Promise.race([breaking.stop(), pause(5_000)]));
  say(`everything runs (small disk: ${disk.kind}); faults begin`);
  breaking.start();
  const progress = setInterval(() => {
    const { typed, acknowledged, live, unsent, unanswered } = visitors.progress();
    say(
      `kills ${breaking.killCount}, live ${live}, typed ${typed} + ${pages.typed} on pages, ` +
        `acknowledged ${acknowledged}, unsent ${unsent}, unanswered ${unanswered}`,
    );
  }, progressMs);
  atEnd.push(() => clearInterval(progress));
  await pause(options.durationMs);

  say('faults end; everything heals');
  trace('faults end');
  visitors.stopTyping();
  webhook.heal();
  await breaking.stop();
  const deadlineMs = performance.now() + healPatienceMs;
  const isQuiet = (): boolean => visitors.clients.every((client) => client.isQuiet);
  while (!isQuiet() && performance.now() < deadlineMs) await pause(200);
  if (!isQuiet()) {
    const loud = visitors.clients.filter((client) => !client.isQuiet);
    for (const { name, isLive, device } of loud.slice(0, shownFindings)) {
      say(
        `not quiet: ${name} (${isLive ? 'live' : 'not live'}, ${device.outbox.size} unsent, ` +
          `${device.unanswered} unanswered, conversation ${device.conversationId})`,
      );
    }
  }
  await pages.settle(pagePatienceMs);
  clearInterval(progress);
  visitors.stop();
  say('all is quiet; the server stops');
  trace('server stops');
  await server.stop();
  const stored = await readStoredState(disk.dataDir);

  const history: Run = {
    clients: visitors.histories,
    pages: pages.views(stored.conversations),
    stored: stored.conversations,
  };
  const { findings, counts } = check(history);
  const notices = contactNotices(visitors.histories, webhook.taken, stored);
  const surprises = [...visitors.surprises, ...pages.surprises];
  const summary: RunSummary = {
    ...options,
    transport: options.transport ?? 'the default',
    disk: disk.kind,
    starts: server.starts,
    kills: breaking.kills,
    faults: { ...breaking.faults, ...(options.pages > 0 ? pages.faults : {}) },
    counts,
    findings: findings.length,
    notices,
    crashes: server.crashes.length,
    surprises: surprises.length,
    integrity: stored.integrity,
  };
  process.stdout.write(`\n${report(summary)}\n\n`);

  const wrong = [
    ...findings.map(({ rule, kind, what }) => `[${rule}] ${kind}: ${what}`),
    ...notices.missing.map(
      (one) => `[D7] lost: contact request ${one} was neither notified nor owed`,
    ),
    ...server.crashes.map((how) => `the server ended by itself with ${how}`),
    ...surprises,
    ...(stored.integrity === 'ok' ? [] : [`integrity check: ${stored.integrity}`]),
  ];
  const tame = tooTame(summary);
  if (wrong.length + tame.length > 0) {
    mkdirSync(resolve('test-results'), { recursive: true });
    const file = resolve('test-results', `chaos-${options.seed}.json`);
    const { crashes, failedStarts } = server;
    const all = { summary, wrong, crashes, failedStarts, traced, ...history };
    writeFileSync(file, JSON.stringify(all));
    for (const line of wrong.slice(0, shownFindings)) process.stdout.write(`  ${line}\n`);
    process.stdout.write(`\n${wrong.length} in all. The whole run is in ${file}\n`);
  }
  for (const reason of tame) process.stdout.write(`This run proves little: ${reason}\n`);
  return wrong.length > 0 ? 1 : tame.length > 0 ? 3 : 0;
}

/** Fewer posts than the demo has: what a start costs decides how often it can be interrupted. */
function fewPosts(folder: string): string {
  const posts = join(folder, 'posts');
  const docs = resolve('docs', 'en');
  const names = readdirSync(docs).filter((name) => name.endsWith('.md'));
  mkdirSync(posts);
  for (const name of names.toSorted().slice(0, 4))
    copyFileSync(join(docs, name), join(posts, name));
  return posts;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

let cleaning: Promise<void> | undefined;

/** Ends all that was started, once; whoever asks again waits for the same. */
function cleanUp(): Promise<void> {
  cleaning ??= (async () => {
    for (const end of atEnd.toReversed()) {
      try {
        await end();
      } catch (error) {
        process.stderr.write(`While ending: ${String(error)}\n`);
      }
    }
  })();
  return cleaning;
}

async function main(): Promise<number> {
  let options: RunOptions;
  try {
    options = parseRunOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  process.stdout.write(
    `chaos: seed ${options.seed}, ${options.clients} clients, ${options.pages} pages\n`,
  );
  try {
    return await run(options);
  } catch (error) {
    process.stderr.write(`The run itself failed: ${(error as Error).stack}\n`);
    return 1;
  } finally {
    await cleanUp();
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().then(() => process.exit(130)));
}
process.once('uncaughtException', (error) => {
  process.stderr.write(`The run itself failed: ${error.stack}\n`);
  void cleanUp().then(() => process.exit(1));
});
process.exit(await main());
