export interface BenchOptions {
  /** Undefined: as many as the benchmark holds for enough. */
  readonly rounds: number | undefined;
}

export interface BenchResult {
  /** What was measured, for people. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** watmeter against a baseline of the same run, for checks: these hold on any machine. */
  readonly ratios: Readonly<Record<string, number>>;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;
