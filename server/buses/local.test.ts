import { describe, expect, it } from 'vitest';
import type { BusEvent } from '../ports.ts';
import { createLocalBus } from './local.ts';

const event = (conversationId: string): BusEvent => ({ type: 'erased', conversationId });

describe('the local bus', () => {
  it('delivers at once, in order, to everybody', () => {
    const bus = createLocalBus(() => undefined);
    const heard: string[] = [];
    bus.subscribe((one) => one.type === 'erased' && heard.push(`a ${one.conversationId}`));
    bus.subscribe((one) => one.type === 'erased' && heard.push(`b ${one.conversationId}`));
    bus.publish(event('1'));
    bus.publish(event('2'));
    expect(heard).toEqual(['a 1', 'b 1', 'a 2', 'b 2']);
  });

  it('a listener that throws is reported and keeps nothing from the others', () => {
    const errors: unknown[] = [];
    const bus = createLocalBus((error, { stage }) => errors.push([stage, error]));
    const heard: BusEvent[] = [];
    bus.subscribe(() => {
      throw new Error('oops');
    });
    bus.subscribe((one) => heard.push(one));
    expect(() => bus.publish(event('1'))).not.toThrow();
    expect(heard).toHaveLength(1);
    expect(errors).toMatchObject([['bus', { message: 'oops' }]]);
  });

  it('tells nobody who has gone, also where they go while it tells', async () => {
    const bus = createLocalBus(() => undefined);
    const heard: BusEvent[] = [];
    const leave = bus.subscribe((one) => {
      heard.push(one);
      leave();
      leave();
    });
    bus.publish(event('1'));
    bus.publish(event('2'));
    expect(heard).toHaveLength(1);
    bus.subscribe((one) => heard.push(one));
    await bus.close();
    bus.publish(event('3'));
    expect(heard).toHaveLength(1);
  });
});
