import { expect, it } from 'vitest';
import { lockDataDirectory } from '../../../src/platform/files/data-directory.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { startJournalChild } from './journal-child.ts';

it('locking a data directory fails while another process holds the lock, and succeeds after that process is killed', async () => {
  const dataDir = temporaryDirectory('lock');
  const holder = await startJournalChild('hold', dataDir);
  expect(() => lockDataDirectory(dataDir)).toThrow(`${dataDir} is in use by another watmeter process`);
  await holder.kill();
  const lock = lockDataDirectory(dataDir);
  await expect(startJournalChild('hold', dataDir)).rejects.toThrow(/in use by another watmeter process/);
  lock.release();
  await startJournalChild('hold', dataDir);
});

it('a second lock in the same process is rejected and leaves the first lock in place', async () => {
  const dataDir = temporaryDirectory('lock');
  const lock = lockDataDirectory(dataDir);
  expect(() => lockDataDirectory(dataDir)).toThrow(/in use/);
  await expect(startJournalChild('hold', dataDir)).rejects.toThrow(/in use/);
  lock.release();
  lockDataDirectory(dataDir).release();
});
