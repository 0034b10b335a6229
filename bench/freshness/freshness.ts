import type { Bench } from '../support/bench.ts';

export const freshness: Bench = async () => ({ figures: {}, ratios: {} });
