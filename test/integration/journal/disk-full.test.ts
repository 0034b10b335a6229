import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { appendMany, openRealJournal, sessionIdsIn } from './real-journal.ts';
import { mountSmallDisk } from './small-disk.ts';

const refusal = { code: 'journal_unavailable', retryAfterSeconds: 5 };
const megabyte = 1024 * 1024;

/** Appends until nothing of it was accepted. */
async function untilRefused(append: () => Promise<number>): Promise<void> {
  for (let turn = 0; turn < 1000; turn += 1) if ((await append()) === 0) return;
  throw new Error('the disk never filled');
}

it('refuses while the disk is full, loses nothing, and goes on when there is space again', async ({
  skip,
}) => {
  const disk = mountSmallDisk(3 * megabyte, megabyte);
  if (disk === undefined) return skip('no right to mount a tmpfs here: run as root, or see it run in CI');
  // lmdb-js says on the console what it rejects with.
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
  // The last pages: single appends still fit for a while.
  for (let refusals = 0; refusals < 5; refusals += 1) await untilRefused(() => append(1));
  expect(journal.status().accepting).toBe(false);

  disk.ballast.remove();
  expect(await append(100)).toBe(100);
  expect(journal.status().accepting).toBe(true);
  await journal.close();

  const kept = sessionIdsIn(openRealJournal(directory));
  expect(new Set(kept).size).toBe(kept.length);
  expect(accepted.filter((id) => !new Set(kept).has(id))).toEqual([]);
  expect(kept.filter((id) => !new Set([...accepted, ...refused]).has(id))).toEqual([]);
  expect(accepted.length).toBeGreaterThan(1000);
  expect(refused.length).toBeGreaterThan(100);
});
