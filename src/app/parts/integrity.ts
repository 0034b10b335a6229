import { createSteadyCheck } from '../../../consumers/recovery/integrity/steady-check.ts';
import { createClickHouseIntegrityStore } from '../../../consumers/recovery/integrity/store/clickhouse-integrity-store.ts';
import type { IntegrityCheck } from '../../../consumers/recovery/integrity-routes.ts';
import { convertedDatabase } from '../../../consumers/store/converted-table.ts';
import type { Journal } from '../../journal/log/journal.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { usageErrors } from '../../usage/declarations/errors.ts';
import type { Config } from '../config.ts';
import type { ClickHouse } from '../stores/clickhouse.ts';

export interface IntegrityDeps {
  readonly pool: ClickHouse['pool'];
  /**
   * Journal of this process. Undefined for a role without a journal. The check then compares no journal; `watmeter
   * verify --journal` can read the journals of other processes.
   */
  readonly journal: Pick<Journal, 'startPosition' | 'read'> | undefined;
  readonly clock: Clock;
}

/** Creates the integrity check of the API. */
export function createIntegrityCheck(
  { kafkaBrokers }: Pick<Config, 'kafkaBrokers'>,
  { pool, journal, clock }: IntegrityDeps,
): IntegrityCheck {
  const check = createSteadyCheck({
    store: createClickHouseIntegrityStore({
      rows: (sql, settings) => pool.rows(sql, {}, settings),
      run: () => Promise.reject(new Error('a check changes nothing')),
    }),
    journals: journal ? [{ name: 'own', startPosition: journal.startPosition, read: journal.read }] : [],
    clock,
    isReadBySink: kafkaBrokers === undefined,
  });
  return async (depth) => {
    if ((await convertedDatabase((sql) => pool.rows(sql, {}))) === undefined)
      throw new AppError(usageErrors.usage_unavailable, {
        retryAfterSeconds: 30,
        detail:
          'The event table of an earlier version is not converted yet. A consumer of this version converts it; its readiness shows the progress.',
      });
    return check(depth);
  };
}
