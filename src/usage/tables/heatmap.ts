import { batchesOf, type Row, type Table } from '../../platform/http/formats/table.ts';
import type { AnswerDeps } from '../answers/frame.ts';
import { answerHeatmap } from '../answers/heatmap.ts';
import type { RangeParameters } from '../query/parameters.ts';
import type { UsageFilter } from '../query/query.ts';
import { tableName } from './frame.ts';

/**
 * Returns the heat map as a table of 168 rows.
 * @throws AppError as `answerHeatmap` does.
 */
export async function heatmapTable(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: RangeParameters,
): Promise<Table> {
  const { from, to, weekdays } = await answerHeatmap(deps, filter, request);
  const rows = weekdays.flatMap(({ weekday, hours }) =>
    hours.map((sessions, hour): Row => [weekday, hour, sessions]),
  );
  return {
    name: tableName('usage-heatmap', from, to),
    columns: [{ name: 'weekday' }, { name: 'hour' }, { name: 'sessions' }],
    rows: batchesOf(rows),
  };
}
