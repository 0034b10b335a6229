import { onTestFinished, vi } from 'vitest';
import type { SessionDraft } from '../../../src/events/session-event.ts';
import { createDurableJournal, type DurableJournalConfig } from '../../../src/journal/log/durable-journal.ts';
import { readEntries } from '../../../src/journal/log/entries.ts';
import type { Accepted, Journal, JournalEntry } from '../../../src/journal/log/journal.ts';
import type { RecordLog } from '../../../src/journal/log/store/record-log.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import { sessionDraft } from '../../support/arbitrary-events.ts';

export const startMs = Date.UTC(2026, 10, 21, 8);
const silent = createLogger({ logLevel: 'silent' });

/** A clock that only the test advances. */
export interface TestClock {
  ms: number;
  nowMs(): number;
}

/** Creates a clock that starts at `ms`. */
export function createTestClock(ms = startMs): TestClock {
  const clock: TestClock = { ms, nowMs: () => clock.ms };
  return clock;
}

interface JournalOptions extends Partial<DurableJournalConfig> {
  readonly partitions?: number;
  readonly onStepBack?: (stepMs: number) => void;
  readonly onProducer?: (producer: string) => Promise<void>;
}

/** Opens a journal that keeps all events and has no limit, unless the test sets one. */
export function openJournal(
  log: RecordLog,
  clock: TestClock,
  { partitions = 1, onStepBack = () => {}, onProducer = async () => {}, ...config }: JournalOptions = {},
): Journal {
  const defaults = { keepMs: Number.MAX_SAFE_INTEGER, limitBytes: Number.MAX_SAFE_INTEGER };
  return createDurableJournal(
    { ...defaults, ...config },
    {
      log,
      clock,
      failpoint: noFailpoints,
      logger: silent,
      partitions: () => partitions,
      onStepBack,
      onProducer,
    },
  );
}

/** Uses fake timers for one test. Time advances only through `advance`. */
export function useFakeTime(): { advance(ms: number): Promise<void>; reset(): void } {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return {
    async advance(ms) {
      await vi.advanceTimersByTimeAsync(ms);
    },
    /** Removes pending timers of earlier runs whose journals were not closed. */
    reset: () => {
      vi.clearAllTimers();
    },
  };
}

/** An append and its outcome. */
export interface Attempt {
  readonly session: SessionDraft;
  accepted: Accepted | undefined;
  error: { code?: string; message: string } | undefined;
}

/** Starts an append. The returned object receives the outcome later. */
export function attempt(journal: Journal, session = sessionDraft()): Attempt {
  const result: Attempt = { session, accepted: undefined, error: undefined };
  journal.append(session).then(
    (accepted) => {
      result.accepted = accepted;
    },
    (error) => {
      result.error = error;
    },
  );
  return result;
}

/** Starts `count` appends at the same time. */
export function attempts(journal: Journal, count: number): Attempt[] {
  return Array.from({ length: count }, () => attempt(journal));
}

/** Returns all entries in a log. */
export function entriesOf(log: Pick<RecordLog, 'recordsFrom'>): JournalEntry[] {
  return readEntries(log, 0, Number.MAX_SAFE_INTEGER);
}
