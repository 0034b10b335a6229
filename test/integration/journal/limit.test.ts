import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { appendMany, openRealJournal, sessionIdsIn } from './real-journal.ts';

it('refuses at JOURNAL_LIMIT, and goes on once its reader has acknowledged', async () => {
  const limitBytes = 256 * 1024;
  const journal = openRealJournal(temporaryDirectory('limit'), { limitBytes });
  let accepted = 0;
  for (;;) {
    const answers = await appendMany(journal, 20);
    accepted += answers.accepted.length;
    if (answers.refused.length > 0) {
      for (const { error } of answers.refused)
        expect(error).toMatchObject({ code: 'journal_unavailable', retryAfterSeconds: 5 });
      break;
    }
  }
  expect(journal.status()).toMatchObject({ accepting: false, pendingEvents: accepted, limitBytes });
  expect(journal.status().usedBytes).toBeLessThan(limitBytes + 64 * 1024);

  journal.acknowledge(journal.startPosition() + Math.floor(accepted / 2));
  const half = await appendMany(journal, 20);
  expect(half.refused).toEqual([]);
  expect(sessionIdsIn(journal)).toEqual(
    expect.arrayContaining(half.accepted.map(({ sessionId }) => sessionId)),
  );
  expect(journal.read(journal.startPosition(), 1e6)).toHaveLength(accepted - Math.floor(accepted / 2) + 20);
});
