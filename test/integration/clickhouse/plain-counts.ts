import { expect } from 'vitest';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import type { UsageQuery } from '../../../src/usage/query/query.ts';
import type { UsageResult } from '../../../src/usage/query/usage-store.ts';
import { bucketOf, countPlainly, keysOf } from './counted.ts';

/**
 * Expects that a result has the same counts as the events in memory. The query must have three spans: all time, a window
 * with buckets, and a previous window.
 */
export function expectPlainCounts(
  events: readonly SessionEvent[],
  query: UsageQuery,
  { all, groups }: UsageResult,
): void {
  expectPlainGroups(events, query, [all], () => [null]);
  expectPlainGroups(events, query, groups, (event) => keysOf(event, query.groupBy));
  expect(new Set(groups.map(({ key }) => key)).size).toBe(groups.length);
  for (const group of groups.slice(0, 4)) expectPlainPoints(events, query, group);
}

function expectPlainGroups(
  events: readonly SessionEvent[],
  { filter, spans }: UsageQuery,
  groups: UsageResult['groups'],
  keysOfEvent: (event: SessionEvent) => readonly (string | null)[],
): void {
  const windows = spans.map(({ stretches }) => stretches[0]?.window);
  const [total, range, previous] = windows.map((window) => countPlainly(events, filter, keysOfEvent, window));
  const isMissing = [...(total?.keys() ?? [])].some((key) => groups.every((group) => group.key !== key));
  expect(isMissing).toBe(false);
  for (const { key, sessions, lastUsedMs } of groups) {
    const expected = [total, range, previous].map((counts) => counts?.get(key)?.n ?? 0);
    expect([sessions.total, sessions.range, sessions.previous]).toEqual(expected);
    expect(lastUsedMs).toBe(total?.get(key)?.lastMs);
  }
}

function expectPlainPoints(
  events: readonly SessionEvent[],
  { filter, groupBy, spans }: UsageQuery,
  { key, points }: UsageResult['all'],
): void {
  const stretch = spans[1]?.stretches[0];
  if (stretch === undefined || stretch.buckets.kind === 'one') return;
  const counts = new Map<number, number>();
  for (const event of events) {
    const counted = countPlainly([event], filter, (candidate) => keysOf(candidate, groupBy), stretch.window);
    if (!counted.has(key)) continue;
    const bucket = bucketOf(event, stretch.buckets);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  const inRange = points.filter(({ span }) => span === 'range');
  expect(new Map(inRange.map(({ bucket, sessions }) => [bucket, sessions]))).toEqual(counts);
  expect(inRange.length).toBe(counts.size);
}
