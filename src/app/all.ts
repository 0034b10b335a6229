import { availableParallelism } from 'node:os';
import { createSink } from '../../consumers/sink/sink.ts';
import { createJournalSource } from '../../consumers/sources/journal-source.ts';
import type { Config } from '../config/settings.ts';
import { createExchange } from '../gateway/exchange.ts';
import { createRefusalLimiter } from '../gateway/refusal-limiter.ts';
import { createSessionTokenSealer } from '../gateway/session-token.ts';
import { createViewerOf } from '../gateway/viewer.ts';
import { createDurableJournal } from '../journal/durable-journal.ts';
import type { Journal } from '../journal/journal.ts';
import { openRecordLog } from '../journal/lmdb-record-log.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { loadSharedKeys } from '../platform/control-store/shared-keys.ts';
import { lockDataDirectory } from '../platform/data-directory.ts';
import { createKillingFailpoint, noFailpoints } from '../platform/failpoints.ts';
import { createLifecycle } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';
import { addGauge, createMetrics, type Metrics } from '../platform/metrics.ts';
import { createOpenedTokens } from '../tokens/opened-tokens.ts';
import { createOpeningPool } from '../tokens/opening-pool.ts';
import { createTokenOpener } from '../tokens/token-opener.ts';
import { createClickHouseUsageStore } from '../usage/clickhouse-usage-store.ts';
import { createUsage } from '../usage/usage.ts';
import { openClickHouse } from './clickhouse.ts';
import { openControl } from './control.ts';
import { dataPaths } from './data-paths.ts';
import { createHttp } from './http.ts';
import { createWatch } from './watch.ts';

/** How often changes by other processes are looked for: a disabled configuration stops there within 2 s. */
const refreshMs = 500;

export interface AppDeps {
  readonly logger: Logger;
  readonly clock?: Clock;
}

export type App = Awaited<ReturnType<typeof assembleAll>>;

/**
 * The role `all`: everything in one process, on the embedded stores or on a ClickHouse server. Opens the stores and wires the parts; nothing
 * runs before `start`. `stop` ends in reverse: no more requests, then the sink, then the stores.
 */
export async function assembleAll(config: Config, { logger, clock = systemClock }: AppDeps) {
  const lock = lockDataDirectory(config.dataDir);
  const paths = dataPaths(config.dataDir);
  const failpoint =
    config.dangerousFailpoint === undefined
      ? noFailpoints
      : createKillingFailpoint(config.dangerousFailpoint);
  const metrics = createMetrics();

  const control = await openControl(config, clock);
  const clickHouse = await openClickHouse(config, clock);

  const journal = createDurableJournal(
    { keepMs: config.journalKeep, limitBytes: config.journalLimit, partitions: 1 },
    { log: openRecordLog(paths.journal), clock, failpoint, logger },
  );
  addJournalGauges(metrics, journal);

  const sink = createSink(
    { maxRows: config.sinkMaxRows, lingerMs: config.sinkLinger },
    {
      source: createJournalSource(journal),
      store: clickHouse.eventStore,
      failpoint,
      logger,
      metrics,
    },
  );

  const [sessionKey] = await loadSharedKeys(control.store, control.sealer, 'session-token', clock.nowMs());
  const opening = createOpeningPool({ threads: availableParallelism() });
  const opener = createTokenOpener({
    keyring: control.keyring,
    opening,
    openedTokens: createOpenedTokens(config.openedTokensLimit),
    clock,
  });
  const exchange = createExchange(
    { sessionTtlMs: config.sessionTtl },
    {
      opener,
      journal,
      sealSessionToken: createSessionTokenSealer(sessionKey),
      viewerOf: createViewerOf(control.organisations.viewerKeyOf),
      clock,
    },
  );
  const usage = createUsage({
    store: createClickHouseUsageStore(clickHouse.pool),
    clock,
    configurationsOf: control.configurationStore.listEver,
    completeThroughMs: journal.completeThroughMs,
  });

  const http = await createHttp(config, {
    logger,
    metrics,
    control,
    exchange,
    usage,
    limiter: createRefusalLimiter(() => performance.now()),
    checks: [
      {
        name: 'journal',
        trouble: () => (journal.status().accepting ? undefined : 'full or failing: sessions are refused'),
      },
      { name: 'sink', trouble: sink.trouble },
    ],
  });

  const lifecycle = createLifecycle(
    [
      { name: 'data directory', stop: lock.release },
      { name: 'control store', stop: () => control.store.destroy() },
      { name: 'ClickHouse', stop: clickHouse.close },
      { name: 'opening threads', stop: opening.close },
      { name: 'journal', stop: journal.close },
      { name: 'sink', ...sink },
      createWatch('token configurations', refreshMs, control.keyring.refresh, logger),
      createWatch('organisations', refreshMs, control.organisations.refresh, logger),
      http,
    ],
    logger,
  );
  return { ...lifecycle, address: http.address, control };
}

function addJournalGauges({ registry }: Metrics, journal: Journal): void {
  const { status } = journal;
  addGauge(
    registry,
    'watmeter_journal_pending_events',
    'Accepted, not stored yet',
    () => status().pendingEvents,
  );
  addGauge(registry, 'watmeter_journal_used_bytes', 'Size of the journal', () => status().usedBytes);
  addGauge(registry, 'watmeter_journal_limit_bytes', 'Most that it may take', () => status().limitBytes);
}
