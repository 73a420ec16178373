/** Lets the clock of a Node process jump: a module loaded before it reads an offset from a file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface ClockShim {
  /** For `NODE_OPTIONS` of the process. */
  readonly nodeOptions: string;
  /** Shifts the wall clock of processes that run with it, 200 ms later at most. */
  shift(offsetMs: number): void;
}

/** `Date` with an offset; timers, which run on another clock, stay as they are. */
const shim = (offsetFile: string): string => `
import { readFileSync } from 'node:fs';
const RealDate = Date;
const realNow = Date.now;
let offsetMs = 0;
const read = () => {
  try {
    offsetMs = Number(readFileSync(${JSON.stringify(offsetFile)}, 'utf8')) || 0;
  } catch {}
};
read();
setInterval(read, 200).unref();
const now = () => realNow() + offsetMs;
globalThis.Date = new Proxy(RealDate, {
  get: (target, name) => (name === 'now' ? now : target[name]),
  apply: () => new RealDate(now()).toString(),
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
});
RealDate.prototype.constructor = globalThis.Date;
`;

/** @param folder - where the module and the offset are kept */
export function createClockShim(folder: string): ClockShim {
  const offsetFile = join(folder, 'clock-offset');
  const module = join(folder, 'clock-shim.mjs');
  writeFileSync(offsetFile, '0');
  writeFileSync(module, shim(offsetFile));
  return {
    nodeOptions: `--import=${pathToFileURL(module).href}`,
    shift: (offsetMs) => writeFileSync(offsetFile, String(Math.round(offsetMs))),
  };
}
