import { describe, expect, it } from 'vitest';
import { type LastInsert, pauseAfter } from '../../../../consumers/sink/pacing.ts';

const lingerMs = 200;
const quiet: LastInsert = { rows: 40, isFull: false, gatheredMs: 200, tookMs: 15 };

describe('pauseAfter', () => {
  it.each<[string, Partial<LastInsert>, number]>([
    ['the linger', {}, 200],
    ['eight times the duration of the insert, if that is longer', { tookMs: 30 }, 240],
    ['at most twice the linger', { tookMs: 500 }, 400],
    ['0 while there is a backlog', { isFull: true, rows: 20_000, tookMs: 300 }, 0],
    ['24 times the duration, from 1,000 rows a second on', { rows: 200, tookMs: 20 }, 480],
    ['the linger just below that rate', { rows: 199, tookMs: 20 }, 200],
    ['at most five times the linger', { rows: 3000, gatheredMs: 1000, tookMs: 80 }, 1000],
    ['the linger after a fast insert of many rows', { rows: 3000, gatheredMs: 1000, tookMs: 1 }, 200],
    ['the linger before the first insert', { rows: 0, gatheredMs: 1, tookMs: 0 }, 200],
  ])('returns this pause: %s', (_, last, pauseMs) => {
    expect(pauseAfter({ ...quiet, ...last }, lingerMs)).toBe(pauseMs);
  });

  it('returns 0 if the linger is 0, however slow inserts are', () => {
    for (const rows of [1, 100_000]) expect(pauseAfter({ ...quiet, rows, tookMs: 1000 }, 0)).toBe(0);
  });
});
