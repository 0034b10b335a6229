import type { MeteredOperation } from '../../gateway/exchange/outcomes.ts';

type Count = readonly [operation: MeteredOperation, outcome: string, times: number];

/** Counts outcomes between two messages to the main process. */
export interface OutcomeTally {
  add(operation: MeteredOperation, outcome: string, times: number): void;
  /** Returns the counts since the last call and resets them. */
  drain(): readonly Count[];
}

/** Creates a tally with one entry for each operation and outcome. */
export function createOutcomeTally(): OutcomeTally {
  let counts = new Map<string, [MeteredOperation, string, number]>();
  return {
    add(operation, outcome, times) {
      const key = `${operation}/${outcome}`;
      const count = counts.get(key);
      if (count === undefined) counts.set(key, [operation, outcome, times]);
      else count[2] += times;
    },
    drain() {
      const drained = [...counts.values()];
      counts = new Map();
      return drained;
    },
  };
}
