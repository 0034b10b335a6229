export interface BenchOptions {
  /** Undefined uses the bench's default. */
  readonly rounds: number | undefined;
}

export interface BenchResult {
  /** The measured values, for people. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** watmeter compared with a baseline of the same run. Ratios are comparable between machines. */
  readonly ratios: Readonly<Record<string, number>>;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;
