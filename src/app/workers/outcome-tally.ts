import type { Asked } from '../../gateway/exchange/outcomes.ts';

type Count = readonly [asked: Asked, outcome: string, times: number];

/** Counts of outcomes between two messages. */
export interface OutcomeTally {
  add(asked: Asked, outcome: string, times: number): void;
  /** Takes the counts since the last call. */
  drain(): readonly Count[];
}

/** Returns a tally with one count for each outcome, however often it comes up. */
export function createOutcomeTally(): OutcomeTally {
  let counts = new Map<string, [Asked, string, number]>();
  return {
    add(asked, outcome, times) {
      const key = `${asked}/${outcome}`;
      const count = counts.get(key);
      if (count === undefined) counts.set(key, [asked, outcome, times]);
      else count[2] += times;
    },
    drain() {
      const drained = [...counts.values()];
      counts = new Map();
      return drained;
    },
  };
}
