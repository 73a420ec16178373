import fc from 'fast-check';
import { describe, it } from 'vitest';
import { pingIntervalMs, pongTimeoutMs } from '../../shared/limits.ts';
import { casesOf, propertyTimeoutMs } from '../../shared/property-cases.ts';
import { createWorld, type World } from './connection-world.ts';
import {
  idleConnection,
  transition,
  type Connection,
  type ConnectionEffect,
  type ConnectionEvent,
  type TimerName,
} from './connection.ts';

const codes = [1000, 1001, 1006, 1009, 4001, 4003, 4009, 4100, 4101, 4103, 4200, 4201, 4999];
const timerNames: readonly TimerName[] = ['retry', 'greeting', 'ping', 'pong', 'stable', 'tick'];
const longestDelayMs = 30_000;
const longestDrainMs = 60_000;

/** What may happen in a world; what is impossible in a state of it is passed over. */
type Happening =
  | { readonly what: 'tell'; readonly event: ConnectionEvent }
  | { readonly what: 'open' | 'greet' | 'say' }
  | { readonly what: 'break'; readonly code: number }
  | {
      readonly what: 'echo of the past';
      readonly event: 'opened' | 'heard' | 'closed';
      readonly code: number;
    }
  | { readonly what: 'pass' | 'sleep'; readonly ms: number }
  | { readonly what: 'network'; readonly online: boolean; readonly told: boolean };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    what: fc.constant('tell' as const),
    event: fc.oneof(
      fc.constantFrom<ConnectionEvent>(
        ...[{ type: 'start' } as const, { type: 'start' } as const, { type: 'stop' } as const],
        ...[{ type: 'renew' } as const, { type: 'wake' } as const, { type: 'wake' } as const],
      ),
      fc.record({
        type: fc.constant('draining' as const),
        reconnectAfterMs: fc.nat(longestDrainMs),
      }),
    ),
  }),
  { weight: 3, arbitrary: fc.constantFrom<Happening>({ what: 'open' }, { what: 'greet' }) },
  fc.constant<Happening>({ what: 'say' }),
  fc.record({ what: fc.constant('break' as const), code: fc.constantFrom(...codes) }),
  fc.record({
    what: fc.constant('echo of the past' as const),
    event: fc.constantFrom('opened' as const, 'heard' as const, 'closed' as const),
    code: fc.constantFrom(...codes),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('pass' as const, 'pass' as const, 'sleep' as const),
      ms: fc.oneof(fc.nat(1_000), fc.nat(10_000), fc.nat(120_000)),
    }),
  },
  fc.record({
    what: fc.constant('network' as const),
    online: fc.boolean(),
    told: fc.boolean(),
  }),
);

function happen(world: World, step: Happening, random: number): void {
  const { socket } = world;
  switch (step.what) {
    case 'tell':
      return world.tell(step.event, random);
    case 'open':
      if (socket?.stage === 'opening') world.tell({ type: 'opened', socket: socket.id }, random);
      return undefined;
    case 'greet':
      if (socket?.stage !== 'open') return undefined;
      world.tell({ type: 'heard', socket: socket.id }, random);
      return world.tell({ type: 'session' }, random);
    case 'say':
      if (socket?.stage === 'open') world.tell({ type: 'heard', socket: socket.id }, random);
      return undefined;
    case 'break':
      if (!socket) return undefined;
      world.tell({ type: 'closed', socket: socket.id, code: step.code }, random);
      demand(
        (world.state.phase === 'stopped') ===
          (step.code === 1000 || `${step.code}`.startsWith('40')),
        `after ${step.code} it is ${world.state.phase}`,
      );
      return undefined;
    case 'echo of the past': {
      const before = world.state;
      world.tell({ type: step.event, socket: world.formerSocket, code: step.code });
      demand(world.state === before && world.effects.length === 0, 'an old socket was believed');
      return undefined;
    }
    case 'sleep':
      return world.sleep(step.ms);
    case 'pass':
      return world.pass(step.ms, () => inspect(world));
    case 'network':
      world.setOnline(step.online);
      if (step.told) world.tell({ type: step.online ? 'online' : 'offline' }, random);
      return undefined;
  }
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const wanted: Readonly<Record<TimerName, (state: Connection) => boolean>> = {
  retry: ({ phase }) => phase === 'waiting',
  greeting: ({ phase }) => phase === 'connecting',
  ping: ({ phase }) => phase === 'live',
  pong: ({ phase, awaitsPong }) => phase === 'live' && awaitsPong,
  stable: ({ phase }) => phase === 'live',
  tick: ({ phase }) => phase === 'live',
};

/** What holds at any time. */
function inspect(world: World): void {
  const { state, socket, timers, delays, nowMs } = world;
  const { phase } = state;
  const connected = phase === 'connecting' || phase === 'live';
  demand((socket !== undefined) === connected, `a socket is out of place in ${phase}`);
  demand(!socket || socket.id === state.socket, 'the socket is not the one that is known');
  for (const name of timers.keys()) {
    // Started without a network while it waited: a retry that finds it offline does nothing.
    const idles = name === 'retry' && phase === 'offline';
    demand(wanted[name](state) || idles, `${name} is set in ${phase}`);
  }

  // Never stuck: something is bound to happen, or nothing is to.
  if (phase === 'waiting') demand(timers.has('retry'), 'waits for nothing');
  if (phase === 'connecting') demand(timers.has('greeting'), 'connects forever');
  if (phase === 'live') {
    const nextMs = Math.min(timers.get('ping') ?? Infinity, timers.get('pong') ?? Infinity);
    demand(nextMs <= Math.max(world.heardMs, nowMs) + pingIntervalMs, 'silence goes unnoticed');
  }
  if (phase === 'live' && state.awaitsPong) {
    const dueMs = timers.get('pong') ?? Infinity;
    demand(dueMs <= world.pingMs + pongTimeoutMs, 'a pong may be late');
  }
  for (const [name, delayMs] of delays) {
    const bound = name === 'retry' ? Math.max(longestDelayMs, longestDrainMs) : longestDelayMs;
    demand(delayMs >= 0 && delayMs <= bound, `${name} in ${delayMs} ms`);
  }
}

describe('the connection, whatever the world does', () => {
  it(
    'has one socket, is never stuck, and notices silence within 8 s of asking [D11]',
    () => {
      const steps = fc.array(fc.tuple(happening, fc.double({ min: 0, max: 0.999, noNaN: true })), {
        minLength: 3,
        maxLength: 40,
      });
      fc.assert(
        fc.property(steps, (all) => {
          const world = createWorld((by, from, online) => {
            const asked = by.type === 'start' || by.type === 'renew';
            demand(from !== 'stopped' || asked, 'came back without being asked');
            demand(from !== 'idle' || by.type === 'start', 'began without being asked');
            demand(online, 'tried without a network');
          });
          for (const [step, random] of all) {
            happen(world, step, random);
            inspect(world);
          }
        }),
        casesOf('connection machine in a world'),
      );
    },
    propertyTimeoutMs,
  );

  it(
    'comes back by itself as soon as it may, from wherever it is [D11]',
    () => {
      const steps = fc.array(happening, { maxLength: 30 });
      fc.assert(
        fc.property(steps, fc.nat(60_000), (all, silentMs) => {
          const world = createWorld();
          world.tell({ type: 'start' });
          for (const step of all) happen(world, step, 0.9);
          const { phase } = world.state;
          if (phase === 'idle' || phase === 'stopped') {
            world.pass(silentMs, () => undefined);
            world.tell({ type: 'wake' });
            demand(world.state.phase === phase, 'left its rest unasked');
            return;
          }
          // The peer is gone without a word, and the device is looked at again.
          world.setOnline(true);
          world.tell({ type: 'wake' });
          const { socket } = world;
          world.pass(world.state.phase === 'live' ? 8_000 : 12_000, () => undefined);
          demand(
            world.socket !== undefined || world.timers.has('retry'),
            'nothing comes after a dead socket',
          );
          demand(!socket || world.socket?.id !== socket.id, 'a dead socket is kept');
        }),
        casesOf('connection machine coming back'),
      );
    },
    propertyTimeoutMs,
  );
});

describe('the connection, whatever it is told', () => {
  const anything: Readonly<Record<ConnectionEvent['type'], fc.Arbitrary<ConnectionEvent>>> = {
    start: fc.constant({ type: 'start' }),
    stop: fc.constant({ type: 'stop' }),
    renew: fc.constant({ type: 'renew' }),
    session: fc.constant({ type: 'session' }),
    online: fc.constant({ type: 'online' }),
    offline: fc.constant({ type: 'offline' }),
    wake: fc.constant({ type: 'wake' }),
    draining: fc.nat(longestDrainMs).map((reconnectAfterMs) => ({
      type: 'draining',
      reconnectAfterMs,
    })),
    opened: fc.nat(8).map((socket) => ({ type: 'opened', socket })),
    heard: fc.nat(8).map((socket) => ({ type: 'heard', socket })),
    closed: fc
      .tuple(fc.nat(8), fc.constantFrom(...codes))
      .map(([socket, code]) => ({ type: 'closed', socket, code })),
    timer: fc.constantFrom(...timerNames).map((name) => ({ type: 'timer', name })),
  };
  const nows = fc.record({
    nowMs: fc.nat(1_000_000),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
    online: fc.boolean(),
  });

  it(
    'numbers its sockets upwards, opens one at a time, and ignores what is not of its phase',
    () => {
      const steps = fc.array(fc.tuple(fc.oneof(...Object.values(anything)), nows), {
        maxLength: 40,
      });
      fc.assert(
        fc.property(steps, (all) => {
          let state = idleConnection;
          let held = false;
          for (const [event, now] of all) {
            let effects: readonly ConnectionEffect[];
            const before = state;
            [state, effects] = transition(state, event, now);
            demand(state.socket >= before.socket, 'a number is used again');
            const ofAnother = 'socket' in event && event.socket !== before.socket;
            const untimely = event.type === 'timer' && !wanted[event.name](before);
            if (ofAnother || untimely) {
              demand(state === before && effects.length === 0, 'something stale was believed');
            }
            for (const effect of effects) {
              if (effect.type === 'drop') held = false;
              if (effect.type !== 'open') continue;
              demand(!held && effect.socket === state.socket, 'a socket was left open');
              held = true;
            }
          }
        }),
        casesOf('connection machine at random'),
      );
    },
    propertyTimeoutMs,
  );
});
