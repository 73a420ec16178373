import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ClientMessage } from '../shared/protocol.ts';
import { sayOf, sendVerdicts, verdictOn } from './verdicts.ts';

it('is sent when there is a session, once, in the order of the answers, and may be changed', () => {
  const heard: ClientMessage[] = [];
  const deaf = (): void => undefined;
  const hear = (message: ClientMessage, told: () => void): void => {
    heard.push(message);
    told();
  };
  sayOf('ai:b', 'down');
  sayOf('ai:a', 'up');
  sayOf('ai:b', 'up');
  sendVerdicts(['ai:a', 'ai:b'], deaf);
  sendVerdicts(['ai:a', 'ai:b'], hear);
  sendVerdicts(['ai:a', 'ai:b'], hear);
  expect(heard).toEqual([
    { type: 'feedback', id: 'ai:a', value: 'up' },
    { type: 'feedback', id: 'ai:b', value: 'up' },
  ]);
  sayOf('ai:a', 'up');
  sayOf('ai:b', 'down');
  sendVerdicts(['ai:a', 'ai:b'], hear);
  expect(heard.slice(2)).toEqual([{ type: 'feedback', id: 'ai:b', value: 'down' }]);
  expect([verdictOn('ai:a'), verdictOn('ai:b'), verdictOn('ai:c')]).toEqual([
    'up',
    'down',
    undefined,
  ]);
});

it('is not sent to a conversation that has no such answer', () => {
  const heard: ClientMessage[] = [];
  sayOf('ai:erased', 'up');
  sendVerdicts(['ai:other'], (message, told) => {
    heard.push(message);
    told();
  });
  expect(heard).toEqual([]);
});

const place = 'contact-chat:verdicts';

/** A device's storage, for the page that is loaded next. */
class Device {
  readonly kept = new Map<string, string>();
  refuses = false;
  #check(): void {
    if (this.refuses) throw new DOMException('blocked', 'SecurityError');
  }
  getItem(key: string): string | null {
    this.#check();
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#check();
    this.kept.set(key, value);
  }
  removeItem(key: string): void {
    this.#check();
    this.kept.delete(key);
  }
}

let device: Device;
const loadPage = async () => {
  vi.resetModules();
  return import('./verdicts.ts');
};
const hear = (message: ClientMessage, told: () => void): void => {
  heard.push(message);
  told();
};
let heard: ClientMessage[];

beforeEach(() => {
  device = new Device();
  heard = [];
  vi.stubGlobal('localStorage', device);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it('is known after the page is loaded again, and sent once', async () => {
  const before = await loadPage();
  before.sayOf('ai:a', 'up');
  before.sendVerdicts(['ai:a'], hear);
  before.sayOf('ai:b', 'down');
  const after = await loadPage();
  expect([after.verdictOn('ai:a'), after.verdictOn('ai:b')]).toEqual(['up', 'down']);
  after.sendVerdicts(['ai:a', 'ai:b'], hear);
  expect(heard.slice(1)).toEqual([{ type: 'feedback', id: 'ai:b', value: 'down' }]);
  (await loadPage()).sendVerdicts(['ai:a', 'ai:b'], hear);
  expect(heard).toHaveLength(2);
});

it('is forgotten with the conversation, that of others is not', async () => {
  const page = await loadPage();
  page.sayOf('ai:a', 'up');
  page.sayOf('ai:b', 'up');
  page.forgetVerdicts(['ai:a']);
  expect([page.verdictOn('ai:a'), page.verdictOn('ai:b')]).toEqual([undefined, 'up']);
  expect(device.kept.get(place)).not.toContain('ai:a');
  page.forgetVerdicts(['ai:b']);
  expect(device.kept.size).toBe(0);
});

it('does not take away what another tab has written meanwhile', async () => {
  const [one, other] = [await loadPage(), await loadPage()];
  one.sayOf('ai:a', 'up');
  other.sayOf('ai:b', 'down');
  one.sayOf('ai:c', 'up');
  expect(JSON.parse(device.kept.get(place) ?? '')).toEqual([
    ['ai:a', 'up', false],
    ['ai:b', 'down', false],
    ['ai:c', 'up', false],
  ]);
});

it.each(['{', '{}', '[1, null, ["x"], ["ai:x", "sideways", true], [3, "up", true]]'])(
  'begins anew where the device has kept %s',
  async (kept) => {
    device.kept.set(place, kept);
    const page = await loadPage();
    expect(page.verdictOn('ai:x')).toBeUndefined();
    page.sayOf('ai:a', 'up');
    expect(JSON.parse(device.kept.get(place) ?? '')).toEqual([['ai:a', 'up', false]]);
  },
);

it('is known while the page is open where the device keeps nothing', async () => {
  device.refuses = true;
  const page = await loadPage();
  page.sayOf('ai:a', 'up');
  page.sendVerdicts(['ai:a'], hear);
  page.forgetVerdicts(['ai:z']);
  expect([page.verdictOn('ai:a'), heard.length, device.kept.size]).toEqual(['up', 1, 0]);
});

it('keeps the newest two hundred', async () => {
  const page = await loadPage();
  for (let at = 0; at < 300; at += 1) page.sayOf(`ai:${at}`, 'up');
  const ids = (JSON.parse(device.kept.get(place) ?? '') as [string][]).map(([id]) => id);
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([200, 'ai:100', 'ai:299']);
});
