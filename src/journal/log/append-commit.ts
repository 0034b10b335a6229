import { encodeSessionEvent, type SessionDraft } from '../../events/session-event.ts';
import type { Signal } from '../../platform/background/signal.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { Logger } from '../../platform/logger.ts';
import type { TimeFloor } from '../commit/time-floor.ts';
import { journalErrors } from '../declarations/errors.ts';
import type { JournalFailpoint } from '../declarations/failpoints.ts';
import { partitionOf } from './identity.ts';
import type { Accepted } from './journal.ts';
import type { LogEnd } from './log-end.ts';
import type { LogWriter } from './log-writer.ts';
import type { OldestPending } from './oldest-pending.ts';
import { encodeRecord } from './record.ts';
import type { Retention } from './retention.ts';
import type { RecordLog } from './store/record-log.ts';

/** An append that waits for its commit. */
export interface WaitingAppend {
  readonly session: SessionDraft;
  resolve(accepted: Accepted): void;
  reject(error: AppError): void;
}

/** State that the functions of one journal share. */
export interface JournalState {
  readonly log: RecordLog;
  readonly clock: Clock;
  readonly failpoint: Failpoint<JournalFailpoint>;
  readonly logger: Logger;
  readonly partitions: () => number;
  readonly limitBytes: number;
  readonly end: LogEnd;
  readonly writer: LogWriter;
  readonly retention: Retention;
  readonly oldestPending: OldestPending;
  /** Times for the events of the current producer. */
  readonly time: TimeFloor;
  /** Called with the size of the step when the clock has stepped back and a new producer has started. */
  readonly onStepBack: (stepMs: number) => void;
  /** Called with the id of each new producer. The producer's first commit waits for the promise. */
  readonly onProducer: ((producer: string) => Promise<void>) | undefined;
  /** Promise of `onProducer` for the current producer. Undefined after the promise has settled. */
  registering: Promise<void> | undefined;
  /** Wakes the reader after a commit. */
  readonly arrivals: Signal;
  /** Time of the events in the current commit. Undefined between commits. */
  committingTimeMs: number | undefined;
  isClosed: boolean;
}

const retryAfterSeconds = 5;

/** Creates the error for an append that the journal rejects. */
export function unavailable(detail: string, cause?: unknown): AppError {
  return new AppError(journalErrors.journal_unavailable, { detail, retryAfterSeconds, cause });
}

/**
 * If the clock is behind the last event by more than this, it has stepped back. After a smaller step, events keep the
 * time of the last event until the clock reaches it.
 */
const stepBackMs = 5000;

/**
 * Starts a new producer if the clock has stepped back by more than 5 s, so that later events get the clock's time.
 * Does nothing during a commit.
 */
export function followClock(state: JournalState): void {
  const { time, end, onStepBack, committingTimeMs } = state;
  const behindMs = time.behindMs();
  if (committingTimeMs !== undefined || behindMs <= stepBackMs) return;
  end.startProducer();
  time.restart();
  register(state);
  onStepBack(behindMs);
}

/** If the last attempt to read the end of the log failed, tries again. Success starts another producer. */
function ensureProducer(state: JournalState): void {
  const producer = state.end.producer();
  state.end.ensureKnown();
  if (state.end.producer() !== producer) register(state);
}

function register(state: JournalState): void {
  const registering = state.onProducer?.(state.end.producer()).finally(() => {
    if (state.registering === registering) state.registering = undefined;
  });
  state.registering = registering;
}

/**
 * Commits a batch of appends and settles the promise of each append. If the commit fails, all appends in the batch
 * reject. The promise of this function never rejects.
 */
export async function commitBatch(state: JournalState, batch: readonly WaitingAppend[]): Promise<void> {
  const { log, clock, retention, writer } = state;
  try {
    ensureProducer(state);
    followClock(state);
    while (state.registering !== undefined) await state.registering;
    const remove = retention.plan(writer.acknowledged(), clock.nowMs());
    if (remove.length === 0 && log.usedBytes() >= state.limitBytes) {
      rejectAll(batch, unavailable('The journal is full of sessions that are not stored yet. Try again.'));
      return;
    }
    await commitEvents(state, batch, remove);
  } catch (error) {
    rejectAll(batch, unavailable('The journal cannot be written. Try again.', error));
    abandonProducer(state);
  } finally {
    state.committingTimeMs = undefined;
  }
}

async function commitEvents(
  state: JournalState,
  batch: readonly WaitingAppend[],
  remove: readonly number[],
): Promise<void> {
  const { end, failpoint, writer, oldestPending } = state;
  const timeMs = state.time.nowMs();
  state.committingTimeMs = timeMs;
  const events = batch.map(({ session }) => stamp(state, session, timeMs));
  const record = encodeRecord({ producer: end.producer(), events });
  failpoint('append.before');
  const put = { position: end.nextPosition(), record };
  await writer.commit({ put, remove });
  failpoint('append.committed');
  oldestPending.note(put);
  end.advance(batch.length);
  batch.forEach(({ resolve }, index) => {
    resolve(events[index] as Accepted);
  });
  state.arrivals.wake();
}

function stamp(
  { end, partitions }: JournalState,
  session: SessionDraft,
  timeMs: number,
): Accepted & { readonly body: string } {
  const { sessionId, configurationId, organisationId, tags, viewer } = session;
  const { producer, partition, sequence } = end.nextIdentity(partitionOf(sessionId, partitions()));
  // The members are listed because a spread (`...session`) costs 3 µs per session (docs/performance.md).
  const body = encodeSessionEvent({
    sessionId,
    configurationId,
    organisationId,
    tags,
    viewer,
    producer,
    partition,
    sequence,
    timeMs,
  });
  return { producer, partition, sequence, timeMs, body };
}

function rejectAll(batch: readonly WaitingAppend[], error: AppError): void {
  for (const { reject } of batch) reject(error);
}

/**
 * Starts a new producer. The failed commit may be on disk, so the event identities and positions in it must not be
 * used again.
 */
function abandonProducer(state: JournalState): void {
  const { end, log, logger, oldestPending, writer } = state;
  writer.markFailing();
  try {
    end.restart();
    register(state);
    const last = log.last();
    if (last !== undefined) oldestPending.note(last);
  } catch (error) {
    logger.error({ err: error }, 'the journal cannot be read; sessions are rejected');
  }
}
