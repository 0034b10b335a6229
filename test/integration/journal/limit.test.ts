import { expect, it } from 'vitest';
import type { Journal } from '../../../src/journal/log/journal.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { appendMany, openRealJournal, sessionIdsIn } from './real-journal.ts';

/** Appends until the journal rejects at least one event. */
async function fill(journal: Journal) {
  let accepted = 0;
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const answers = await appendMany(journal, 20);
    accepted += answers.accepted.length;
    if (answers.refused.length > 0) return { accepted, refused: answers.refused };
  }
  throw new Error('the journal never filled');
}

it('the journal rejects appends at JOURNAL_LIMIT and accepts them again after its reader has acknowledged events', async () => {
  const limitBytes = 256 * 1024;
  const journal = openRealJournal(temporaryDirectory('limit'), { limitBytes });
  const { accepted, refused } = await fill(journal);
  for (const { error } of refused)
    expect(error).toMatchObject({ code: 'journal_unavailable', retryAfterSeconds: 5 });
  expect(journal.status()).toMatchObject({ accepting: false, pendingEvents: accepted, limitBytes });
  expect(journal.status().usedBytes).toBeLessThan(limitBytes + 64 * 1024);

  journal.acknowledge(journal.startPosition() + Math.floor(accepted / 2));
  const afterAcknowledging = await appendMany(journal, 20);
  expect(afterAcknowledging.refused).toEqual([]);
  expect(sessionIdsIn(journal)).toEqual(
    expect.arrayContaining(afterAcknowledging.accepted.map(({ sessionId }) => sessionId)),
  );
  expect(journal.read(journal.startPosition(), 1e6)).toHaveLength(accepted - Math.floor(accepted / 2) + 20);
});
