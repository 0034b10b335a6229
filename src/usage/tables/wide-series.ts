import { batchesOf, type Column, type Row, type Table } from '../../platform/http/formats/table.ts';
import { fitsSheet, workbookTooLarge } from '../../platform/http/formats/xlsx.ts';
import type { AnswerDeps } from '../answers/frame.ts';
import type { SeriesRequest } from '../answers/series.ts';
import type { UsageFilter, UsageQuery } from '../query/query.ts';
import { estimateBuckets, type Granularity, granularities } from '../time/buckets.ts';
import { rangeName } from './frame.ts';
import { eachSeries, type KeySeries, seriesTableQuery } from './series.ts';
import { bucketCounts, bucketsOf, type SeriesBuckets } from './series-buckets.ts';

interface KeyColumn {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/**
 * Returns sessions over time as a wide table for a worksheet: one row per bucket and one column per key.
 * @throws AppError `workbook_too_large` with a granularity that would fit, and the errors of `seriesTable`.
 */
export async function wideSeriesTable(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: SeriesRequest,
): Promise<Table> {
  const buckets = await bucketsOf(deps, filter, request);
  const { bounds, previousBounds, alignment } = buckets;
  const edges = [bounds, ...(alignment === undefined ? [] : [previousBounds])];
  const edgeNames = ['start', 'end', 'previousStart', 'previousEnd'].slice(0, edges.length * 2);
  const keys = await keyColumns(deps, filter, request, buckets);
  const columns: Column[] = [
    ...edgeNames.map((name) => ({ name, isInstant: true as const })),
    ...keys.map(({ name }) => ({ name })),
  ];
  const rows = function* (): Generator<Row> {
    for (let index = 0; index < bounds.length - 1; index += 1)
      yield [
        ...edges.flatMap((texts) => [texts[index] ?? null, texts[index + 1] ?? null]),
        ...keys.map(({ values }) => values[index] ?? 0),
      ];
  };
  return { name: rangeName('usage-series', buckets.range), columns, rows: batchesOf(rows()) };
}

/**
 * Returns the columns of the keys. If they do not fit into a worksheet, it still counts them, so that the error can
 * suggest a granularity with which they fit.
 */
async function keyColumns(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: SeriesRequest,
  buckets: SeriesBuckets,
): Promise<KeyColumn[]> {
  const query = await seriesTableQuery(deps, filter, request, buckets);
  const isCompared = buckets.alignment !== undefined;
  const rowCount = buckets.edges.length - 1;
  const widthOf = (keyCount: number) =>
    (2 + keyCount) * (isCompared ? 2 : 1) + (query.viewers === undefined ? 0 : keyCount);
  const columns: KeyColumn[] = [];
  let keyCount = 0;
  for await (const series of eachSeries(deps, request, query)) {
    keyCount += 1;
    if (fitsSheet(rowCount, widthOf(keyCount))) columns.push(...columnsOf(series, request, buckets, query));
    else columns.length = 0;
  }
  if (fitsSheet(rowCount, widthOf(keyCount))) return columns;
  const fits = (one: Granularity) => fitsSheet(estimateBuckets(buckets.range.window, one), widthOf(keyCount));
  const fitting = granularities.slice(granularities.indexOf(request.granularity)).find(fits);
  const advice = fitting === undefined ? '' : ` With granularity=${fitting} it would fit.`;
  throw workbookTooLarge(advice, { granularity: fitting ?? null });
}

function columnsOf(
  series: KeySeries,
  { groupBy }: SeriesRequest,
  buckets: SeriesBuckets,
  { viewers: counting }: UsageQuery,
): KeyColumn[] {
  const name = groupBy === 'none' ? 'sessions' : headerOf(series);
  const { sessions, previous, viewers } = bucketCounts(buckets, series.group);
  const viewersName = groupBy === 'none' ? 'uniqueViewers' : `${name} (unique viewers)`;
  return [
    { name, values: sessions },
    ...(buckets.alignment === undefined ? [] : [{ name: `${name} (previous)`, values: previous }]),
    ...(counting === undefined
      ? []
      : [{ name: counting === 'exact' ? viewersName : `${viewersName}, approximate`, values: viewers }]),
  ];
}

function headerOf({ key, isOther }: KeySeries): string {
  if (isOther) return '(other)';
  return key ?? '(no tag)';
}
