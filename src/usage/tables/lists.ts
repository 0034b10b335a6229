import type { Cell, Column, Row, Table } from '../../platform/http/formats/table.ts';
import { batchesOf } from '../../platform/http/formats/table.ts';
import { type ConfigurationItem, readConfigurations } from '../answers/configurations.ts';
import type { AnswerDeps, Moment } from '../answers/frame.ts';
import {
  type ListedUsage,
  type ListRange,
  type ListRequest,
  listed,
  readListRange,
} from '../answers/list.ts';
import { tagQuery } from '../answers/tags.ts';
import { viewersFrame } from '../measures/measures.ts';
import { planUsage } from '../query/plan.ts';
import type { UsageFilter } from '../query/query.ts';
import type { UsageGroup } from '../query/usage-store.ts';
import { formatInstant } from '../time/time-windows.ts';
import { momentOf, tableName } from './frame.ts';
import { viewerCells, viewerColumns } from './viewers.ts';

/**
 * Returns the list of configurations as a table.
 * @throws AppError as for the JSON response.
 */
export async function configurationTable(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: ListRequest,
): Promise<Table> {
  const moment = momentOf(deps, request.timeZone);
  const range = await readListRange(deps, filter, request, moment);
  const rowOf = (item: ConfigurationItem): Row => [
    item.configurationId,
    item.name,
    item.deletedAt,
    ...countsOf(item, range),
  ];
  const read = async () => {
    const { items, approximate } = await readConfigurations(deps, filter, request, moment);
    return items.map((item) => [...rowOf(item), ...viewerCells(item, approximate)]);
  };
  return {
    name: nameOf('usage-configurations', range, moment),
    columns: [
      ...[{ name: 'configurationId' }, { name: 'name' }, { name: 'deletedAt' }],
      ...countColumns(range),
      ...viewerColumns(request),
    ],
    rows: fromItems(read),
  };
}

/**
 * Returns the list of tags as a table. Its rows are read while the table is sent.
 * @throws AppError as for the JSON response.
 */
export async function tagTable(deps: AnswerDeps, filter: UsageFilter, request: ListRequest): Promise<Table> {
  const moment = momentOf(deps, request.timeZone);
  const range = await readListRange(deps, filter, request, moment);
  async function* rows(): AsyncGenerator<Row[]> {
    const query = await tagQuery(deps, filter, request, range, moment);
    const { approximate } = viewersFrame(query);
    const rowOf = (group: UsageGroup): Row => {
      const usage = listed(group, range, moment, query);
      return [group.key, ...countsOf(usage, range), ...viewerCells(usage, approximate)];
    };
    const { groups } = await deps.store.stream(planUsage(query));
    for await (const batch of groups) yield batch.map(rowOf);
  }
  return {
    name: nameOf('usage-tags', range, moment),
    columns: [{ name: 'tag' }, ...countColumns(range), ...viewerColumns(request)],
    rows: rows(),
  };
}

async function* fromItems(read: () => Promise<Row[]>): AsyncGenerator<Row[]> {
  yield* batchesOf(await read());
}

function countColumns({ range, previous }: ListRange): Column[] {
  const names = [
    ...['today', 'total'],
    ...(range === undefined ? [] : ['sessions']),
    ...(previous === undefined ? [] : ['previousSessions', 'change']),
  ];
  return [{ name: 'lastUsed', isInstant: true }, ...names.map((name) => ({ name }))];
}

function countsOf(usage: ListedUsage, { range, previous }: ListRange): Cell[] {
  return [
    ...[usage.lastUsed, usage.today, usage.total],
    ...(range === undefined ? [] : [usage.sessions ?? 0]),
    ...(previous === undefined ? [] : [usage.previousSessions ?? 0, usage.change ?? 0]),
  ];
}

/** Returns a file name that contains the name of the list and its range or, without a range, today's date. */
function nameOf(list: string, { range }: ListRange, { zone, today }: Moment): string {
  const { startMs, endMs } = range?.window ?? today;
  return tableName(list, formatInstant(startMs, zone), formatInstant(endMs, zone));
}
