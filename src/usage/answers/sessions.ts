import { isImportProducer } from '../../events/import-producer.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/routes/paging.ts';
import type { RangeParameters } from '../query/parameters.ts';
import { planUsage } from '../query/plan.ts';
import type { Buckets, UsageFilter } from '../query/query.ts';
import type { SessionPlace, StoredSession } from '../query/session-query.ts';
import type { UsageStore } from '../query/usage-store.ts';
import { formatInstant, type TimeWindow } from '../time/time-windows.ts';
import { nextUtcMonth, utcMonthStart } from '../time/utc-units.ts';
import { completenessOf, readWatermark } from './completeness.ts';
import type { AnswerDeps } from './frame.ts';
import type { PageRequest } from './paging.ts';
import { rangeOf } from './request-range.ts';
import { retainedWindow } from './retained-window.ts';

/**
 * Returns single sessions in a range, newest first. Only API tokens for all organisations receive the members
 * `organisationId` and `producer`.
 * @throws AppError `invalid_request`, `invalid_time_zone`, `invalid_cursor`, `not_retained`, `usage_unavailable`.
 */
export async function answerSessions(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: RangeParameters & PageRequest,
) {
  const watermark = readWatermark(deps);
  const { nowMs } = watermark;
  const range = await rangeOf(deps, filter, request, nowMs);
  const { zone } = range;
  const window = await retainedWindow(deps.store, range.window);
  const before = request.cursor === undefined ? undefined : placeOf(request.cursor);
  const found = await newestSessions(deps.store, filter, window, before, request.limit + 1);
  const shown = found.slice(0, request.limit);
  const last = shown.at(-1);
  const hasMore = found.length > request.limit && last !== undefined;
  const seesAll = filter.organisationId === undefined;
  return {
    timeZone: zone.name,
    from: formatInstant(window.startMs, zone),
    to: formatInstant(window.endMs, zone),
    ...(await completenessOf(deps.store, watermark, { endMs: window.endMs, total: found.length })),
    items: shown.map(({ id, timeMs, configurationId, tags, viewer, organisationId, producer }) => ({
      id,
      time: formatInstant(timeMs, zone),
      configurationId,
      tags: [...tags],
      viewer,
      imported: isImportProducer(producer),
      ...(seesAll && { organisationId, producer }),
    })),
    nextCursor: hasMore ? encodeCursor(last.timeMs, last.id) : null,
  };
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function placeOf(cursor: string): SessionPlace {
  const [timeMs, id] = decodeCursor(cursor);
  // Cursors of this list always contain a session id. For any other text, decoding '' throws the same error as for an
  // invalid cursor.
  if (!uuidShape.test(id)) decodeCursor('');
  return { timeMs, id };
}

/**
 * Reads one page of sessions, newest first. From the totals of months and quarter hours it finds how far back the
 * page extends, and reads only those rows. The totals may include sessions of the previous page with the same time as
 * the cursor. The loop therefore continues further back until the page is full.
 */
async function newestSessions(
  store: UsageStore,
  filter: UsageFilter,
  window: TimeWindow,
  before: SessionPlace | undefined,
  limit: number,
): Promise<StoredSession[]> {
  const found: StoredSession[] = [];
  let endMs = before === undefined ? window.endMs : Math.min(window.endMs, before.timeMs + 1);
  while (found.length < limit && endMs > window.startMs) {
    const startMs = await reachedMs(store, filter, { startMs: window.startMs, endMs }, limit + 1);
    if (startMs === undefined) break;
    found.push(...(await store.sessions({ filter, startMs, endMs, before, limit: limit - found.length })));
    endMs = startMs;
  }
  return found;
}

/**
 * Returns the start of the part of a window that contains its newest `wanted` sessions, or undefined if the window
 * has no sessions.
 */
async function reachedMs(
  store: UsageStore,
  filter: UsageFilter,
  window: TimeWindow,
  wanted: number,
): Promise<number | undefined> {
  const from = (ms: number) => ({ startMs: Math.max(ms, window.startMs), endMs: window.endMs });
  const months: Buckets = { kind: 'starts', starts: monthStarts(window.startMs, window.endMs) };
  const monthMs = await reachOf(store, filter, window, months, wanted);
  if (monthMs === undefined) return undefined;
  const quarterMs = await reachOf(store, filter, from(monthMs), { kind: 'quarterHours' }, wanted);
  return from(quarterMs ?? monthMs).startMs;
}

/**
 * Adds up buckets from the newest one backwards, until they contain at least `wanted` sessions. Returns the start of
 * the last bucket that it added.
 */
async function reachOf(
  store: UsageStore,
  filter: UsageFilter,
  window: TimeWindow,
  buckets: Buckets,
  wanted: number,
): Promise<number | undefined> {
  const { all } = await store.read(
    planUsage({
      filter,
      groupBy: 'none',
      spans: [{ name: 'range', stretches: [{ window, buckets }] }],
      order: { by: 'range', descending: true },
    }),
  );
  const newestFirst = all.points.toSorted((one, other) => other.bucket - one.bucket);
  let counted = 0;
  for (const { bucket, sessions } of newestFirst) {
    counted += sessions;
    if (counted >= wanted) return bucket * 1000;
  }
  const oldest = newestFirst.at(-1);
  return oldest && oldest.bucket * 1000;
}

function monthStarts(startMs: number, endMs: number): number[] {
  const starts: number[] = [];
  for (let ms = utcMonthStart(startMs); ms < endMs; ms = nextUtcMonth(ms)) starts.push(ms / 1000);
  return starts;
}
