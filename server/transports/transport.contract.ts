import { describe } from 'vitest';
import type { Transport } from '../transport-ports.ts';
import { describeHostile } from './transport.contract-hostile.ts';
import { describeHttp } from './transport.contract-http.ts';
import { describeListening } from './transport.contract-listening.ts';
import { describeSockets } from './transport.contract-sockets.ts';
import { describeStreams } from './transport.contract-streams.ts';

/** What every transport owes its caller, over real sockets of this machine. */
export function describeTransport(name: string, load: () => Promise<Transport>): void {
  describe(`${name} keeps the contract of transports`, { timeout: 40_000 }, () => {
    describeSockets(load);
    describeHttp(load);
    describeStreams(load);
    describeHostile(load);
    describeListening(load);
  });
}
