import type { Bench } from '../support/bench.ts';

export const opening: Bench = async () => ({ figures: {}, ratios: {} });
