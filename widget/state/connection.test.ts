import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backOffMs,
  idleConnection,
  seemsUnreachable,
  transition,
  type Connection,
  type ConnectionEffect,
  type ConnectionEvent,
  type Now,
} from './connection.ts';

const calm: Now = { nowMs: 1_000_000, random: 0.5, online: true };

/** Runs events one after another; gives the last state and the effects of the last event. */
function run(
  events: readonly ConnectionEvent[],
  now: Partial<Now> = {},
  from: Connection = idleConnection,
): { state: Connection; effects: readonly ConnectionEffect[] } {
  let state = from;
  let effects: readonly ConnectionEffect[] = [];
  for (const event of events) [state, effects] = transition(state, event, { ...calm, ...now });
  return { state, effects };
}

const live: readonly ConnectionEvent[] = [
  { type: 'start' },
  { type: 'opened', socket: 1 },
  { type: 'heard', socket: 1 },
  { type: 'session' },
];
const closedWith = (code: number): ReturnType<typeof run> =>
  run([...live, { type: 'closed', socket: 1, code }]);
const timer = (effects: readonly ConnectionEffect[], name: string): number | undefined => {
  const found = effects.find((effect) => effect.type === 'set-timer' && effect.name === name);
  return found?.type === 'set-timer' ? found.delayMs : undefined;
};

describe('connecting', () => {
  it('opens one socket and says hello once it is open', () => {
    expect(run([{ type: 'start' }]).effects).toContainEqual({ type: 'open', socket: 1 });
    expect(run([{ type: 'start' }, { type: 'start' }]).effects).toEqual([]);
    expect(run(live.slice(0, 2)).effects).toEqual([{ type: 'hello' }]);
    expect(run(live).state.phase).toBe('live');
  });

  it('gives up on a socket that opens and never greets', () => {
    const { state } = run([...live.slice(0, 2), { type: 'timer', name: 'greeting' }]);
    expect(state.phase).toBe('waiting');
  });

  it('ignores what an older socket reports', () => {
    const renewed = run([...live, { type: 'renew' }]).state;
    expect(run([{ type: 'opened', socket: 1 }], {}, renewed).effects).toEqual([]);
    expect(run([{ type: 'closed', socket: 1, code: 4001 }], {}, renewed).state).toBe(renewed);
  });
});

describe('silence', () => {
  it('asks for a sign of life after 25 s and expects it within 8 s', () => {
    expect(timer(run(live).effects, 'ping')).toBe(25_000);
    const { effects } = run([...live, { type: 'timer', name: 'ping' }]);
    expect(effects).toContainEqual({ type: 'ping' });
    expect(timer(effects, 'pong')).toBe(8_000);
  });

  it('drops a half-open socket, and keeps one that answered', () => {
    const asked = run([...live, { type: 'timer', name: 'ping' }]).state;
    expect(run([{ type: 'timer', name: 'pong' }], {}, asked).effects).toContainEqual({
      type: 'drop',
    });
    const answered = run([{ type: 'heard', socket: 1 }], {}, asked);
    expect(answered.effects).toContainEqual({ type: 'clear-timer', name: 'pong' });
    expect(run([{ type: 'timer', name: 'pong' }], {}, answered.state).state.phase).toBe('live');
  });

  it('speaks up in time although the server never falls silent', () => {
    const { state } = run(live);
    const later = { nowMs: calm.nowMs + 61_000 };
    expect(run([{ type: 'heard', socket: 1 }], later, state).effects).toEqual([]);
  });

  it.each(['wake', 'online', 'offline'] as const)(
    'asks at once when something may have cut the line: %s [D11]',
    (type) => {
      const { state, effects } = run([...live, { type }]);
      expect(effects).toContainEqual({ type: 'ping' });
      expect(timer(effects, 'pong')).toBe(8_000);
      expect(run([{ type }], {}, state).effects).toEqual([]);
    },
  );

  it('asks at once after a sleep, known by a clock that has jumped [D11]', () => {
    const { state, effects } = run(live);
    expect(timer(effects, 'tick')).toBe(5_000);
    const inTime = run([{ type: 'timer', name: 'tick' }], { nowMs: calm.nowMs + 9_000 }, state);
    expect(inTime.effects).toEqual([{ type: 'set-timer', name: 'tick', delayMs: 5_000 }]);
    const late = run(
      [{ type: 'timer', name: 'tick' }],
      { nowMs: calm.nowMs + 20_000 },
      inTime.state,
    );
    expect(late.effects).toContainEqual({ type: 'ping' });
    expect(timer(late.effects, 'pong')).toBe(8_000);
    expect(timer(late.effects, 'tick')).toBe(5_000);
  });
});

describe('coming back', () => {
  it('waits random(0, min(30 s, 500 ms × 2^n))', () => {
    expect([0, 1, 2, 3, 10].map((n) => backOffMs(n, 1))).toEqual([
      500, 1_000, 2_000, 4_000, 30_000,
    ]);
    expect(backOffMs(5, 0)).toBe(0);
    const { state, effects } = closedWith(1006);
    expect(state.phase).toBe('waiting');
    expect(timer(effects, 'retry')).toBe(250);
  });

  it('counts tries until a connection has stayed up for 5 s', () => {
    let { state } = closedWith(1006);
    expect(state.attempt).toBe(1);
    state = run(
      [
        { type: 'timer', name: 'retry' },
        { type: 'opened', socket: 3 },
        { type: 'session' },
        { type: 'closed', socket: 3, code: 1006 },
      ],
      {},
      state,
    ).state;
    expect(state.attempt).toBe(2);
    expect(run([...live, { type: 'timer', name: 'stable' }]).state.attempt).toBe(0);
  });

  it.each([1000, 4001, 4003, 4009])('stays away after %i until somebody asks', (code) => {
    const { state, effects } = closedWith(code);
    expect(state).toMatchObject({ phase: 'stopped', closeCode: code });
    expect(timer(effects, 'retry')).toBeUndefined();
    for (const type of ['online', 'wake'] as const) {
      expect(run([{ type }], {}, state).state.phase).toBe('stopped');
    }
    expect(run([{ type: 'start' }], {}, state).state.phase).toBe('connecting');
  });

  it.each([1001, 1006, 1009, 4100, 4101, 4103])('backs off after %i', (code) => {
    expect(timer(closedWith(code).effects, 'retry')).toBe(250);
  });

  it.each([4200, 4201])('comes back now after %i, once', (code) => {
    const { state, effects } = closedWith(code);
    expect(timer(effects, 'retry')).toBe(0);
    const again = run(
      [
        { type: 'timer', name: 'retry' },
        { type: 'opened', socket: 3 },
        { type: 'session' },
        { type: 'closed', socket: 3, code },
      ],
      {},
      state,
    );
    expect(timer(again.effects, 'retry')).toBeGreaterThan(0);
  });

  it('believes no draining server that asks for more than half a minute', () => {
    const drained = run([...live, { type: 'draining', reconnectAfterMs: 1e300 }]).state;
    expect(drained.notBeforeMs).toBeLessThanOrEqual(calm.nowMs + 30_000);
  });

  it('comes back when a draining server said, counted from when it said so', () => {
    const drained = run([...live, { type: 'draining', reconnectAfterMs: 4_000 }]).state;
    const { effects } = run(
      [{ type: 'closed', socket: 1, code: 4200 }],
      { nowMs: calm.nowMs + 1_500 },
      drained,
    );
    expect(timer(effects, 'retry')).toBe(2_500);
  });

  it('never tries while the device is offline, and at once when it is not', () => {
    const offline = run(
      [{ type: 'closed', socket: 1, code: 1006 }],
      { online: false },
      run(live).state,
    );
    expect(offline.state.phase).toBe('offline');
    expect(timer(offline.effects, 'retry')).toBeUndefined();
    const waiting = closedWith(1006).state;
    expect(run([{ type: 'timer', name: 'retry' }], { online: false }, waiting).state.phase).toBe(
      'offline',
    );
    expect(run([{ type: 'online' }], {}, offline.state).state.phase).toBe('connecting');
    expect(run([{ type: 'wake' }], {}, waiting).state.phase).toBe('connecting');
  });

  it('has words for an address where nobody answers, and keeps trying', () => {
    let { state } = run([{ type: 'start' }]);
    for (let tries = 0; tries < 3; tries += 1) {
      expect(seemsUnreachable(state)).toBe(false);
      state = run([{ type: 'closed', socket: state.socket, code: 1006 }], {}, state).state;
      if (tries < 2) state = run([{ type: 'timer', name: 'retry' }], {}, state).state;
    }
    expect(seemsUnreachable(state)).toBe(true);
    expect(run([{ type: 'timer', name: 'retry' }], {}, state).state.phase).toBe('connecting');
  });
});

describe('whatever happens', () => {
  const event: fc.Arbitrary<ConnectionEvent> = fc.oneof(
    fc.constantFrom<ConnectionEvent>(
      { type: 'start' },
      { type: 'stop' },
      { type: 'renew' },
      { type: 'session' },
      { type: 'online' },
      { type: 'offline' },
      { type: 'wake' },
    ),
    fc.record({ type: fc.constant('opened' as const), socket: fc.nat(6) }),
    fc.record({ type: fc.constant('heard' as const), socket: fc.nat(6) }),
    fc.record({
      type: fc.constant('closed' as const),
      socket: fc.nat(6),
      code: fc.constantFrom(1000, 1006, 4001, 4100, 4200),
    }),
    fc.record({
      type: fc.constant('timer' as const),
      name: fc.constantFrom('retry', 'greeting', 'ping', 'pong', 'stable', 'tick'),
    }) as fc.Arbitrary<ConnectionEvent>,
  );

  it('has at most one socket, and none without being asked; waiting always ends', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.boolean()), { maxLength: 60 }), (steps) => {
        let state = idleConnection;
        let open = 0;
        const timers = new Set<string>();
        for (const [next, online] of steps) {
          if (next.type === 'closed' && next.socket === state.socket) open = 0;
          if (next.type === 'timer' && !timers.delete(next.name)) continue;
          let effects: readonly ConnectionEffect[];
          [state, effects] = transition(state, next, { ...calm, online });
          for (const effect of effects) {
            if (effect.type === 'open') open += 1;
            if (effect.type === 'drop') open = 0;
            if (effect.type === 'set-timer') timers.add(effect.name);
            if (effect.type === 'clear-timer') timers.delete(effect.name);
          }
          expect(open).toBeLessThanOrEqual(1);
          if (state.phase === 'idle' || state.phase === 'stopped') expect(open).toBe(0);
          if (state.phase === 'waiting') expect(timers.has('retry')).toBe(true);
          if (state.phase === 'connecting') expect(timers.has('greeting')).toBe(true);
        }
      }),
    );
  });
});
