import { describeStoreError } from '../platform/clickhouse/errors.ts';
import type { QueryPool } from '../platform/clickhouse/pool.ts';
import { AppError } from '../platform/errors/errors.ts';
import { type Grouping, totalsQuery, type UsageQuery, windowQuery } from './queries.ts';
import type { KeyedUsage, UsageFilter, UsageStore, UsageWindow } from './usage-store.ts';

interface Row {
  readonly key: string | null;
  readonly n: string;
  readonly lastMs: string;
}

const everything: UsageFilter = {
  organisationId: undefined,
  configurationIds: [],
  tags: [],
  match: 'any',
  untagged: false,
};

/** Usage from ClickHouse's roll-ups. */
export function createClickHouseUsageStore(pool: QueryPool): UsageStore {
  async function run({ sql, params }: UsageQuery): Promise<Row[]> {
    try {
      return await pool.rows<Row>(sql, params);
    } catch (error) {
      throw new AppError('usage_unavailable', {
        retryAfterSeconds: 5,
        detail: 'Try again in a moment.',
        cause: new Error(describeStoreError(error)),
      });
    }
  }

  async function read(filter: UsageFilter, grouping: Grouping, today: UsageWindow): Promise<KeyedUsage[]> {
    // One after the other, today first: sessions that arrive between the two then only make the total larger.
    const todayRows = await run(windowQuery(filter, grouping, today));
    const totalRows = await run(totalsQuery(filter, grouping));
    const todayOf = new Map(todayRows.map(({ key, n }) => [key, Number(n)]));
    return totalRows.map(({ key, n, lastMs }) => ({
      key,
      lastUsedMs: Number(lastMs),
      today: todayOf.get(key) ?? 0,
      total: Number(n),
    }));
  }

  return {
    async summary(filter, today) {
      const [usage] = await read(filter, 'none', today);
      return usage ?? { lastUsedMs: undefined, today: 0, total: 0 };
    },
    byConfiguration: (filter, today) => read(filter, 'configuration', today),
    byTag: (filter, today) => read(filter, 'tag', today),
    async isEmpty() {
      return (await run(totalsQuery(everything, 'none'))).length === 0;
    },
  };
}
