import { onTestFinished } from 'vitest';
import { type Inspection, type IntegrityDeps, inspect } from '../../../consumers/recovery/integrity/check.ts';
import { createClickHouseIntegrityStore } from '../../../consumers/recovery/integrity/store/clickhouse-integrity-store.ts';
import { byProjection } from '../../../consumers/recovery/integrity/store/integrity-queries.ts';
import type { ReachableJournal } from '../../../consumers/recovery/integrity/streams/survey.ts';
import { acceptedOf } from '../../../consumers/recovery/repair/accepted-events.ts';
import { carryOut, type RepairOutcome } from '../../../consumers/recovery/repair/repair.ts';
import { planRepair, type RepairPlan } from '../../../consumers/recovery/repair/repair-plan.ts';
import { decodeSessionEvent } from '../../../src/events/decode-session-event.ts';
import { grains } from '../../../src/events/grains.ts';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import { createDurableJournal } from '../../../src/journal/log/durable-journal.ts';
import { createJournalView } from '../../../src/journal/log/entries.ts';
import { openRecordLog, openRecordLogToRead } from '../../../src/journal/log/store/lmdb-record-log.ts';
import { createServerStreams } from '../../../src/platform/clickhouse/client.ts';
import { createQueryPool } from '../../../src/platform/clickhouse/pool.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import { sessionDraft } from '../../support/arbitrary-events.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { type EventTable, nowMs } from '../clickhouse/event-table.ts';

/** The closed journal of one gateway process: events of one producer and partition, some of them acknowledged. */
export interface Journalled {
  readonly journal: ReachableJournal;
  /** The events in sequence order, from 1. */
  readonly events: readonly SessionEvent[];
  readonly producer: string;
}

/**
 * Writes a journal with one event per time.
 * @param timesMs the time of each event.
 * @param acknowledged the number of events that the sink has acknowledged.
 */
export async function journalOf(
  timesMs: readonly number[],
  acknowledged = timesMs.length,
): Promise<Journalled> {
  const directory = temporaryDirectory('journal');
  let clockMs = 0;
  const writer = createDurableJournal(
    { keepMs: 86_400_000, limitBytes: 2 ** 30 },
    {
      log: openRecordLog(directory),
      clock: { nowMs: () => clockMs },
      failpoint: noFailpoints,
      logger: createLogger({ logLevel: 'silent' }),
    },
  );
  for (const [index, timeMs] of timesMs.entries()) {
    clockMs = timeMs;
    await writer.append(
      sessionDraft({ configurationId: `configuration-${index % 3}`, tags: index % 2 ? [] : ['a'] }),
    );
  }
  writer.acknowledge(writer.startPosition() + acknowledged);
  await writer.close();

  const log = openRecordLogToRead(directory);
  onTestFinished(() => log.close());
  const view = createJournalView(log);
  const events = view.read(0, timesMs.length + 1).map(({ body }) => {
    const decoded = decodeSessionEvent(body);
    if (decoded.kind !== 'event') throw new Error('the journal holds an entry that is no event');
    return decoded.event;
  });
  return { journal: { name: directory, ...view }, events, producer: events[0]?.producer ?? '' };
}

/** Returns the input of the integrity check: the table, and the given journals. */
export function depsOf(table: EventTable, journals: readonly ReachableJournal[]): IntegrityDeps {
  const pool = createQueryPool([table.client], createServerStreams(table.client), { queryTimeoutMs: 30_000 });
  const store = createClickHouseIntegrityStore({
    rows: (sql, settings) => pool.rows(sql, {}, settings),
    run: async (query) => void (await table.client.command({ query })),
  });
  return { store, journals, clock: { nowMs: () => nowMs }, isReadBySink: true };
}

export interface Repaired {
  readonly plan: RepairPlan;
  readonly outcome: RepairOutcome;
  readonly after: Inspection;
}

/** Checks, repairs and checks again, like the command `repair --yes`. */
export async function repairAll(table: EventTable, journals: readonly ReachableJournal[]): Promise<Repaired> {
  const deps = depsOf(table, journals);
  const inspection = await inspect(deps, 'full');
  const plan = planRepair(inspection, await acceptedOf(inspection, deps));
  const outcome = await carryOut(plan, inspection, {
    ...deps,
    hold: async () => table.store,
    failpoint: noFailpoints,
  });
  return { plan, outcome, after: await inspect(deps, 'full') };
}

/** Returns the number of sessions as counted in the rows, and then in each projection. */
export async function totals(table: EventTable): Promise<string[]> {
  const countWith = async (settings: string, groupBy: string) =>
    table.text(
      `SELECT sum(n) FROM (SELECT count() AS n FROM session_events GROUP BY ${groupBy}) SETTINGS ${settings}`,
    );
  const answers = [await countWith('optimize_use_projections = 0', 'producer')];
  for (const { name, keys } of grains) answers.push(await countWith(byProjection(name), keys.join(', ')));
  return answers.map((text) => text.trim());
}
