import { isImportProducer } from '../../events/import-producer.ts';
import { alignPrevious } from '../answers/alignment.ts';
import { completenessOf, readWatermark } from '../answers/completeness.ts';
import type { AnswerDeps } from '../answers/frame.ts';
import { rangeOf } from '../answers/request-range.ts';
import { refuseTooMany, seriesQuery } from '../answers/series.ts';
import type { LocalRange, RangeParameters } from '../query/parameters.ts';
import { planUsage } from '../query/plan.ts';
import type { GroupBy, UsageFilter, UsageQuery } from '../query/query.ts';
import type { ExplainedRead } from '../query/statements/explain-sql.ts';
import type { PlanStep } from '../query/steps/step.ts';
import { bucketEdges, type Granularity } from '../time/buckets.ts';
import { formatInstant, type TimeWindow } from '../time/time-windows.ts';
import { calendarOf } from './calendar.ts';
import { writeCalendar, writeWindow } from './written.ts';

export interface ExplainRequest extends RangeParameters {
  /** Size of the buckets. Undefined: the range is one bucket. */
  readonly granularity: Granularity | undefined;
  readonly groupBy: GroupBy;
  /** True if the same sessions are also counted from single rows. */
  readonly isRaw: boolean;
}

export interface ExplainDeps extends AnswerDeps {
  /**
   * Returns the number of events that this process's sinks dropped as duplicates, or undefined in a process without
   * sinks.
   */
  readonly duplicatesDropped: () => Promise<number | undefined>;
}

/** Maximum number of windows of a step in the response. For the others, the response contains only their number. */
const mostWindows = 100;

/**
 * Explains the counts of a usage query. Only API tokens for all organisations receive data about producers, dead
 * letters and duplicates.
 * @throws AppError `invalid_request`, `invalid_time_zone`, `too_many_points`, `usage_unavailable`.
 */
export async function answerExplain(deps: ExplainDeps, filter: UsageFilter, request: ExplainRequest) {
  const watermark = readWatermark(deps);
  const { nowMs } = watermark;
  const range = await rangeOf(deps, filter, request, nowMs);
  const { zone, window } = range;
  const { query, bucketCount } = queryOf(filter, request, range, nowMs);
  const plan = planUsage(query);
  const windows = query.spans.flatMap(({ stretches }) => stretches.flatMap((one) => one.window ?? []));
  const isOfInstallation = filter.organisationId === undefined;
  const read = await deps.store.explain(plan, { windows, isRaw: request.isRaw, isOfInstallation });
  const total = read.planned[0] ?? 0;
  return {
    timeZone: zone.name,
    from: formatInstant(window.startMs, zone),
    to: formatInstant(window.endMs, zone),
    ...(await completenessOf(deps.store, watermark, { endMs: window.endMs, total })),
    counts: countsOf(query, windows, read, request.isRaw),
    ...(request.isRaw && {
      agrees: query.spans.every((_, span) => countOf(read.planned, span) === countOf(read.raw, span)),
    }),
    calendar: writeCalendar(calendarOf(window, zone), zone),
    buckets: bucketCount,
    steps: read.steps.map((step) => stepOf(step, query)),
    rowsRead: read.rowsRead,
    sampleSessionIds: [...read.sampleIds],
    ...(isOfInstallation && { delivery: await deliveryOf(deps, read) }),
  };
}

/** Returns the query that the series route would run for these parameters. */
function queryOf(filter: UsageFilter, request: ExplainRequest, range: LocalRange, nowMs: number) {
  const { startMs, endMs } = range.window;
  const { granularity = 'day' } = request;
  if (request.granularity !== undefined) refuseTooMany(range, granularity, 1);
  const edges =
    request.granularity === undefined ? [startMs, endMs] : bucketEdges(range.window, granularity, range.zone);
  const alignment = alignPrevious(range, { ...request, granularity }, edges, nowMs);
  const query = seriesQuery(filter, { groupBy: request.groupBy, top: 1 }, range, edges, alignment);
  return { query, bucketCount: edges.length - 1 };
}

function countsOf(
  { spans }: UsageQuery,
  windows: readonly TimeWindow[],
  read: ExplainedRead,
  isRaw: boolean,
) {
  return spans.map(({ name }, span) => ({
    of: name,
    ...writeWindow(windows[span] ?? { startMs: 0, endMs: 0 }),
    sessions: countOf(read.planned, span),
    ...(isRaw && { rawSessions: countOf(read.raw, span) }),
  }));
}

const countOf = (counts: readonly number[], span: number) => counts[span] ?? 0;

const resolutions = { month: 'month', day: 'day', quarter: 'quarterHour' } as const;

function stepOf({ span, grain, windows = [] }: PlanStep, { spans }: UsageQuery) {
  return {
    of: spans[span]?.name ?? 'range',
    grain: grain?.name ?? 'rows',
    resolution: grain?.time === undefined ? 'session' : resolutions[grain.time],
    windows: windows.slice(0, mostWindows).map(writeWindow),
    moreWindows: Math.max(windows.length - mostWindows, 0),
  };
}

async function deliveryOf(deps: ExplainDeps, read: ExplainedRead) {
  const { producers, deadLetters, deadLettersInRange } = read;
  const duplicatesDropped = (await deps.duplicatesDropped()) ?? null;
  const marked = producers.map((entry) => ({ ...entry, imported: isImportProducer(entry.producer) }));
  return { producers: marked, duplicatesDropped, deadLetters, deadLettersInRange };
}
