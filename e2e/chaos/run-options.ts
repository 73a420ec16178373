/** What the command line of a chaos run says. */
export interface RunOptions {
  readonly durationMs: number;
  readonly clients: number;
  readonly pages: number;
  /** Decides what the nemesis does; printed, so that a run can be asked for again. */
  readonly seed: number;
  readonly transport: 'uws' | 'ws' | undefined;
  /** `http`: a service that writes its answers word by word. */
  readonly answerer: 'retrieval' | 'http';
}

export const usage = `usage: npm run chaos -- [--minutes N | --seconds N] [--clients N] [--pages N] [--seed N] [--transport ws|uws] [--answerer retrieval|http]

  --minutes, --seconds  how long faults are injected       default: 1 minute
  --clients             clients without a browser           default: 200
  --pages               pages of Chromium with the widget   default: 5
  --seed                decides the faults                  default: random, printed
  --transport           ws or uws                           default: the server's choice
  --answerer            http: answers are shown word by word  default: retrieval
`;

/** @throws an `Error` that says what is wrong with the arguments */
export function parseRunOptions(
  arguments_: readonly string[],
  randomSeed: () => number = () => Math.floor(Math.random() * 1e9),
): RunOptions {
  const given = new Map<string, string>();
  for (let index = 0; index < arguments_.length; index += 2) {
    const [name, value] = [arguments_[index] ?? '', arguments_[index + 1]];
    if (!/^--(minutes|seconds|clients|pages|seed|transport|answerer)$/.test(name)) {
      throw new Error(`"${name}" is not known here.`);
    }
    if (value === undefined) throw new Error(`${name} needs a value.`);
    if (given.has(name)) throw new Error(`${name} is given twice.`);
    given.set(name, value);
  }
  function number(name: string, least: number, most: number): number | undefined {
    const text = given.get(name);
    if (text === undefined) return undefined;
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new Error(`${name} is a number from ${least} to ${most}, not "${text}".`);
    }
    return value;
  }
  const whole = (name: string, least: number, most: number, fallback: number): number =>
    Math.round(number(name, least, most) ?? fallback);
  if (given.has('--minutes') && given.has('--seconds')) {
    throw new Error('Give --minutes or --seconds, not both.');
  }
  const transport = given.get('--transport');
  if (transport !== undefined && transport !== 'ws' && transport !== 'uws') {
    throw new Error(`--transport is ws or uws, not "${transport}".`);
  }
  const answerer = given.get('--answerer') ?? 'retrieval';
  if (answerer !== 'retrieval' && answerer !== 'http') {
    throw new Error(`--answerer is retrieval or http, not "${answerer}".`);
  }
  const seconds = number('--seconds', 5, 86_400) ?? (number('--minutes', 0.1, 1440) ?? 1) * 60;
  return {
    durationMs: Math.round(seconds * 1000),
    clients: whole('--clients', 1, 2000, 200),
    pages: whole('--pages', 0, 20, 5),
    seed: whole('--seed', 0, 2 ** 32 - 1, randomSeed()),
    transport,
    answerer,
  };
}
