/** The examples of the documentation, run against a delivery that was really signed. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpCounterpart } from './http-counterpart.ts';
import { sampleNotice } from './notifier.contract.ts';
import { parseChannels } from './parse-channels.ts';
import { createWebhookNotifier } from './webhook.ts';

const secret = 'a-long-random-secret-ü';

interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function deliverOnce(): Promise<Delivery> {
  const server = await startHttpCounterpart();
  try {
    const parsed = parseChannels(
      `webhook+${server.origin}/hook?secret=${encodeURIComponent(secret)}`,
    );
    const config = parsed.ok ? parsed.value[0] : undefined;
    if (config?.kind !== 'webhook') throw new Error('no webhook');
    const notifier = createWebhookNotifier(config, { version: '1.2.3' });
    await notifier.notify(sampleNotice, { signal: new AbortController().signal });
    const [post] = server.posts;
    if (!post) throw new Error('nothing arrived');
    const headers = Object.entries(post.headers).map(([name, value]) => [name, String(value)]);
    return { headers: Object.fromEntries(headers) as Record<string, string>, body: post.body };
  } finally {
    await server.goDown();
  }
}

describe.each(['en', 'zh'])('the documentation (%s)', (lang) => {
  let folder = '';
  let page = '';
  let genuine: Delivery;
  let cases: readonly { readonly delivery: Delivery; readonly secret: string; ok: boolean }[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contact-chat-verification-'));
    page = await readFile(
      new URL(`../../docs/${lang}/notify-the-owner.md`, import.meta.url),
      'utf8',
    );
    genuine = await deliverOnce();
    const { headers, body } = genuine;
    const stamped = (timestamp: string): Delivery => ({
      body,
      headers: { ...headers, 'x-contact-chat-timestamp': timestamp },
    });
    const signed = (signature: string): Delivery => ({
      body,
      headers: { ...headers, 'x-contact-chat-signature': signature },
    });
    cases = [
      { delivery: genuine, secret, ok: true },
      { delivery: genuine, secret: 'another secret', ok: false },
      { delivery: { headers, body: body.replace('Ann', 'Eve') }, secret, ok: false },
      { delivery: { headers: {}, body }, secret, ok: false },
      { delivery: signed('sha256='), secret, ok: false },
      { delivery: signed('sha256=ä'), secret, ok: false },
      { delivery: stamped(String(Math.floor(Date.now() / 1000) - 3_600)), secret, ok: false },
      { delivery: stamped('nonsense'), secret, ok: false },
    ];
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The code of the page in this language that defines the function. */
  function example(fence: string, name: string): string {
    const blocks = [...page.matchAll(new RegExp(`\`\`\`${fence}\\n([^]*?)\`\`\``, 'g'))];
    const found = blocks.map(([, code = '']) => code).find((code) => code.includes(name));
    if (found === undefined) throw new Error(`no ${fence} with ${name}`);
    return found;
  }

  it('verifies in Node.js what is genuine, and nothing else', async () => {
    const file = join(folder, 'verify.mjs');
    await writeFile(file, example('js', 'isGenuine'));
    const { isGenuine } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      isGenuine: (headers: object, rawBody: Buffer, secret: string) => boolean;
    };
    const results = cases.map((each) =>
      isGenuine(each.delivery.headers, Buffer.from(each.delivery.body), each.secret),
    );
    expect(results).toEqual(cases.map(({ ok }) => ok));
  });

  it('verifies in Python what is genuine, and nothing else', async () => {
    await writeFile(join(folder, 'verify.py'), example('python', 'is_genuine'));
    const program =
      'import json, sys; from verify import is_genuine; sys.stdin.reconfigure(encoding="utf-8"); ' +
      'print(json.dumps([is_genuine(c["delivery"]["headers"], c["delivery"]["body"].encode(), c["secret"]) for c in json.load(sys.stdin)]))';
    const output = execFileSync('python3', ['-c', program], {
      cwd: folder,
      input: JSON.stringify(cases),
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual(cases.map(({ ok }) => ok));
  });
});
