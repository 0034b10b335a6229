import type { QueryPool } from '../../platform/clickhouse/pool.ts';
import type { MonthSource, MonthSources } from '../query/steps/month-source.ts';
import { stateQuery } from './build-statements.ts';
import { rollUpSources } from './roll-up-sources.ts';
import { rollUpState, type StateRow } from './roll-up-state.ts';

export interface RollUpMonthsConfig {
  /** Age from which the state of the roll-ups is read again. */
  readonly maxAgeMs: number;
  /** Number of rows from which a roll-up is used. */
  readonly minRows: number;
}

export interface RollUpMonthsDeps {
  readonly pool: Pick<QueryPool, 'rows'>;
  /** Returns the time of a clock that is never set, in milliseconds. */
  readonly monotonicMs: () => number;
}

/**
 * Creates the month sources that read roll-ups. Queries do not wait for the state of the roll-ups, except for the first
 * one. An old state is no risk, because the statement of a query checks it. If the state cannot be read, queries read
 * the event table.
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
    // A reading that is in progress may have started before the change, so its result is not used.
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
