import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { ReachableJournal } from '../../../consumers/recovery/integrity/streams/survey.ts';
import type { EventStore } from '../../../consumers/store/event-store.ts';
import type { Config } from '../../app/config.ts';
import { dataPaths } from '../../app/data-paths.ts';
import { type ClickHouse, openClickHouse } from '../../app/stores/clickhouse.ts';
import { createJournalView } from '../../journal/log/entries.ts';
import { openRecordLogToRead } from '../../journal/log/store/lmdb-record-log.ts';
import { describeStoreError } from '../../platform/clickhouse/errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { failpointOf } from '../../platform/failpoints.ts';
import { lockDataDirectory } from '../../platform/files/data-directory.ts';
import type { CommandContext } from './command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from './command-failure.ts';

/** The event tables, for a command that checks or repairs them. */
export interface EventTables extends Pick<ClickHouse, 'client' | 'pool'> {
  /**
   * Takes ownership of one partition from all sinks and returns the partition's event store. If another process takes
   * the partition later, the store's writes fail with PartitionLostError, so a command never writes on the basis of
   * old data.
   */
  hold(partition: number): Promise<EventStore>;
  close(): Promise<void>;
}

/**
 * Opens the event tables and migrates their schema. Embedded tables are opened under the lock of the data directory,
 * so that no other process uses them. Tables on a ClickHouse server are shared, and fences decide which process may
 * write.
 * @throws Error if there are no tables, or if another process uses the embedded tables.
 */
async function openEventTables(config: Config, onProgress: (text: string) => void): Promise<EventTables> {
  const isEmbedded = config.clickhouseUrl === undefined;
  if (isEmbedded && !existsSync(dataPaths(config.dataDir).clickHouse))
    throw new Error(`there are no tables in ${config.dataDir} (DATA_DIR)`);
  const lock = isEmbedded ? lockForCommand(config.dataDir) : undefined;
  try {
    const deps = { clock: systemClock, failpoint: failpointOf(config), onProgress };
    const { client, pool, migrate, eventStore, close } = await openClickHouse(config, deps);
    const held = new Map<number | undefined, Promise<EventStore>>();
    const hold = (partition: number) => {
      const scope = isEmbedded ? undefined : partition;
      const store = held.get(scope) ?? take(eventStore(scope));
      held.set(scope, store);
      return store;
    };
    await migrate();
    return { client, pool, hold, close: () => close().finally(() => lock?.release()) };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/**
 * Reads the state of a store, and returns the store. On a ClickHouse server, reading the state takes the partition.
 */
async function take(store: EventStore): Promise<EventStore> {
  await store.readState();
  return store;
}

/**
 * Opens the tables, runs `work` and closes the tables.
 * @throws CommandFailure if the store fails. Its text omits the data that the store's message may contain.
 */
export async function withEventTables(
  config: Config,
  { showProgress }: Pick<CommandContext, 'showProgress'>,
  work: (tables: EventTables) => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    const tables = await openEventTables(config, showProgress);
    try {
      return await work(tables);
    } finally {
      await tables.close();
    }
  } catch (error) {
    if (error instanceof CommandFailure || error instanceof AppError) throw error;
    throw new CommandFailure(exitCodes.failed, describeStoreError(error));
  }
}

function lockForCommand(dataDir: string) {
  try {
    return lockDataDirectory(dataDir);
  } catch (cause) {
    throw new Error(
      `${dataDir} is in use by another watmeter process, and the embedded tables belong to one process at a time: ` +
        'stop it first, or use its GET /api/v1/usage/integrity',
      { cause },
    );
  }
}

export interface OpenJournals {
  readonly journals: readonly ReachableJournal[];
  close(): Promise<void>;
}

/**
 * Opens the journals in data directories for reading. The gateways of these directories can keep running. The journal
 * in DATA_DIR is always included, if it exists.
 */
export function openJournals(
  { dataDir }: Pick<Config, 'dataDir'>,
  directories: readonly string[],
): OpenJournals {
  const own = existsSync(join(dataPaths(dataDir).journal, 'data.mdb')) ? [dataDir] : [];
  const names = new Map([...own, ...directories].map((name) => [resolve(name), name]));
  const logs = [...names.values()].map((name) => ({ name, log: openRecordLogToRead(journalIn(name)) }));
  return {
    journals: logs.map(({ name, log }) => ({ name, ...createJournalView(log) })),
    async close() {
      for (const { log } of logs) await log.close();
    },
  };
}

/**
 * Returns the path of a journal.
 * @param directory a data directory, or the journal's own directory.
 */
function journalIn(directory: string): string {
  const found = [dataPaths(directory).journal, directory].find((path) => existsSync(join(path, 'data.mdb')));
  if (found === undefined) throw new Error(`there is no journal in ${directory}`);
  return found;
}

/** Returns the actor for the audit log: the user of the operating system. */
export function commandLineActor(): string {
  return `command-line:${userInfo().username}`;
}
