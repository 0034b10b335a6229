import { expect, it } from 'vitest';
import { findDriftedProjections } from '../../../../../consumers/recovery/integrity/findings/drifted-projections.ts';
import type { RollUpDigest } from '../../../../../consumers/recovery/integrity/store/integrity-store.ts';

const digestOf = (sessions: number, digest = String(sessions)): RollUpDigest => ({ sessions, digest });

/** Creates a store whose projection returns these digests in order, while its rows always return the same digest. */
function storeOf(projection: readonly RollUpDigest[], rows: RollUpDigest) {
  let readCount = 0;
  return {
    projections: ['totals'],
    async rollUp(_name: string, _month: number, from: 'projection' | 'rows') {
      if (from === 'rows') return rows;
      readCount += 1;
      return projection[readCount - 1] ?? digestOf(0);
    },
  };
}

const find = (projection: readonly RollUpDigest[], rows: RollUpDigest) =>
  findDriftedProjections([202611], storeOf(projection, rows), () => {});

it('no drift is reported if rows and projection agree, or if rows arrive during the comparison', async () => {
  expect(await find([digestOf(5)], digestOf(5))).toEqual([]);
  expect(await find([digestOf(5), digestOf(8)], digestOf(7))).toEqual([]);
  expect(await find([digestOf(5), digestOf(7)], digestOf(7))).toEqual([]);
});

it('drift is reported with the projection and month whose count or digest differs from the rows', async () => {
  const drift = { projection: 'totals', month: 202611 };
  expect(await find([digestOf(5), digestOf(5)], digestOf(6))).toEqual([
    { ...drift, sessionsByRows: 6, sessionsByProjection: 5 },
  ]);
  expect(await find([digestOf(5, 'a'), digestOf(5, 'a')], digestOf(5, 'b'))).toEqual([
    { ...drift, sessionsByRows: 5, sessionsByProjection: 5 },
  ]);
  expect(await find([digestOf(9), digestOf(12)], digestOf(8))).toEqual([
    { ...drift, sessionsByRows: 8, sessionsByProjection: 12 },
  ]);
});
