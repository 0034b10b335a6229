import type { TimeWindow } from '../../time/time-windows.ts';
import { utcMonths } from '../../time/utc-units.ts';
import type { UsageFilter } from '../query.ts';
import { groupKinds, ofKind, type UsageSql, usageSource } from '../sql.ts';
import type { PlanStep, UsagePlan } from '../steps/step.ts';
import { filterConditions, partitionCondition, windowCondition } from '../steps/step-sql.ts';

export interface ExplainOptions {
  /** Windows of the query's spans (time ranges), in the order of the spans. */
  readonly windows: readonly TimeWindow[];
  /** True if the same sessions are also counted from single rows. */
  readonly isRaw: boolean;
  /** True if producers and dead letters are read, which do not belong to a single organisation. */
  readonly isOfInstallation: boolean;
}

/** Session counts of a plan, and further numbers with which they can be checked. */
export interface ExplainedRead {
  /** Executed steps: those of the plan, with months from month sources. */
  readonly steps: readonly PlanStep[];
  /** Sessions by span, counted as the plan says. */
  readonly planned: readonly number[];
  /** Sessions by span, counted from single rows. Empty unless requested. */
  readonly raw: readonly number[];
  /** Number of rows that the plan's query reads from tables and projections. */
  readonly rowsRead: number;
  /** Ids of up to ten sessions in the requested range (the first span). */
  readonly sampleIds: readonly string[];
  /** Number of rows per producer in the UTC months of the requested range, most rows first. */
  readonly producers: readonly { readonly producer: string; readonly rows: number }[];
  readonly deadLetters: number;
  /** Number of dead letters that were first seen in the requested range. */
  readonly deadLettersInRange: number;
}

type Part = 'planned' | 'raw' | 'sample' | 'producer' | 'deadLetters' | 'deadLettersInRange';

export interface ExplainedRow {
  readonly part: Part;
  readonly key: string;
  readonly n: string;
}

const mostSamples = 10;
const mostProducers = 100;
/** Condition on a column that no projection has. With it, ClickHouse must read rows. */
const isRow = "session_id != toUUID('00000000-0000-0000-0000-000000000000')";

/**
 * Returns the statement that explains a plan. Its columns are `part`, `key` and `n`. One statement reads all parts
 * from one snapshot. If the counts of the plan and of the rows differ, this is therefore a fault, not a session that
 * arrived in between.
 */
export function explainSql(plan: UsagePlan, { windows, isRaw, isOfInstallation }: ExplainOptions): UsageSql {
  const params: Record<string, unknown> = {};
  const { filter } = plan.query;
  const [range] = windows;
  const parts = [
    `SELECT 'planned' AS part, toString(span) AS key, sum(n) AS n
     FROM (${usageSource(plan, params)}) WHERE ${ofKind(groupKinds.all)} GROUP BY span`,
    ...(isRaw ? windows.map((window, span) => rawCount(filter, window, span, params)) : []),
    ...(range === undefined ? [] : [samples(filter, range, params)]),
    ...(isOfInstallation && range !== undefined ? deliveryParts(range) : []),
  ];
  return { sql: `SELECT part, key, n FROM (${parts.join('\nUNION ALL\n')})`, params };
}

function rawCount(
  filter: UsageFilter,
  window: TimeWindow,
  span: number,
  params: Record<string, unknown>,
): string {
  const conditions = [...filterConditions(filter, params), windowCondition(window), isRow];
  return `SELECT 'raw' AS part, '${span}' AS key, count() AS n FROM session_events WHERE ${conditions.join(' AND ')}`;
}

function samples(filter: UsageFilter, window: TimeWindow, params: Record<string, unknown>): string {
  const conditions = [
    ...filterConditions(filter, params),
    ...partitionCondition([window]),
    windowCondition(window),
  ];
  return `SELECT 'sample' AS part, toString(session_id) AS key, toUInt64(1) AS n FROM (
     SELECT session_id FROM session_events WHERE ${conditions.join(' AND ')} LIMIT ${mostSamples})`;
}

/**
 * Returns the SELECT statements for producers and dead letters. The ledger contains the number of rows per producer.
 * Dead letters with the same id count once.
 */
function deliveryParts(range: TimeWindow): string[] {
  const letters = `FROM dead_letters WHERE id NOT IN (SELECT id FROM dead_letter_replays)`;
  const months = utcMonths(range);
  return [
    `SELECT 'producer' AS part, key, n FROM (
       SELECT toString(producer) AS key, count() AS n FROM session_events
       WHERE month >= ${months[0] ?? 0} AND month <= ${months.at(-1) ?? 0}
       GROUP BY producer ORDER BY n DESC, key LIMIT ${mostProducers})`,
    `SELECT 'deadLetters' AS part, '' AS key, uniqExact(id) AS n ${letters}`,
    `SELECT 'deadLettersInRange' AS part, '' AS key, uniqExact(id) AS n ${letters} AND ${windowCondition(range, 'first_seen')}`,
  ];
}

/** Converts the rows of the statement to its parts. */
export function explainedRead(
  { steps }: UsagePlan,
  rows: readonly ExplainedRow[],
  rowsRead: number,
): ExplainedRead {
  const ofPart = (part: Part) => rows.filter((row) => row.part === part);
  const bySpan = (part: Part) => {
    const counts: number[] = [];
    for (const { key, n } of ofPart(part)) counts[Number(key)] = Number(n);
    return Array.from(counts, (count) => count ?? 0);
  };
  const countOf = (part: Part) => Number(ofPart(part)[0]?.n ?? 0);
  return {
    steps,
    planned: bySpan('planned'),
    raw: bySpan('raw'),
    rowsRead,
    sampleIds: ofPart('sample').map(({ key }) => key),
    producers: ofPart('producer').map(({ key, n }) => ({ producer: key, rows: Number(n) })),
    deadLetters: countOf('deadLetters'),
    deadLettersInRange: countOf('deadLettersInRange'),
  };
}
