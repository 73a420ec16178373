/** What a server holds: memory, file handles, connections. Told by its own `/metrics`. */
import { WebSocket } from 'ws';
import type { TestServer } from './start-test-server.ts';

export interface Footprint {
  readonly residentBytes: number;
  /** After a collection of garbage, so that only what is held counts. */
  readonly heapBytes: number;
  readonly openFiles: number;
  readonly connections: number;
}

/** Lets a server be told to collect its garbage: Node's inspector, on a port of its own. */
export const footprintEnv = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** Collects the garbage of a server that was started with `footprintEnv`. */
async function collectGarbage(server: TestServer): Promise<void> {
  const address = /Debugger listening on (ws:\S+)/.exec(server.log())?.[1];
  if (!address) throw new Error(`The server has no inspector. It wrote:\n${server.log()}`);
  const inspector = new WebSocket(address);
  await new Promise((resolve, reject) => {
    inspector.once('open', () => {
      inspector.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
    });
    inspector.once('message', resolve);
    inspector.once('error', reject);
  });
  inspector.terminate();
}

export async function footprint(server: TestServer): Promise<Footprint> {
  await collectGarbage(server);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const value = (name: string): number => {
    const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`/metrics has no ${name}`);
    return Number(found);
  };
  return {
    residentBytes: value('process_resident_memory_bytes'),
    heapBytes: value('nodejs_heap_size_used_bytes'),
    openFiles: value('process_open_fds'),
    connections: value('contact_chat_connections'),
  };
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** One line for people. */
export const describeFootprint = (one: Footprint): string =>
  `${megabytes(one.residentBytes)} resident, ${megabytes(one.heapBytes)} of heap, ` +
  `${one.openFiles} file handles, ${one.connections} connections`;
