import { beforeEach, describe, expect, it } from 'vitest';
import { createConsoleBench, type ConsoleBench } from './console-bench.ts';

describe('an inbox tells visitors', () => {
  let bench: ConsoleBench;
  beforeEach(() => {
    bench = createConsoleBench();
  });

  const typing = (): readonly (readonly [string, boolean])[] =>
    bench.published.flatMap((event) =>
      event.type === 'typing' && event.sender === 'owner'
        ? [[event.conversationId, event.active] as const]
        : [],
    );

  it('that the owner writes, until they stop, write elsewhere, fall silent or go', async () => {
    const console = await bench.join();
    const other = await bench.join();
    const type = (conversation_id: string, active: boolean): void =>
      console.send({ type: 'typing', conversation_id, active });
    type('c1', true);
    type('c1', false);
    type('c1', false);
    expect(typing()).toEqual([
      ['c1', true],
      ['c1', false],
    ]);
    type('c1', true);
    type('c2', true);
    expect(typing().slice(2)).toEqual([
      ['c1', true],
      ['c1', false],
      ['c2', true],
    ]);
    await bench.advance(9_000);
    type('c2', true);
    await bench.advance(9_000);
    expect(typing().slice(5)).toEqual([['c2', true]]);
    await bench.advance(1_000);
    expect(typing().slice(6)).toEqual([['c2', false]]);
    type('c3', true);
    console.cut();
    expect(typing().slice(7)).toEqual([
      ['c3', true],
      ['c3', false],
    ]);
    // The owner's other browser sees it too, the one that writes does not.
    expect(other.of('typing').length).toBe(typing().length);
    expect(console.of('typing')).toEqual([]);
  });

  it('that the owner is there, and a while after the last inbox was left that they are not', async () => {
    const [one, other] = [await bench.join(), await bench.join()];
    const told = (): boolean[] =>
      bench.published.flatMap((event) => (event.type === 'presence' ? [event.online] : []));
    expect(bench.presence.ownerOnline()).toBe(false);
    one.send({ type: 'presence', active: true });
    other.send({ type: 'presence', active: true });
    expect(told()).toEqual([true]);
    one.cut();
    other.send({ type: 'presence', active: false });
    await bench.advance(9_999);
    expect(bench.presence.ownerOnline()).toBe(true);
    other.send({ type: 'presence', active: true });
    await bench.advance(60_000);
    other.cut();
    await bench.advance(10_000);
    expect(bench.presence.ownerOnline()).toBe(false);
    expect(told()).toEqual([true, false]);
  });
});
