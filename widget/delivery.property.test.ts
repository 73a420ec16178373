import fc from 'fast-check';
import { describe, it } from 'vitest';
import { casesOf, propertyTimeoutMs } from '../shared/property-cases.ts';
import type { ErrorMessage } from '../shared/protocol.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { Environment } from './environment.ts';
import { byAge, type Pending } from './outbox.ts';

/** What a visitor, a network and a server may do. Numbers choose among the messages there are. */
type Step =
  | { readonly does: 'submit' | 'connect' | 'cut' | 'die' | 'wait' | 'write' }
  | { readonly does: 'store'; readonly which: number; readonly told: boolean }
  | { readonly does: 'refuse'; readonly which: number; readonly retryable: boolean }
  | { readonly does: 'retry' | 'discard'; readonly which: number };

const which = fc.nat(7);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<Step>(
      ...([
        { does: 'submit' },
        { does: 'submit' },
        { does: 'connect' },
        { does: 'connect' },
      ] as const),
      ...([{ does: 'cut' }, { does: 'die' }, { does: 'wait' }, { does: 'write' }] as const),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('store' as const), which, told: fc.boolean() }),
  },
  fc.record({ does: fc.constant('refuse' as const), which, retryable: fc.boolean() }),
  fc.record({ does: fc.constantFrom('retry' as const, 'discard' as const), which }),
);

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

const refusal = (ref: string, retryable: boolean): ErrorMessage => ({
  type: 'error',
  code: retryable ? 'rate_limited' : 'invalid_message',
  ...{ message: 'no', timestamp: '2026-01-01T00:00:00Z', retryable, ref },
});

/**
 * A device, the pages that live on it one after another, and a server. Writes reach the device
 * in their order, each when the device gets to it; a page that dies loses those still queued.
 */
function createWorld(slow: boolean) {
  const onDevice = new Map<string, string>();
  /** Submitted, in order. What may no longer arrive is taken out. */
  const owed: string[] = [];
  const texts = new Map<string, string>();
  const stored = new Set<string>();
  const refused = new Set<string>();
  /** Of the newest connection. */
  let sent: string[] = [];
  /** The first rule that a frame broke; it is sent from within promises that nobody awaits. */
  let broken: unknown;
  let connected = false;
  let page = 0;
  let delivery: Delivery;
  let queue: (() => void)[] = [];
  let timers: (() => void)[] = [];
  /** What this page knows to be stored. */
  let known = new Set<string>();
  const age = (id: string): number => Number(id.slice(1));

  const write = (act: () => void): Promise<void> =>
    new Promise((done) => {
      queue.push(() => {
        act();
        done();
      });
      if (!slow) flushWrites();
    });
  function flushWrites(): void {
    for (const act of queue.splice(0)) act();
  }

  function send({ id, message }: Pending['message']): boolean {
    if (!connected) return false;
    try {
      inspectSent(id, message);
    } catch (error) {
      broken ??= error;
    }
    sent.push(id);
    return true;
  }

  function inspectSent(id: string, message: string): void {
    demand(texts.get(id) === message, 'sent what nobody submitted');
    demand(onDevice.has(id), 'sent before it was kept');
    demand(!known.has(id), 'sent after it was acknowledged');
    demand(!refused.has(id), 'sent after it was refused for good');
    for (const [other] of onDevice) {
      const first = age(other) < age(id) && !known.has(other) && !refused.has(other);
      demand(!first || !owed.includes(other) || sent.includes(other), 'sent out of turn');
    }
  }

  function openPage(): void {
    page += 1;
    const own = page;
    const alive = (): boolean => own === page;
    known = new Set();
    connected = false;
    timers = [];
    const environment = {
      nowMs: () => texts.size,
      after(_delayMs: number, callback: () => void) {
        timers.push(callback);
        return () => void (timers = timers.filter((one) => one !== callback));
      },
    };
    delivery = createDelivery({
      tab: `tab-${own}`,
      environment: environment as unknown as Environment,
      put: (pending) =>
        write(() => alive() && onDevice.set(pending.message.id, JSON.stringify(pending))),
      remove: (id) => void write(() => alive() && onDevice.delete(id)),
      send: (message) => alive() && send(message as Pending['message']),
      show: () => undefined,
      visitor: {
        ...{ user: undefined, conversation: 'one', replaced: undefined, kept: slow },
        settle: () => turns(own % 3).then(() => alive() && connected),
      },
    });
    const kept = [...onDevice.values()].map((text) => JSON.parse(text) as Pending);
    delivery.take(kept.toSorted(byAge), () => true);
  }

  const forget = (id: string): void => void owed.splice(owed.indexOf(id), 1);
  const pick = (ids: readonly string[], index: number): string | undefined =>
    ids[index % Math.max(1, ids.length)];

  function cut(): void {
    connected = false;
    delivery.disconnected();
  }

  function happen(step: Step): void {
    switch (step.does) {
      case 'submit': {
        const id = `m${texts.size + 1}`;
        const message = `text of ${id}`;
        texts.set(id, message);
        const timestamp = '2026-01-01T00:00:00Z';
        if (delivery.submit({ type: 'chat_message', id, message, timestamp })) owed.push(id);
        return;
      }
      case 'connect':
        if (connected) return;
        sent = [];
        connected = true;
        delivery.connected();
        return;
      case 'cut':
        return cut();
      case 'die':
        queue = [];
        // What never reached the device was not sent either: nobody was told that it is safe.
        for (const id of [...owed]) if (!onDevice.has(id) && !stored.has(id)) forget(id);
        // Nor does the next page know of a refusal, or of its end, that was not written down.
        refused.clear();
        for (const [id, text] of onDevice) {
          if ((JSON.parse(text) as Pending).failure) refused.add(id);
        }
        return openPage();
      case 'wait':
        for (const callback of timers.splice(0)) callback();
        return;
      case 'write':
        return flushWrites();
      case 'store': {
        const id = pick(connected ? sent : [], step.which);
        if (id === undefined || refused.has(id)) return;
        stored.add(id);
        if (!step.told) return cut();
        known.add(id);
        return delivery.stored(id);
      }
      case 'refuse': {
        const id = pick(connected ? sent : [], step.which);
        if (id === undefined || stored.has(id) || known.has(id)) return;
        if (!step.retryable && owed.includes(id)) refused.add(id);
        if (!step.retryable && !owed.includes(id)) return;
        return delivery.refused(id, refusal(id, step.retryable));
      }
      case 'retry': {
        const id = pick([...refused], step.which);
        if (id === undefined) return;
        refused.delete(id);
        delivery.retry(id);
        return;
      }
      case 'discard': {
        const id = pick([...refused], step.which);
        if (id === undefined) return;
        refused.delete(id);
        forget(id);
        known.add(id);
        return delivery.discard(id);
      }
    }
  }

  openPage();
  return {
    happen,
    /** A calm day: the device writes, the server answers, nothing breaks. */
    async settle(): Promise<void> {
      for (let round = 0; round < 12; round += 1) {
        flushWrites();
        await turns(12);
        happen({ does: 'connect' });
        happen({ does: 'wait' });
        await turns(12);
        for (const id of [...sent]) {
          if (known.has(id) || refused.has(id)) continue;
          stored.add(id);
          known.add(id);
          delivery.stored(id);
        }
        await turns(12);
      }
      flushWrites();
    },
    inspect(): void {
      if (broken) throw broken;
      const missing = owed.filter((id) => !stored.has(id) && !refused.has(id));
      demand(missing.length === 0, `never arrived: ${missing.join()}`);
      const left = [...onDevice.keys()].filter((id) => !refused.has(id));
      demand(left.length === 0, `kept for ever: ${left.join()}`);
      const lost = [...refused].filter((id) => !onDevice.has(id));
      demand(lost.length === 0, `refused and not kept: ${lost.join()}`);
    },
  };
}

describe('what a visitor sent', () => {
  it(
    'is kept, then sent until it is acknowledged, and never after, whatever dies meanwhile [D8]',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(steps, fc.nat(6)), { minLength: 3, maxLength: 40 }),
          fc.boolean(),
          async (all, slow) => {
            const world = createWorld(slow);
            for (const [step, pause] of all) {
              world.happen(step);
              await turns(pause);
            }
            await world.settle();
            world.inspect();
            // The page is left, and another day begins.
            world.happen({ does: 'die' });
            await world.settle();
            world.inspect();
          },
        ),
        casesOf('messages in delivery over page deaths'),
      );
    },
    propertyTimeoutMs,
  );
});
