import { createSteadyCheck } from '../../../consumers/recovery/integrity/steady-check.ts';
import { createClickHouseIntegrityStore } from '../../../consumers/recovery/integrity/store/clickhouse-integrity-store.ts';
import type { IntegrityCheck } from '../../../consumers/recovery/integrity-routes.ts';
import type { Journal } from '../../journal/log/journal.ts';
import type { Clock } from '../../platform/clock.ts';
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
  return createSteadyCheck({
    store: createClickHouseIntegrityStore({
      rows: (sql, settings) => pool.rows(sql, {}, settings),
      run: () => Promise.reject(new Error('a check changes nothing')),
    }),
    journals: journal ? [{ name: 'own', startPosition: journal.startPosition, read: journal.read }] : [],
    clock,
    isReadBySink: kafkaBrokers === undefined,
  });
}
