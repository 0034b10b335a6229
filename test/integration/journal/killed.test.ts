import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeSessionEvent } from '../../../src/events/decode-session-event.ts';
import type { JournalEntry } from '../../../src/journal/log/journal.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { startJournalChild } from './journal-child.ts';
import { openRealJournal } from './real-journal.ts';

/**
 * Formats an entry as `producer partition sequence session`: the line that the child process prints per acknowledged
 * append.
 */
function formatLine({ producer, partition, sequence, body }: JournalEntry): string {
  const decoded = decodeSessionEvent(body);
  if (decoded.kind !== 'event') throw new Error('the journal holds an event that cannot be decoded');
  return `${producer} ${partition} ${sequence} ${decoded.event.sessionId}`;
}

function expectNoGaps(entries: readonly JournalEntry[]): void {
  const last = new Map<string, number>();
  for (const { producer, partition, sequence } of entries) {
    const stream = `${producer}/${partition}`;
    expect(sequence).toBe((last.get(stream) ?? 0) + 1);
    last.set(stream, sequence);
  }
}

it('the journal contains every acknowledged append after repeated SIGKILLs during appends', async () => {
  const dataDir = temporaryDirectory('killed');
  const acknowledged: string[] = [];
  for (const atLeast of [1, 300, 2000]) {
    const child = await startJournalChild('append', dataDir);
    await child.waitForLines(atLeast);
    await child.kill();
    acknowledged.push(...child.lines());
  }

  const journal = openRealJournal(join(dataDir, 'journal'));
  const entries = journal.read(0, Number.MAX_SAFE_INTEGER);
  const journaled = entries.map(formatLine);
  expect(new Set(journaled).size).toBe(journaled.length);
  expect(acknowledged.filter((line) => !new Set(journaled).has(line))).toEqual([]);
  expect(entries.map(({ position }) => position)).toEqual(entries.map((_, index) => index + 1));
  expect(new Set(entries.map(({ producer }) => producer)).size).toBe(3);
  expectNoGaps(entries);
  // Unacknowledged appends may be stored too: at most those in flight and those whose output line was still in the
  // pipe.
  const [inFlight, linesInPipe] = [100, 2000];
  expect(journaled.length - acknowledged.length).toBeLessThanOrEqual(3 * (inFlight + linesInPipe));
});
