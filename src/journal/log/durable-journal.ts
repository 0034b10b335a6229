import { encodeSessionEvent, type SessionDraft } from '../../events/session-event.ts';
import { createWakeup } from '../../platform/background/signal.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { Logger } from '../../platform/logger.ts';
import { endOfLog, readEntries } from './entries.ts';
import { createGathering, enoughWaiting } from './group-commit.ts';
import { createIdentitySource, partitionOf } from './identity.ts';
import type { Accepted, Journal } from './journal.ts';
import { encodeRecord, summariseRecord } from './record.ts';
import type { RecordLog } from './record-log.ts';
import { createTrimming } from './retention.ts';

export interface DurableJournalConfig {
  readonly keepMs: number;
  readonly limitBytes: number;
}

export interface DurableJournalDeps {
  /** Partitions of the stream as known at this moment; left out in embedded mode, where there is one. */
  readonly partitions?: () => number;
  readonly log: RecordLog;
  readonly clock: Clock;
  readonly failpoint: Failpoint;
  readonly logger: Logger;
}

interface Waiting {
  readonly session: SessionDraft;
  resolve(accepted: Accepted): void;
  reject(error: AppError): void;
}

const maxBatch = 1024;
const maxWaiting = 20_000;
const housekeepingMs = 1000;
const retryAfterSeconds = 5;

/** The journal (docs/explanation/delivery.md, 2) over a record log: identities, group commit, cursor, trimming. */
export function createDurableJournal(config: DurableJournalConfig, deps: DurableJournalDeps): Journal {
  const { log, clock, failpoint, logger, partitions = () => 1 } = deps;
  const trimming = createTrimming(config, log);
  const last = log.last();
  const lastSummary = last && summariseRecord(last.record);

  let identities = createIdentitySource();
  let nextPosition = endOfLog(log);
  let endUnknown = false;
  let savedCursor = log.cursor() ?? log.first()?.position ?? nextPosition;
  let acknowledged = savedCursor;
  /** No event gets a time before this: the clock may step back, the stream may not. */
  let floorMs = Math.max(lastSummary?.firstTimeMs ?? 0, clock.nowMs());
  let committingTimeMs: number | undefined;
  let running: Promise<void> | undefined;
  let failing = false;
  let closed = false;
  let waiting: Waiting[] = [];
  const arrivals = createWakeup();
  const company = createWakeup();
  const gathering = createGathering(() => performance.now());

  trimming.note(acknowledged, clock.nowMs());
  const housekeeping = setInterval(keepHouse, housekeepingMs).unref();

  function unavailable(detail: string, cause?: unknown): AppError {
    return new AppError('journal_unavailable', { detail, retryAfterSeconds, cause });
  }

  function start(): void {
    running ??= run().finally(() => {
      running = undefined;
      if (waiting.length > 0) start();
    });
  }

  async function run(): Promise<void> {
    await gather();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      await commitBatch(batch);
      if (waiting.length > 0) await gather();
    }
  }

  async function gather(): Promise<void> {
    const waitMs = gathering.waitMs(waiting.length);
    if (waitMs > 0) await company.wait(waitMs);
  }

  async function commitBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      if (endUnknown) beginAnew();
      const remove = trimming.plan(acknowledged, clock.nowMs());
      if (remove.length === 0 && log.usedBytes() >= config.limitBytes) {
        refuse(batch, unavailable('The journal is full: sessions wait to be stored. Try again.'));
        return;
      }
      await commitEvents(batch, remove);
    } catch (error) {
      refuse(batch, unavailable('The journal cannot be written. Try again.', error));
      abandonProducer();
    } finally {
      committingTimeMs = undefined;
      gathering.committed(batch.length);
    }
  }

  async function commitEvents(batch: readonly Waiting[], remove: readonly number[]): Promise<void> {
    floorMs = Math.max(floorMs, clock.nowMs());
    committingTimeMs = floorMs;
    const events = batch.map(({ session }) => stamp(session, floorMs));
    const put = { position: nextPosition, record: encodeRecord({ producer: identities.producer, events }) };
    failpoint('append.before');
    await commit({ put, remove });
    failpoint('append.committed');
    identities.confirm();
    nextPosition += batch.length;
    batch.forEach(({ resolve }, index) => {
      resolve(events[index] as Accepted);
    });
    arrivals.wake();
  }

  function stamp(session: SessionDraft, timeMs: number): Accepted & { readonly body: string } {
    const { sessionId, configurationId, organisationId, tags, viewer } = session;
    const { producer, partition, sequence } = identities.next(partitionOf(sessionId, partitions()));
    // Each by its name: copied as a whole (`...session`) it cost 3 µs a session (docs/performance.md).
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

  function refuse(batch: readonly Waiting[], error: AppError): void {
    for (const { reject } of batch) reject(error);
  }

  async function commit(changes: Omit<Parameters<RecordLog['commit']>[0], 'cursor'>): Promise<void> {
    const cursor = acknowledged;
    try {
      // While it fails the cursor goes with every commit: a full disk takes one without content.
      await log.commit({ ...changes, ...((cursor !== savedCursor || failing) && { cursor }) });
      savedCursor = cursor;
      if (failing) logger.info('the journal can be written again');
      failing = false;
    } catch (error) {
      if (!failing) logger.error({ err: error }, 'the journal cannot be written: sessions are refused');
      failing = true;
      throw error;
    }
  }

  /** Whether the failed commit is on disk is unknown: its numbers and positions are never given again. */
  function abandonProducer(): void {
    failing = true;
    endUnknown = true;
    try {
      beginAnew();
    } catch (error) {
      logger.error({ err: error }, 'the journal cannot be read: sessions are refused');
    }
  }

  function beginAnew(): void {
    identities = createIdentitySource();
    nextPosition = endOfLog(log);
    endUnknown = false;
  }

  function keepHouse(): void {
    trimming.note(acknowledged, clock.nowMs());
    if (running !== undefined || closed) return;
    running = tidy()
      .catch(() => {})
      .finally(() => {
        running = undefined;
        if (waiting.length > 0) start();
      });
  }

  async function tidy(): Promise<void> {
    const remove = trimming.plan(acknowledged, clock.nowMs());
    if (remove.length > 0 || acknowledged !== savedCursor || failing) await commit({ remove });
  }

  function oldestPendingMs(): number | undefined {
    if (acknowledged >= nextPosition) return committingTimeMs;
    // The events of a record share one time: the bodies need not be read.
    for (const { record } of log.recordsFrom(acknowledged)) return summariseRecord(record).firstTimeMs;
    return undefined;
  }

  return {
    append(session) {
      if (closed) return Promise.reject(unavailable('The gateway is stopping.'));
      if (waiting.length >= maxWaiting)
        return Promise.reject(unavailable('Too many sessions at once. Try again.'));
      return new Promise((resolve, reject) => {
        waiting.push({ session, resolve, reject });
        if (waiting.length === enoughWaiting) company.wake();
        start();
      });
    },

    startPosition: () => acknowledged,
    read: (fromPosition, maxEntries) => readEntries(log, fromPosition, maxEntries),

    async waitFor(position, timeoutMs) {
      if (position < nextPosition || closed) return;
      await arrivals.wait(timeoutMs);
    },

    acknowledge(position) {
      acknowledged = Math.max(acknowledged, position);
    },
    rewind() {
      acknowledged = Math.min(acknowledged, log.first()?.position ?? acknowledged);
      return acknowledged;
    },

    completeThroughMs() {
      floorMs = Math.max(floorMs, clock.nowMs());
      return Math.min(floorMs, oldestPendingMs() ?? floorMs);
    },

    status: () => ({
      // The reader may see an event, and store it, before its append is answered.
      pendingEvents: Math.max(0, nextPosition - acknowledged),
      usedBytes: log.usedBytes(),
      limitBytes: config.limitBytes,
      accepting: !closed && !failing && (acknowledged >= nextPosition || log.usedBytes() < config.limitBytes),
    }),

    async close() {
      closed = true;
      clearInterval(housekeeping);
      arrivals.wake();
      while (running !== undefined) await running;
      if (acknowledged !== savedCursor) await commit({}).catch(() => {});
      await log.close();
    },
  };
}
