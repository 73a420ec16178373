import { cpus } from 'node:os';

/** One measurement of one server. */
export interface Sample {
  /** CPU time of the server for one operation, in microseconds. */
  readonly cpuMicros: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
};

const medianOf = (samples: readonly Sample[], field: keyof Sample): number =>
  median(samples.map((sample) => sample[field]));

const fixed = (value: number, digits = 1): string => value.toFixed(digits);

/** Rows of text as a Markdown table with even columns. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** Samples by operation and server, as they were collected round by round. */
interface Results {
  readonly rounds: number;
  readonly connections: number;
  readonly cpuTimes: readonly {
    readonly what: string;
    readonly ours: readonly Sample[];
    readonly limit: readonly Sample[];
    readonly peer: readonly Sample[];
  }[];
  readonly turns: readonly Sample[];
}

/** The page of results, in Markdown. */
export function report({ rounds, connections, cpuTimes, turns }: Results): string {
  const cpu = cpus();
  const rows = cpuTimes.map(({ what, ours, limit, peer }) => {
    const [own, least, other] = [ours, limit, peer].map((samples) =>
      medianOf(samples, 'cpuMicros'),
    );
    return [
      what,
      fixed(own ?? 0),
      fixed(least ?? 0),
      fixed(other ?? 0),
      `${fixed((own ?? 0) / (least ?? 1), 2)} ×`,
      `${fixed((own ?? 0) / (other ?? 1), 2)} ×`,
    ];
  });
  const rates = cpuTimes.flatMap(({ what, ours, limit, peer }) =>
    Object.entries({ ours, 'bare uWebSockets.js': limit, 'plain ws': peer }).map(
      ([server, samples]) => speedRow(`${what}: ${server}`, samples),
    ),
  );
  return [
    '# Server figures',
    `Node ${process.version} on ${cpu.length} × ${cpu[0]?.model.trim() ?? 'unknown CPU'}; ` +
      `medians of ${rounds} interleaved rounds, ${connections} connections, each in a closed loop. ` +
      'Made by `npm run bench`, which writes this page.',
    '## CPU time of the server for one operation, in µs',
    table([
      [
        'operation',
        'ours',
        'bare uWebSockets.js',
        'plain ws',
        'ours to the limit',
        'ours to plain ws',
      ],
      ...rows,
    ]),
    'The limit answers with bytes made beforehand: it parses, checks and stores nothing. The plain ' +
      '`ws` server parses and makes JSON, and stores each message in a transaction of its own, ' +
      'with the same SQLite driver and the same durability as ours.',
    '## Speed, while the load takes the other part of the machine',
    table([
      ['operation', 'a second', 'median, ms', '99 %, ms', 'CPU, µs'],
      ...rates,
      speedRow('whole turn (message, acknowledgement, answer): ours', turns),
    ]),
  ]
    .join('\n\n')
    .concat('\n');
}

const speedRow = (what: string, samples: readonly Sample[]): string[] => [
  what,
  fixed(medianOf(samples, 'perSecond'), 0),
  fixed(medianOf(samples, 'p50Ms')),
  fixed(medianOf(samples, 'p99Ms')),
  fixed(medianOf(samples, 'cpuMicros')),
];
