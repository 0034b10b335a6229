import type { SessionDraft } from '../../events/session-event.ts';
import { createPeriodic } from '../../platform/background/periodic-task.ts';
import { createSignal } from '../../platform/background/signal.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { Logger } from '../../platform/logger.ts';
import { type CommitQueue, createCommitQueue } from '../commit/commit-queue.ts';
import { createTimeFloor } from '../commit/time-floor.ts';
import type { JournalFailpoint } from '../declarations/failpoints.ts';
import {
  commitBatch,
  followClock,
  type JournalState,
  unavailable,
  type WaitingAppend,
} from './append-commit.ts';
import { readEndedProducers } from './ended-producers.ts';
import { readEntries } from './entries.ts';
import type { Accepted, Journal, JournalStatus } from './journal.ts';
import { createLogEnd } from './log-end.ts';
import { createLogWriter } from './log-writer.ts';
import { createOldestPending } from './oldest-pending.ts';
import { createRetention } from './retention.ts';
import type { RecordLog } from './store/record-log.ts';

export interface DurableJournalConfig {
  /** How long acknowledged events are kept. */
  readonly keepMs: number;
  /** Maximum size of the journal on disk. */
  readonly limitBytes: number;
}

export interface DurableJournalDeps {
  /** Returns the last known number of partitions. Default: 1, for the embedded mode. */
  readonly partitions?: () => number;
  readonly log: RecordLog;
  readonly clock: Clock;
  readonly failpoint: Failpoint<JournalFailpoint>;
  readonly logger: Logger;
  /** Called with the size in milliseconds of each step back of the clock by more than 5 s. */
  readonly onStepBack?: (stepMs: number) => void;
  /**
   * Called with the id of each producer that starts after the first one, before the producer's first event. The first
   * commit waits for the promise, which must not reject.
   */
  readonly onProducer?: (producer: string) => Promise<void>;
}

const maxWaiting = 20_000;
const housekeepingMs = 1000;

/**
 * Creates the journal on a record log (docs/explanation/delivery.md, section 2). It assigns event identities, commits
 * appends in groups, saves the reader's cursor and removes old records.
 */
export function createDurableJournal(config: DurableJournalConfig, deps: DurableJournalDeps): Journal {
  const state = openState(config, deps);
  const { log, writer, end, arrivals } = state;
  const queue = createCommitQueue<WaitingAppend>((batch) => commitBatch(state, batch));
  const firstPosition = end.nextPosition();
  const housekeeping = createPeriodic({ everyMs: housekeepingMs, keepsProcess: false }, async () =>
    runHousekeeping(state, queue),
  );
  housekeeping.start();

  return {
    append: (session) => append(state, queue, session),
    startPosition: writer.acknowledged,
    read: (fromPosition, maxEntries) => readEntries(log, fromPosition, maxEntries),
    async waitFor(position, timeoutMs) {
      if (position < end.nextPosition() || state.isClosed) return;
      await arrivals.wait(timeoutMs);
    },
    acknowledge: writer.acknowledge,
    rewind: writer.rewind,
    producer: end.producer,
    endedProducers: () => readEndedProducers(log, firstPosition),
    async stopAccepting() {
      state.isClosed = true;
      await queue.settled();
    },
    followClock: () => followClock(state),
    completeThroughMs: () => completeThroughMs(state),
    status: () => statusOf(state),
    pendingBytes: () => pendingBytesOf(state),
    async close() {
      state.isClosed = true;
      arrivals.wake();
      await housekeeping.stop();
      await queue.settled();
      if (!writer.isCursorSaved()) await writer.commit({}).catch(() => {});
      await log.close();
    },
  };
}

function openState({ keepMs, limitBytes }: DurableJournalConfig, deps: DurableJournalDeps): JournalState {
  const { log, clock, logger } = deps;
  const end = createLogEnd(log);
  const writer = createLogWriter(log, end.nextPosition(), logger);
  const state: JournalState = {
    ...deps,
    partitions: deps.partitions ?? (() => 1),
    limitBytes,
    end,
    writer,
    retention: createRetention({ keepMs, limitBytes }, log),
    oldestPending: createOldestPending(log, writer.acknowledged()),
    time: createTimeFloor(clock),
    onStepBack: deps.onStepBack ?? (() => {}),
    onProducer: deps.onProducer,
    registering: undefined,
    arrivals: createSignal(),
    committingTimeMs: undefined,
    isClosed: false,
  };
  state.retention.note(state.writer.acknowledged(), clock.nowMs());
  return state;
}

function append(
  { isClosed }: JournalState,
  queue: CommitQueue<WaitingAppend>,
  session: SessionDraft,
): Promise<Accepted> {
  if (isClosed) return Promise.reject(unavailable('The gateway is stopping.'));
  if (queue.size() >= maxWaiting) return Promise.reject(unavailable('Too many sessions at once. Try again.'));
  return new Promise((resolve, reject) => {
    queue.add({ session, resolve, reject });
  });
}

/** Removes old records and saves the cursor. Commits do the same, but only while there is traffic. */
function runHousekeeping(state: JournalState, queue: CommitQueue<WaitingAppend>): void {
  state.retention.note(state.writer.acknowledged(), state.clock.nowMs());
  if (!state.isClosed) queue.runWhenIdle(() => collectGarbage(state));
}

async function collectGarbage({ clock, retention, writer }: JournalState): Promise<void> {
  const remove = retention.plan(writer.acknowledged(), clock.nowMs());
  if (remove.length > 0 || !writer.isCursorSaved() || writer.isFailing()) await writer.commit({ remove });
}

function completeThroughMs(state: JournalState): number {
  const { clock, end, oldestPending, time, writer, committingTimeMs } = state;
  followClock(state);
  // The next event has at least the time of `time`, or of the current commit. The clock may be slightly behind, and
  // is then the earlier bound.
  const nextEventMs = committingTimeMs ?? time.nowMs();
  const isPending = writer.acknowledged() < end.nextPosition();
  const pendingMs = isPending ? oldestPending.timeMs(writer.acknowledged()) : undefined;
  return Math.min(clock.nowMs(), nextEventMs, pendingMs ?? nextEventMs);
}

function pendingBytesOf(state: JournalState): number {
  const { pendingEvents, usedBytes } = statusOf(state);
  const nextPosition = state.end.nextPosition();
  const heldEvents = nextPosition - (state.log.first()?.position ?? nextPosition);
  return heldEvents === 0 ? 0 : Math.round((usedBytes * Math.min(pendingEvents, heldEvents)) / heldEvents);
}

function statusOf({ log, end, writer, limitBytes, isClosed }: JournalState): JournalStatus {
  const usedBytes = log.usedBytes();
  // The reader can acknowledge an event before `end` advances, so the difference could be negative.
  const pendingEvents = Math.max(0, end.nextPosition() - writer.acknowledged());
  const hasRoom = pendingEvents === 0 || usedBytes < limitBytes;
  return { pendingEvents, usedBytes, limitBytes, accepting: !isClosed && !writer.isFailing() && hasRoom };
}
