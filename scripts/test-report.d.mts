export interface Failure {
  /** Names the test for people. */
  readonly where: string;
  /** Runs it again. */
  readonly file: string;
  readonly why: string;
}
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
}
export function readVitest(report: object): Counts;
export function readPlaywright(report: object): Counts;
export function mayBeStalled(counts: Counts): boolean;
