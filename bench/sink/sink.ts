import type { Bench } from '../support/bench.ts';

export const sink: Bench = async () => ({ figures: {}, ratios: {} });
