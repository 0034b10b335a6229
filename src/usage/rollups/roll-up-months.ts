import type { QueryPool } from '../../platform/clickhouse/pool.ts';
import type { MonthSource, MonthSources } from '../query/steps/month-source.ts';
import { stateQuery } from './build-statements.ts';
import { rollUpSources } from './roll-up-sources.ts';
import { rollUpState, type StateRow } from './roll-up-state.ts';

export interface RollUpMonthsConfig {
  /** Age at which the state of the roll-ups is read again. */
  readonly maxAgeMs: number;
  /** Minimum number of rows of the roll-ups that queries use. */
  readonly minRows: number;
}

export interface RollUpMonthsDeps {
  readonly pool: Pick<QueryPool, 'rows'>;
  /** Returns the time of a monotonic clock, in milliseconds. */
  readonly monotonicMs: () => number;
}

/**
 * Creates the month sources that read roll-ups. Only the first query waits for the state of the roll-ups. An outdated
 * state cannot cause wrong counts, because the guards of each statement check the state. If the state cannot be read,
 * queries read the event table.
 */
export function createRollUpMonths(
  { maxAgeMs, minRows }: RollUpMonthsConfig,
  deps: RollUpMonthsDeps,
): MonthSources {
  let latest: readonly MonthSource[] | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<readonly MonthSource[]> | undefined;

  async function read(): Promise<readonly MonthSource[]> {
    readAtMs = deps.monotonicMs();
    try {
      latest = rollUpSources(rollUpState(await deps.pool.rows<StateRow>(stateQuery, {})), minRows);
    } catch {
      // The error is ignored, because the query itself reports an unavailable store.
      latest = [];
    } finally {
      reading = undefined;
    }
    return latest;
  }

  async function refresh(): Promise<readonly MonthSource[]> {
    // A read in progress may have started before the change, so its result is not sufficient.
    await reading;
    reading = read();
    return reading;
  }

  return {
    async current() {
      if (latest === undefined) {
        reading ??= read();
        return reading;
      }
      if (reading === undefined && deps.monotonicMs() - readAtMs > maxAgeMs) reading = read();
      return latest;
    },
    refresh,
  };
}
