import type { Bench } from '../support/bench.ts';

export const start: Bench = async () => ({ figures: {}, ratios: {} });
