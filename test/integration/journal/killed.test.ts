import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeSessionEvent } from '../../../src/events/decode-session-event.ts';
import type { JournalEntry } from '../../../src/journal/log/journal.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { startJournalChild } from './journal-child.ts';
import { openRealJournal } from './real-journal.ts';

/** `producer partition sequence session` of an entry, as the killed process prints what was acknowledged. */
function lineOf({ producer, partition, sequence, body }: JournalEntry): string {
  const judged = decodeSessionEvent(body);
  if (judged.kind !== 'event') throw new Error('an event in the journal cannot be read');
  return `${producer} ${partition} ${sequence} ${judged.event.sessionId}`;
}

function expectNoHoles(entries: readonly JournalEntry[]): void {
  const last = new Map<string, number>();
  for (const { producer, partition, sequence } of entries) {
    const stream = `${producer}/${partition}`;
    expect(sequence).toBe((last.get(stream) ?? 0) + 1);
    last.set(stream, sequence);
  }
}

it('holds every acknowledged append after SIGKILL in the middle of appending, again and again', async () => {
  const dataDir = temporaryDirectory('killed');
  const acknowledged: string[] = [];
  for (const atLeast of [1, 300, 2000]) {
    const child = await startJournalChild('append', dataDir);
    await child.printed(atLeast);
    await child.kill();
    acknowledged.push(...child.lines());
  }

  const journal = openRealJournal(join(dataDir, 'journal'));
  const entries = journal.read(0, Number.MAX_SAFE_INTEGER);
  const kept = entries.map(lineOf);
  expect(new Set(kept).size).toBe(kept.length);
  expect(acknowledged.filter((line) => !new Set(kept).has(line))).toEqual([]);
  expect(entries.map(({ position }) => position)).toEqual(entries.map((_, index) => index + 1));
  expect(new Set(entries.map(({ producer }) => producer)).size).toBe(3);
  expectNoHoles(entries);
  // What was not acknowledged may be there, but no more of it than was in flight, or acknowledged and still in the pipe.
  const [inFlight, linesInPipe] = [100, 2000];
  expect(kept.length - acknowledged.length).toBeLessThanOrEqual(3 * (inFlight + linesInPipe));
});
