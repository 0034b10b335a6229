/** A seeded random number generator (mulberry32). The same seed gives the same numbers. */
export interface Random {
  /** Returns a number of at least `low` and less than `high`. */
  between(low: number, high: number): number;
  /** Returns a whole number of at least `low` and less than `high`. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const between = (low: number, high: number) => low + next() * (high - low);
  const integer = (low: number, high: number) => Math.floor(between(low, high));
  return {
    between,
    integer,
    chance: (probability) => next() < probability,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new Error('no items to pick from');
      return items[integer(0, items.length)] as T;
    },
  };
}

/** Returns FAULT_SEED or a new seed, and prints it so that a failed run can be repeated. */
export function announceSeed(): number {
  const given = process.env['FAULT_SEED'];
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
  if (!Number.isInteger(seed)) throw new Error('FAULT_SEED must be an integer');
  console.log(`FAULT_SEED=${seed}`);
  return seed;
}
