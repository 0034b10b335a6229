import { onTestFinished, vi } from 'vitest';
import type { SessionDraft } from '../../../src/events/session-event.ts';
import { createDurableJournal, type DurableJournalConfig } from '../../../src/journal/log/durable-journal.ts';
import { readEntries } from '../../../src/journal/log/entries.ts';
import type { Accepted, Journal, JournalEntry } from '../../../src/journal/log/journal.ts';
import type { RecordLog } from '../../../src/journal/log/record-log.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import { sessionDraft } from '../../support/arbitrary-events.ts';

export const startMs = Date.UTC(2026, 10, 21, 8);
const silent = createLogger({ logLevel: 'silent' });

/** A clock that only the test moves. */
export interface TestClock {
  ms: number;
  nowMs(): number;
}

export function createTestClock(ms = startMs): TestClock {
  const clock: TestClock = { ms, nowMs: () => clock.ms };
  return clock;
}

/** A journal that keeps everything and has no limit, but where the test says otherwise. */
export function openJournal(
  log: RecordLog,
  clock: TestClock,
  { partitions = 1, ...config }: Partial<DurableJournalConfig> & { partitions?: number } = {},
): Journal {
  const defaults = { keepMs: Number.MAX_SAFE_INTEGER, limitBytes: Number.MAX_SAFE_INTEGER };
  return createDurableJournal(
    { ...defaults, ...config },
    { log, clock, failpoint: noFailpoints, logger: silent, partitions: () => partitions },
  );
}

/** Timers stand still for the length of a test: time passes only through `pass`. */
export function holdTime(): { pass(ms: number): Promise<void>; reset(): void } {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return {
    async pass(ms) {
      await vi.advanceTimersByTimeAsync(ms);
    },
    /** Forgets what was left waiting: journals of earlier runs, which nobody closed. */
    reset: () => {
      vi.clearAllTimers();
    },
  };
}

/** An append and what became of it. */
export interface Attempt {
  readonly session: SessionDraft;
  accepted: Accepted | undefined;
  error: { code?: string; message: string } | undefined;
}

export function attempt(journal: Journal, session = sessionDraft()): Attempt {
  const made: Attempt = { session, accepted: undefined, error: undefined };
  journal.append(session).then(
    (accepted) => {
      made.accepted = accepted;
    },
    (error) => {
      made.error = error;
    },
  );
  return made;
}

export function attempts(journal: Journal, count: number): Attempt[] {
  return Array.from({ length: count }, () => attempt(journal));
}

export function entriesOf(log: Pick<RecordLog, 'recordsFrom'>): JournalEntry[] {
  return readEntries(log, 0, Number.MAX_SAFE_INTEGER);
}
