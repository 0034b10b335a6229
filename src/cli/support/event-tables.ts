import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { ReachableJournal } from '../../../consumers/recovery/integrity/streams/survey.ts';
import type { EventStore } from '../../../consumers/store/event-store.ts';
import type { Config } from '../../app/config.ts';
import { dataPaths } from '../../app/data-paths.ts';
import { type ClickHouse, openClickHouse } from '../../app/stores/clickhouse.ts';
import { createJournalView } from '../../journal/log/entries.ts';
import { openRecordLogToRead } from '../../journal/log/lmdb-record-log.ts';
import { describeStoreError } from '../../platform/clickhouse/errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { failpointOf } from '../../platform/failpoints.ts';
import { lockDataDirectory } from '../../platform/files/data-directory.ts';
import { CommandFailure, type ExitCode, exitCodes } from './command-failure.ts';

/** The tables, for a command that reads and repairs them. */
export interface EventTables extends Pick<ClickHouse, 'client' | 'pool'> {
  /**
   * Takes one partition of the stream away from every sink and returns its store. A write is refused with
   * PartitionLostError if another process has taken the partition since, so a command never acts on a stale state.
   */
  hold(partition: number): Promise<EventStore>;
  close(): Promise<void>;
}

/**
 * Opens the tables, with their schema up to date. Embedded tables are opened under the lock of the data directory, so that
 * no other process uses them. Tables of a server are shared, and its fence decides who may write.
 * @throws Error when there are no tables, or when another process has them.
 */
async function openEventTables(config: Config): Promise<EventTables> {
  const isEmbedded = config.clickhouseUrl === undefined;
  if (isEmbedded && !existsSync(dataPaths(config.dataDir).clickHouse))
    throw new Error(`there are no tables in ${config.dataDir} (DATA_DIR)`);
  const lock = isEmbedded ? lockForCommand(config.dataDir) : undefined;
  try {
    const deps = { clock: systemClock, failpoint: failpointOf(config) };
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

/** Returns the store after reading its state, which takes the partition on a server. */
async function take(store: EventStore): Promise<EventStore> {
  await store.readState();
  return store;
}

/**
 * Does work on the tables and closes them.
 * @throws CommandFailure for an error of a store, without the data that the store quotes.
 */
export async function withEventTables(
  config: Config,
  work: (tables: EventTables) => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    const tables = await openEventTables(config);
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
 * Opens the journals of data directories for reading. Their gateways can keep running. The journal of DATA_DIR is always
 * among them, if it exists.
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

/** Returns the journal of a directory, which is a data directory or a journal. */
function journalIn(directory: string): string {
  const found = [dataPaths(directory).journal, directory].find((path) => existsSync(join(path, 'data.mdb')));
  if (found === undefined) throw new Error(`there is no journal in ${directory}`);
  return found;
}

/** Returns the user of the command line, as the audit log names it. */
export function commandLineActor(): string {
  return `command-line:${userInfo().username}`;
}
