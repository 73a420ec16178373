/**
 * How many random cases each large property is tried with. One table, so that the sum can be
 * promised (and is, in `property-cases.test.ts`). For tests only: nothing that ships imports it.
 *
 * `FUZZ_FACTOR=20 npx vitest run property contract` multiplies all of them; `FUZZ_SEED=…` begins
 * where a failure said that it began.
 */
export const plannedCases = {
  'timestamps against the calendar': 10_000,
  'ids against their alphabet': 3_000,
  'client messages there and back': 15_000,
  'server messages there and back': 8_000,
  'unknown fields': 4_000,
  'missing and wrong fields': 12_000,
  'structured garbage': 8_000,
  'mutated frames': 20_000,
  'numbers at the edge': 4_000,
  'repeated and magic keys': 3_000,
  'the two decoders of server messages': 16_000,
  'garbage for the widget': 6_000,
  'connection machine in a world': 10_000,
  'connection machine coming back': 6_000,
  'connection machine at random': 6_000,
  'timeline in any order': 2_000,
  'timeline step by step': 4_000,
  'messages in delivery over page deaths': 2_000,
  'sessions of the core': 150,
  'turns of assistant and owner': 200,
  'bursts and crashes': 150,
  'store in memory against the model': 1_500,
  'store on disk against the model': 400,
} as const;

export type PropertyName = keyof typeof plannedCases;

/** From `FUZZ_FACTOR`. */
export const fuzzFactor = Number(process.env['FUZZ_FACTOR'] ?? 1);
/** From `FUZZ_SEED`. */
export const fuzzSeed =
  process.env['FUZZ_SEED'] === undefined ? undefined : Number(process.env['FUZZ_SEED']);

/** What `fc.assert` takes: `fc.assert(property, casesOf('mutated frames'))`. */
export const casesOf = (
  name: PropertyName,
): { readonly numRuns: number; readonly seed?: number } => ({
  numRuns: Math.max(1, Math.round(plannedCases[name] * fuzzFactor)),
  ...(fuzzSeed === undefined ? {} : { seed: fuzzSeed }),
});

/** A long run takes longer than a test may by default. */
export const propertyTimeoutMs = 120_000 * Math.max(1, fuzzFactor);
