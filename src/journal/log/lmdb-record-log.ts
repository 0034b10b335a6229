import { mkdirSync, statfsSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { LoggedRecord, RecordLog } from './record-log.ts';
import { createUsedBytes } from './used-bytes.ts';

/**
 * A record log in LMDB (the one file that knows it). LMDB never writes over a page that the last commit needs,
 * so a crash leaves the last commit whole.
 *
 * - `overlappingSync: false`: a commit is visible and its promise resolves only after it was synced. With it, a
 *   record would be seen by the reader, and stored, before it is durable.
 * - `eventTurnBatching: false` with an explicit batch: one commit, one promise. Otherwise lmdb-js makes a second
 *   promise that nobody can catch, and a full disk ends the process (test/integration/journal/disk-full.test.ts).
 */
export function openRecordLog(directory: string): RecordLog {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
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
      refuseFullDisk(directory, put?.record.length ?? 0);
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
 * The same log, only to be read; a gateway may be writing it meanwhile, since LMDB lets other processes read. The
 * directory must let this process write its lock file.
 * @throws Error when there is no log.
 */
export function openRecordLogToRead(
  directory: string,
): Pick<RecordLog, 'recordsFrom' | 'first' | 'last' | 'cursor' | 'close'> {
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
    const [holding] = [...scan({ start: position, reverse: true, limit: 1 })];
    yield* scan({ start: holding?.position ?? position });
  }

  return {
    recordsFrom,
    first: () => [...scan({ limit: 1 })][0],
    last: () => [...scan({ limit: 1, reverse: true })][0],
    cursor: () => state.get('cursor'),
  };
}

/** More than a commit writes beside its record, and than others on the same disk take meanwhile. */
const roomBytes = 512 * 1024;

/**
 * lmdb-js must not find the disk full: what it has to say about a failed write is longer than the memory it takes
 * for it (mdb.c: `last_error = malloc(100)`), so that the process dies, or freezes in chdb's handler of that
 * (test/faults/disk-full.test.ts).
 */
function refuseFullDisk(directory: string, recordBytes: number): void {
  const { bavail, bsize } = statfsSync(directory);
  if (bavail * bsize < recordBytes + roomBytes) throw new Error('the journal’s disk is full');
}

/** lmdb-js hides what went wrong in a second, rejecting promise; left alone it would end the process. */
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
