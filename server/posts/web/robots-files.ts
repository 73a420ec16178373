/** The `robots.txt` of the hosts that are asked, each read once a day. */
import { decodeDocument } from './charset.ts';
import type { HttpResult } from './http-get.ts';
import { allowAll, parseRobots, type Robots } from './robots.ts';

/** RFC 9309 asks not to use a copy for longer than a day, in milliseconds. */
const keptMs = 86_400_000;

export type RobotsAnswer =
  | { readonly known: true; readonly robots: Robots }
  /** What is allowed cannot be told now, so nothing is. */
  | { readonly known: false; readonly reason: string; readonly unreachable: boolean };

export interface RobotsFiles {
  of(url: URL, signal: AbortSignal): Promise<RobotsAnswer>;
  /** Files that could not be read are asked for again from now on. */
  retry(): void;
}

interface Kept {
  readonly answer: RobotsAnswer;
  readonly untilMs: number;
}

/**
 * @param fetchFile - gets a file with its redirects followed
 * @param onRead - told of each file that was read
 */
export function createRobotsFiles(options: {
  readonly fetchFile: (url: URL, signal: AbortSignal) => Promise<HttpResult>;
  readonly onRead: (host: string, robots: Robots) => void;
  readonly nowMs: () => number;
}): RobotsFiles {
  const kept = new Map<string, Promise<Kept>>();

  async function read(
    origin: string,
    signal: AbortSignal,
    before: Kept | undefined,
  ): Promise<Kept> {
    const file = new URL('/robots.txt', origin);
    const found = await options.fetchFile(file, signal);
    const untilMs = options.nowMs() + keptMs;
    if (found.status === 'answered' && found.code < 500 && found.code !== 429) {
      // Whatever else it says, there is no such file (RFC 9309, 2.3.1.3).
      const isThere = found.code >= 200 && found.code < 300;
      const robots = isThere
        ? parseRobots(decodeDocument(found.body, found.header('content-type')))
        : allowAll;
      options.onRead(file.host, robots);
      return { answer: { known: true, robots }, untilMs };
    }
    // What it said last counts on, for as long as it cannot be asked.
    if (before?.answer.known) return { answer: before.answer, untilMs };
    const reason = found.status === 'failed' ? found.reason : `${file.href} answers ${found.code}`;
    const unreachable = found.status === 'failed' && found.unreachable;
    return { answer: { known: false, reason, unreachable }, untilMs };
  }

  return {
    async of({ origin }, signal) {
      const before = kept.get(origin);
      const found = await before?.catch(() => undefined);
      if (found && found.untilMs > options.nowMs()) return found.answer;
      // Whoever else waited for the old one may have asked for the new one already.
      const current = kept.get(origin);
      if (current && current !== before) return (await current).answer;
      const reading = read(origin, signal, found);
      kept.set(origin, reading);
      reading.catch(() => kept.delete(origin));
      return (await reading).answer;
    },
    retry() {
      for (const [origin, reading] of kept) {
        void reading.then(
          ({ answer }) => {
            if (!answer.known && kept.get(origin) === reading) kept.delete(origin);
          },
          () => undefined,
        );
      }
    },
  };
}
