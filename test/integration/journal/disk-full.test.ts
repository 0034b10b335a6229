import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { appendMany, openRealJournal, sessionIdsIn } from './real-journal.ts';
import { mountSmallDisk } from './small-disk.ts';

const refusal = { code: 'journal_unavailable', retryAfterSeconds: 5 };
const megabyte = 1024 * 1024;

/** Calls `append` until it returns 0, which means that it did not accept any event. */
async function untilRefused(append: () => Promise<number>): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt += 1) if ((await append()) === 0) return;
  throw new Error('the disk never filled');
}

it('the journal rejects appends while the disk is full, does not lose accepted events, and accepts appends again once there is space', async ({
  skip,
}) => {
  const disk = mountSmallDisk(3 * megabyte, megabyte);
  if (disk === undefined) return skip('mounting a tmpfs needs root on this machine; CI runs this test');
  // lmdb-js also prints failed commits to the console.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const directory = join(disk.path, 'journal');
  const journal = openRealJournal(directory);
  const accepted: string[] = [];
  const refused: string[] = [];

  async function append(count: number): Promise<number> {
    const answers = await appendMany(journal, count, { tags: ['x'.repeat(100)] });
    accepted.push(...answers.accepted.map(({ sessionId }) => sessionId));
    refused.push(...answers.refused.map(({ session }) => session.sessionId));
    for (const { error } of answers.refused) expect(error).toMatchObject(refusal);
    return answers.accepted.length;
  }

  await untilRefused(() => append(500));
  // A batch no longer fits, but the last free pages still have room for single appends.
  for (let refusals = 0; refusals < 5; refusals += 1) await untilRefused(() => append(1));
  expect(journal.status().accepting).toBe(false);

  disk.ballast.remove();
  expect(await append(100)).toBe(100);
  expect(journal.status().accepting).toBe(true);
  await journal.close();

  const journaled = sessionIdsIn(openRealJournal(directory));
  expect(new Set(journaled).size).toBe(journaled.length);
  expect(accepted.filter((id) => !new Set(journaled).has(id))).toEqual([]);
  expect(journaled.filter((id) => !new Set([...accepted, ...refused]).has(id))).toEqual([]);
  expect(accepted.length).toBeGreaterThan(1000);
  expect(refused.length).toBeGreaterThan(100);
});
