import { mkdirSync, statfsSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { checkJournalFile } from './check-journal-file.ts';
import type { LoggedRecord, RecordLog } from './record-log.ts';
import { createUsedBytes } from './used-bytes.ts';

/**
 * Opens a record log in LMDB, and creates it if needed. LMDB never overwrites a page of the last commit, so the last
 * commit stays intact after a crash.
 *
 * - `overlappingSync: false`: a commit becomes visible, and its promise resolves, after the sync. Otherwise the
 *   reader could read and store a record before it is durable.
 * - `eventTurnBatching: false` with an explicit batch: each commit has one promise. Otherwise lmdb-js creates a
 *   second promise whose rejection cannot be caught, and a full disk ends the process
 *   (test/integration/journal/disk-full.test.ts).
 *
 * @throws Error if the file is shorter than its last commit.
 */
export function openRecordLog(directory: string): RecordLog {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  checkJournalFile(directory);
  const root = open({
    path: directory,
    noSubdir: false,
    overlappingSync: false,
    eventTurnBatching: false,
    maxDbs: 2,
  });
  const databases = openDatabases(root);
  const { records, state } = databases;
  const used = createUsedBytes(() => usedBytesOf(records));

  return {
    ...readsOf(databases),
    usedBytes: used.bytes,
    close: () => root.close(),
    async commit({ put, remove = [], cursor }) {
      requireDiskSpace(directory, put?.record.length ?? 0);
      const batch: Promise<unknown> = root.batch(() => {
        if (put !== undefined) void records.put(put.position, put.record);
        for (const position of remove) void records.remove(position);
        if (cursor !== undefined) void state.put('cursor', cursor);
      });
      try {
        await batch.catch(rethrowCommitError);
        if (remove.length > 0) used.forget();
        else used.add(put?.record.length ?? 0);
      } catch (error) {
        used.forget();
        throw error;
      }
    },
  };
}

/**
 * Opens an existing record log read-only. A gateway can write to the log at the same time. The process needs write
 * access to the LMDB lock file in the directory.
 * @throws Error if the log does not exist, or if its file is shorter than its last commit.
 */
export function openRecordLogToRead(
  directory: string,
): Pick<RecordLog, 'recordsFrom' | 'first' | 'last' | 'cursor' | 'close'> {
  checkJournalFile(directory);
  const root = open({ path: directory, noSubdir: false, readOnly: true, maxDbs: 2 });
  return { ...readsOf(openDatabases(root)), close: () => root.close() };
}

interface Databases {
  readonly records: Database<Buffer, number>;
  readonly state: Database<number, string>;
}

function openDatabases(root: RootDatabase): Databases {
  return {
    records: root.openDB('records', { encoding: 'binary' }),
    state: root.openDB('state', { encoding: 'json' }),
  };
}

function readsOf({
  records,
  state,
}: Databases): Pick<RecordLog, 'recordsFrom' | 'first' | 'last' | 'cursor'> {
  function* scan(options: { start?: number; reverse?: boolean; limit?: number }): Generator<LoggedRecord> {
    for (const { key, value } of records.getRange(options)) yield { position: key, record: value };
  }

  function* recordsFrom(position: number): Generator<LoggedRecord> {
    const [containing] = [...scan({ start: position, reverse: true, limit: 1 })];
    yield* scan({ start: containing?.position ?? position });
  }

  return {
    recordsFrom,
    first: () => [...scan({ limit: 1 })][0],
    last: () => [...scan({ limit: 1, reverse: true })][0],
    cursor: () => state.get('cursor'),
  };
}

/**
 * Free space that a commit needs in addition to its record: for the pages that LMDB writes, and for other programs
 * that write to the disk at the same time.
 */
const reservedBytes = 512 * 1024;

/**
 * Throws if the disk has too little space for a commit. lmdb-js must never write to a full disk, because its error
 * message overflows a buffer (mdb.c: `last_error = malloc(100)`). The process would then crash
 * (test/faults/disk-full.test.ts).
 */
function requireDiskSpace(directory: string, recordBytes: number): void {
  const { bavail, bsize } = statfsSync(directory);
  if (bavail * bsize < recordBytes + reservedBytes) throw new Error('the disk of the journal is full');
}

/**
 * Throws an error with the cause of a failed commit. lmdb-js reports the cause in a second promise, which must be
 * awaited, because an unhandled rejection would end the process.
 */
async function rethrowCommitError(error: Error & { commitError?: Promise<unknown> }): Promise<never> {
  const cause = await error.commitError?.catch((reason: unknown) => reason);
  throw new Error('the journal could not be written', { cause: cause ?? error });
}

function usedBytesOf(database: Database<Buffer, number>): number {
  const stats = database.getStats() as Record<
    'pageSize' | 'treeBranchPageCount' | 'treeLeafPageCount' | 'overflowPages',
    number
  >;
  const pages = stats.treeBranchPageCount + stats.treeLeafPageCount + stats.overflowPages;
  return pages * stats.pageSize;
}
