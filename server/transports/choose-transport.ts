import type { Result } from '../../shared/result.ts';
import type { Transport } from '../transport-ports.ts';
import { loadUws } from './uws.ts';
import { wsTransport } from './ws.ts';

/**
 * The fastest transport that this machine has: uWebSockets.js where its binary loads, else `ws`.
 *
 * @param options.prefer - `ws` takes `ws` without trying anything; `uws` is the default
 * @param options.log - gets one line where uWebSockets.js was wanted and could not be had
 * @param options.load - what loads uWebSockets.js; for tests
 */
export async function chooseTransport(options: {
  readonly prefer?: 'uws' | 'ws';
  readonly log: (line: string) => void;
  readonly load?: () => Promise<Result<Transport, string>>;
}): Promise<Transport> {
  if (options.prefer === 'ws') return wsTransport;
  const loaded = await (options.load ?? loadUws)();
  if (loaded.ok) return loaded.value;
  options.log(`uWebSockets.js cannot be used: ${loaded.error}. Serving with ws, which is slower.`);
  return wsTransport;
}
