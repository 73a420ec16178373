/** The faults that a nemesis can inject into what a run is made of, each counted by its name. */
import { join } from 'node:path';
import type { FaultProxy, ProxiedConnection } from '../fault-proxy/fault-proxy.ts';
import type { ClockShim } from './clock-shim.ts';
import type { Random } from './random.ts';
import type { ServerProcess } from './server-process.ts';
import type { SmallDisk } from './small-disk.ts';
import type { Visitors } from './visitors.ts';

/** What is there to be broken. */
export interface Target {
  readonly random: Random;
  readonly proxy: FaultProxy;
  readonly server: ServerProcess;
  readonly disk: SmallDisk;
  readonly clock: ClockShim;
  readonly visitors: Visitors;
  count(fault: FaultName, times?: number): void;
  /** Runs later, unless the run is over by then: what undoes a fault. */
  later(delayMs: number, then: () => void): void;
}

export const faultNames = [
  'connection cut',
  'connection cut mid-frame',
  'direction black-holed',
  'direction delayed',
  'direction throttled',
  'connection stalled',
  'acknowledgements dropped for a while',
  'acknowledgements lost so',
  'new connections refused for a while',
  'client frozen',
  'client restarted',
  'session duplicated in the same tab',
  'server frozen (SIGSTOP)',
  'server drained (SIGTERM)',
  'disk filled',
  'clock jumped',
] as const;
export type FaultName = (typeof faultNames)[number];

/** Some of the connections there are now: mostly one, at times many. */
function some({ proxy, random }: Target, most = 40): readonly ProxiedConnection[] {
  const { connections } = proxy;
  if (connections.length === 0) return [];
  const count = random.chance(0.7) ? random.between(1, 3) : random.between(4, most);
  return Array.from({ length: count }, () => random.pick(connections));
}

export const cut = (target: Target): void => {
  for (const connection of some(target)) {
    if (target.random.chance(0.4)) {
      connection.cut();
      target.count('connection cut');
    } else {
      const direction = target.random.chance(0.7) ? 'down' : 'up';
      connection.cutAfter(direction, target.random.between(1, 700));
      target.count('connection cut mid-frame');
    }
  }
};

export const blackHole = (target: Target): void => {
  for (const connection of some(target, 15)) {
    connection.set(target.random.pick(['up', 'down']), { blackHole: true });
    target.count('direction black-holed');
    // Longer than a client waits for a sign of life, or shorter.
    target.later(target.random.between(500, 12_000), () => connection.heal());
  }
};

export const slow = (target: Target): void => {
  const { random } = target;
  for (const connection of some(target)) {
    const direction = random.pick(['up', 'down'] as const);
    const fault = random.pick(['delay', 'throttle', 'stall'] as const);
    if (fault === 'delay') {
      connection.set(direction, {
        delayMs: random.between(5, 800),
        jitterMs: random.between(0, 800),
      });
      target.count('direction delayed');
    } else if (fault === 'throttle') {
      connection.set(direction, { bytesPerSecond: random.between(200, 20_000) });
      target.count('direction throttled');
    } else {
      connection.set('up', { stall: true });
      connection.set('down', { stall: true });
      target.count('connection stalled');
    }
    target.later(random.between(300, 5_000), () => connection.heal());
  }
};

export const dropAcknowledgements = (target: Target): void => {
  for (const connection of some(target)) {
    const before = connection.droppedAcknowledgements;
    connection.dropAcknowledgements(true);
    target.count('acknowledgements dropped for a while');
    const end = (): void => {
      connection.dropAcknowledgements(false);
      target.count('acknowledgements lost so', connection.droppedAcknowledgements - before);
    };
    target.later(target.random.between(500, 6_000), end);
  }
};

export const refuseConnections = (target: Target): void => {
  const { proxy, random } = target;
  if (random.chance(0.5)) {
    proxy.refuseNew(true);
    target.later(random.between(100, 1_000), () => proxy.refuseNew(false));
  } else {
    proxy.whenDown('keep');
    target.later(random.between(500, 2_000), () => proxy.whenDown('close'));
  }
  target.count('new connections refused for a while');
};

export const disturbClients = (target: Target): void => {
  const { random, visitors } = target;
  for (let left = random.between(1, 6); left > 0; left -= 1) {
    const client = random.pick(visitors.clients);
    const what = random.pick(['freeze', 'restart', 'duplicate'] as const);
    if (what === 'freeze') {
      client.freeze(random.between(200, 10_000));
      target.count('client frozen');
    } else if (what === 'restart') {
      client.restart();
      target.count('client restarted');
    } else if (client.takeOver()) target.count('session duplicated in the same tab');
  }
};

export const freezeServer = (target: Target): void => {
  const { server, random } = target;
  const { pid } = server;
  if (pid === undefined || !server.signal('SIGSTOP')) return;
  target.count('server frozen (SIGSTOP)');
  target.later(random.between(300, 3_000), () => {
    if (server.pid === pid) server.signal('SIGCONT');
  });
};

export const drainServer = (target: Target): void => {
  const { server } = target;
  const { pid } = server;
  // A second SIGTERM means: end at once.
  if (!server.isListening || server.isDraining || !server.signal('SIGTERM')) return;
  target.count('server drained (SIGTERM)');
  // It may take its time, but a run has not got all of it.
  target.later(6_000, () => {
    if (server.pid === pid) server.signal('SIGKILL');
  });
};

export const fillDisk = (target: Target): void => {
  if (target.disk.isFull) return;
  target.disk.fill(target.server.pid);
  target.count('disk filled');
  const freeAfterMs = target.random.between(1_000, 3_000);
  target.later(freeAfterMs, () => target.disk.free(target.server.pid));
};

export const jumpClock = (target: Target): void => {
  target.clock.shift(target.random.between(-3_600_000, 3_600_000));
  target.count('clock jumped');
};

/** Where SQLite writes first. */
export const walFile = (dataDir: string): string => join(dataDir, 'contact-chat.sqlite-wal');
