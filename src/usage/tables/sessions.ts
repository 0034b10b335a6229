import type { Column, Row, Table } from '../../platform/http/formats/table.ts';
import type { AnswerDeps } from '../answers/frame.ts';
import { rangeOf } from '../answers/request-range.ts';
import { retainedWindow } from '../answers/retained-window.ts';
import type { RangeParameters } from '../query/parameters.ts';
import type { UsageFilter } from '../query/query.ts';
import type { StoredSession } from '../query/session-query.ts';
import { formatInstants } from '../time/time-windows.ts';
import type { Zone } from '../time/zones.ts';
import { rangeName } from './frame.ts';

const columns: readonly Column[] = [
  ...[{ name: 'id' }, { name: 'time', isInstant: true as const }, { name: 'configurationId' }],
  ...[{ name: 'tags' }, { name: 'viewer' }],
];
const columnsOfAll: readonly Column[] = [...columns, { name: 'organisationId' }, { name: 'producer' }];

/**
 * Returns the single sessions in a range as a table, newest first. Its rows are read while the table is sent.
 * @throws AppError `invalid_request`, `invalid_time_zone`, `not_retained`, `usage_unavailable`.
 */
export async function sessionTable(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: RangeParameters,
): Promise<Table> {
  const range = await rangeOf(deps, filter, request, deps.clock.nowMs());
  const window = await retainedWindow(deps.store, range.window);
  const seesAll = filter.organisationId === undefined;
  async function* rows(): AsyncGenerator<Row[]> {
    for await (const sessions of deps.store.streamSessions({ filter, ...window }))
      yield rowsOf(sessions, range.zone, seesAll);
  }
  return {
    name: rangeName('usage-sessions', range),
    columns: seesAll ? columnsOfAll : columns,
    rows: rows(),
  };
}

function rowsOf(newestFirst: readonly StoredSession[], zone: Zone, seesAll: boolean): Row[] {
  const ascendingMs = newestFirst.map(({ timeMs }) => timeMs).toReversed();
  const times = formatInstants(ascendingMs, zone).toReversed();
  return newestFirst.map(({ id, configurationId, tags, viewer, organisationId, producer }, index) => [
    ...[id, times[index] ?? null, configurationId, tags, viewer],
    ...(seesAll ? [organisationId, producer] : []),
  ]);
}
