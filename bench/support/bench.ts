export interface BenchOptions {
  /** Number of rounds. Undefined uses the bench's default. */
  readonly rounds: number | undefined;
}

export interface BenchResult {
  /** Measured values, for people. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** Ratio of watmeter to a baseline in the same run. Ratios are comparable between machines. */
  readonly ratios: Readonly<Record<string, number>>;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;
