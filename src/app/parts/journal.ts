import { createClockWatch } from '../../journal/clock/clock-watch.ts';
import type { JournalMetrics } from '../../journal/declarations/metrics.ts';
import { createDurableJournal } from '../../journal/log/durable-journal.ts';
import type { Journal } from '../../journal/log/journal.ts';
import { openRecordLog } from '../../journal/log/store/lmdb-record-log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import { addGauge, type Metrics } from '../../platform/metrics.ts';
import type { ReadinessCheck } from '../../platform/readiness/readiness-check.ts';
import type { Config } from '../config.ts';
import { dataPaths } from '../data-paths.ts';

export type JournalConfig = Pick<Config, 'dataDir' | 'journalKeep' | 'journalLimit'>;

export interface JournalDeps {
  readonly clock: Clock;
  readonly failpoint: Failpoint;
  readonly logger: Logger;
  readonly metrics: Metrics & JournalMetrics;
  /** Returns the number of partitions for new events. Omitted if a sink reads the journal directly. */
  readonly partitions?: () => number;
  /** Called with the id of each producer that starts after the first one, before the producer's first event. */
  readonly onProducer?: (producer: string) => Promise<void>;
}

export interface JournalPart {
  readonly journal: Journal;
  readonly components: readonly Component[];
  readonly checks: readonly ReadinessCheck[];
}

/** Opens the journal in the data directory of this process. */
export function createJournalPart(config: JournalConfig, deps: JournalDeps): JournalPart {
  const { clock, failpoint, logger, metrics, partitions, onProducer } = deps;
  const log = openRecordLog(dataPaths(config.dataDir).journal);
  const clockWatch = createClockWatch({ clock, monotonicMs: () => performance.now(), logger, metrics });
  const journal = createDurableJournal(
    { keepMs: config.journalKeep, limitBytes: config.journalLimit },
    {
      ...{ log, clock, failpoint, logger, onStepBack: clockWatch.steppedBack },
      ...(partitions && { partitions }),
      ...(onProducer && { onProducer }),
    },
  );
  addJournalGauges(metrics, journal);
  const trouble = () => (journal.status().accepting ? undefined : 'full or failing: sessions are rejected');
  return {
    journal,
    components: [
      { name: 'journal', stop: journal.close },
      { name: 'clock watch', start: () => clockWatch.start(journal.followClock), stop: clockWatch.stop },
    ],
    // `isHarmless`: the gateway stays ready, because a step of the clock is already over when it is detected.
    checks: [
      { name: 'journal', trouble },
      { name: 'clock', trouble: clockWatch.trouble, isHarmless: true },
    ],
  };
}

function addJournalGauges({ registry }: Metrics, { status, pendingBytes }: Journal): void {
  addGauge(
    registry,
    'watmeter_journal_pending_events',
    'Accepted events that are not stored yet (with Kafka: not sent yet)',
    () => status().pendingEvents,
  );
  addGauge(
    registry,
    'watmeter_journal_pending_bytes',
    'Estimated size of the pending events in the journal',
    pendingBytes,
  );
  addGauge(registry, 'watmeter_journal_used_bytes', 'Size of the journal', () => status().usedBytes);
  addGauge(
    registry,
    'watmeter_journal_limit_bytes',
    'Maximum size of the journal (JOURNAL_LIMIT)',
    () => status().limitBytes,
  );
}
