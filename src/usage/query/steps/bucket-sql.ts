import type { PlanStep } from './step.ts';

/** Up to this number, all bucket starts are written into the statement. */
const fewStarts = 40;

/**
 * Returns the SQL expression for the bucket of a row in a step. It uses only the columns of the step's grain
 * (aggregation level). With a single bucket it is `0`.
 */
export function bucketExpression({ grain, buckets }: Pick<PlanStep, 'grain' | 'buckets'>): string {
  const seconds = secondsOf(grain?.time);
  switch (buckets.kind) {
    case 'one':
      return '0';
    case 'quarterHours':
      return grain === undefined ? `intDiv(${seconds}, 900) * 900` : seconds;
    case 'weekdayHours':
      // Day 0 of the epoch is a Thursday. With 72 hours added, Monday 00:00 is hour 0 of the week.
      return `modulo(intDiv(toInt64(${seconds}) + ${buckets.offsetSeconds}, 3600) + 72, 168)`;
    case 'starts':
      return startExpression(seconds, buckets.starts);
  }
}

function secondsOf(time: 'month' | 'day' | 'quarter' | undefined): string {
  switch (time) {
    case 'month':
      return "toUnixTimestamp(toDateTime(makeDate(intDiv(toUInt32(_partition_id), 100), modulo(toUInt32(_partition_id), 100), 1), 'UTC'))";
    case 'day':
      return "toUnixTimestamp(toDateTime(day, 'UTC'))";
    case 'quarter':
      return 'toUnixTimestamp(quarter)';
    case undefined:
      return "toUnixTimestamp(toDateTime(time, 'UTC'))";
  }
}

/**
 * Returns the expression for many bucket starts. The starts are grouped into runs with equal distances: a year of
 * days has only a few runs, one between two clock changes. The statement therefore stays small, and finding a bucket
 * needs only a search among the runs.
 */
function startExpression(seconds: string, starts: readonly number[]): string {
  const runs = runsOf(starts);
  if (starts.length <= fewStarts || runs.length * 2 > starts.length)
    return `roundDown(${seconds}, ${array(starts)})`;
  const runStarts = array(runs.map(({ start }) => start));
  const base = `roundDown(${seconds}, ${runStarts})`;
  const step = `transform(${base}, ${runStarts}, ${array(runs.map((run) => run.step))}, toUInt32(1))`;
  return `${base} + intDiv(${seconds} - ${base}, ${step}) * ${step}`;
}

interface Run {
  readonly start: number;
  readonly step: number;
}

/** Splits bucket starts into runs with equal distances. The last run has no upper bound. */
export function runsOf(starts: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1];
    const step = next === undefined ? 0xffff_ffff : next - start;
    if (runs.at(-1)?.step !== step) runs.push({ start, step });
  }
  return runs;
}

function array(values: readonly number[]): string {
  return `CAST([${values.join(', ')}], 'Array(UInt32)')`;
}
