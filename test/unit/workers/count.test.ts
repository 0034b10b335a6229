import { expect, it } from 'vitest';
import { workerCountFor } from '../../../src/app/workers/count.ts';

it.each([
  ['auto', 1, 1],
  ['auto', 2, 2],
  ['auto', 8, 8],
  ['auto', 64, 8],
  [0, 8, 0],
  [1, 1, 1],
  [12, 4, 12],
] as const)('GATEWAY_WORKERS=%s on %i cores starts %i workers', (gatewayWorkers, cores, expected) => {
  expect(workerCountFor({ gatewayWorkers }, cores)).toBe(expected);
});
