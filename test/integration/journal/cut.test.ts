import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataPaths } from '../../../src/app/data-paths.ts';
import { openRecordLogToRead } from '../../../src/journal/log/store/lmdb-record-log.ts';
import { startAppProcess } from '../../support/app-process.ts';
import { until } from '../../support/faults/instance.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { appendMany, openRealJournal } from './real-journal.ts';

it('a journal file that is shorter than its last commit is reported before LMDB reads it', async () => {
  const dataDir = temporaryDirectory('cut-journal');
  const { journal: directory } = dataPaths(dataDir);
  const journal = openRealJournal(directory);
  for (let round = 0; round < 10; round += 1) await appendMany(journal, 100);
  await journal.close();
  const file = join(directory, 'data.mdb');
  const { size } = statSync(file);
  const halfBytes = Math.floor(size / 2);
  truncateSync(file, halfBytes);

  const message = `${file} has ${halfBytes} bytes, and its last commit needs ${size}.`;
  expect(() => openRealJournal(directory)).toThrow(message);
  expect(() => openRecordLogToRead(directory)).toThrow(message);
  const { child, output } = await startAppProcess({ dataDir, wait: false });
  await until('the process ends', () => child.exitCode !== null || child.signalCode !== null, 60_000);
  expect([child.exitCode, child.signalCode]).toEqual([1, null]);
  expect(output()).toContain(`watmeter start: the journal is damaged: ${message}`);
}, 90_000);
