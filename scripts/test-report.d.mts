export interface Failure {
  /** Names the test for people. */
  readonly where: string;
  /** Runs it again; empty where nothing does. */
  readonly file: string;
  readonly why: string;
}
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
}
export function readVitest(report: object, unhandled?: readonly string[]): Counts;
export function readPlaywright(report: object): Counts;
export function mayBeStalled(counts: Counts, sourceOf?: (file: string) => string): boolean;
