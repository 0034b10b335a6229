import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openRecordLog } from '../../../src/journal/log/store/lmdb-record-log.ts';
import type { LogCommit, RecordLog } from '../../../src/journal/log/store/record-log.ts';
import { createMemoryRecordLog } from '../../support/memory-record-log.ts';
import { createTemporaryDirectory, temporaryDirectory } from '../../support/temporary-directory.ts';
import { appendMany, openRealJournal } from './real-journal.ts';

it('a reopened journal keeps its events and its cursor, and continues at the next position as a new producer', async () => {
  const directory = temporaryDirectory('reopen');
  const first = openRealJournal(directory);
  const { accepted } = await appendMany(first, 200);
  first.acknowledge(51);
  const before = first.read(0, 1000);
  await first.close();

  const second = openRealJournal(directory);
  expect(second.read(0, 1000)).toEqual(before);
  expect(second.startPosition()).toBe(51);
  expect(second.status().pendingEvents).toBe(150);
  const [next] = (await appendMany(second, 1)).accepted;
  expect(second.read(201, 10)).toMatchObject([{ position: 201, sequence: 1, producer: next?.producer }]);
  expect(next?.producer).not.toBe(accepted[0]?.producer);
});

it('the journal reuses the space of removed events, so that its file does not grow', async () => {
  const journal = openRealJournal(temporaryDirectory('trim'), { keepMs: 0, limitBytes: 300_000 });
  for (let round = 0; round < 40; round += 1) {
    const { accepted } = await appendMany(journal, 50);
    expect(accepted).toHaveLength(50);
    journal.acknowledge((journal.read(journal.startPosition(), 1000).at(-1)?.position ?? 0) + 1);
  }
  expect(journal.status().usedBytes).toBeLessThan(300_000);
});

interface Change {
  readonly put: number | undefined;
  readonly removeFirst: number;
  readonly cursor: number | undefined;
  readonly reopen: boolean;
}

const anyChange: fc.Arbitrary<Change> = fc.record({
  put: fc.option(fc.integer({ min: 1, max: 9000 }), { nil: undefined, freq: 5 }),
  removeFirst: fc.nat(2),
  cursor: fc.option(fc.nat(100), { nil: undefined }),
  reopen: fc.boolean(),
});

function readContent(log: RecordLog, from: number) {
  const describeRecord = (record: { position: number; record: Buffer } | undefined) =>
    record && `${record.position} ${record.record.toString('hex')}`;
  return {
    all: [...log.recordsFrom(0)].map(describeRecord),
    from: [...log.recordsFrom(from)].map(describeRecord),
    first: describeRecord(log.first()),
    last: describeRecord(log.last()),
    cursor: log.cursor(),
  };
}

it('the LMDB log behaves like the in-memory log after any sequence of commits and restarts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyChange, { maxLength: 12 }), fc.nat(40), async (changes, from) => {
      const directory = createTemporaryDirectory('port');
      const memory = createMemoryRecordLog();
      let lmdb = openRecordLog(directory.path);
      let position = 1;
      for (const { put, removeFirst, cursor, reopen } of changes) {
        const commit: LogCommit = {
          ...(put !== undefined && { put: { position, record: Buffer.alloc(put, position) } }),
          remove: memory
            .records()
            .slice(0, removeFirst)
            .map((record) => record.position),
          ...(cursor !== undefined && { cursor }),
        };
        position += 3;
        await Promise.all([memory.commit(commit), lmdb.commit(commit)]);
        if (reopen) {
          await lmdb.close();
          lmdb = openRecordLog(directory.path);
        }
        expect(readContent(lmdb, from)).toEqual(readContent(memory, from));
      }
      await lmdb.close();
      directory.remove();
    }),
    { numRuns: 25 },
  );
});
