export interface BenchOptions {
  /** Number of rounds. Undefined: the default of the bench. */
  readonly rounds: number | undefined;
  /** Table sizes of the bench `query`, in millions of sessions. Undefined uses the bench's default. */
  readonly millions: readonly number[] | undefined;
  /** True if the bench `query` also measures a table with a million distinct tags. */
  readonly tags?: boolean | undefined;
}

export interface BenchResult {
  /** Measured values, to be read by people. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** Ratios of watmeter to a baseline in the same run. Unlike the figures, they can be compared between machines. */
  readonly ratios: Readonly<Record<string, number>>;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;
