import { sessionIdOf } from '../../../src/events/session-event.ts';
import type { JournalEntry } from '../../../src/journal/log/journal.ts';
import type { ReachableJournal } from '../integrity/streams/survey.ts';
import { misdatedRowsQuery, type RawMisdatedRow } from './misdated-query.ts';

/** A session whose time is later than a clock reading that was taken after the gateway accepted the session. */
export interface MisdatedSession {
  readonly producer: string;
  readonly partition: number;
  readonly sequence: number;
  readonly sessionId: string;
  readonly timeMs: number;
  /** The earliest of the later clock readings. The gateway accepted the session before this instant. */
  readonly beforeMs: number;
}

export interface MisdatedSessions {
  /** Sessions ordered by time, at most `mostSessions`. */
  readonly sessions: readonly MisdatedSession[];
  /** True if there are more sessions than the list can contain. */
  readonly isCutShort: boolean;
}

export interface ClockCheckDeps {
  /** Runs a query on ClickHouse. */
  readonly connection: { rows<T>(sql: string): Promise<T[]> };
  readonly journals: readonly Pick<ReachableJournal, 'read'>[];
  readonly nowMs: number;
}

/**
 * Difference between a session's time and a later clock reading up to which the session is not misdated. An append
 * may wait this long for a slow disk.
 */
export const toleranceMs = 60_000;
const mostSessions = 10_000;
const readSize = 10_000;

/**
 * Lists sessions whose time is too late because the clock was wrong. A session is misdated if its time is more than a
 * minute later than one of these clock readings:
 *
 * - the time in its own session id (UUIDv7), or in the id of a later session of its producer and partition. A session
 *   id contains the time of the gateway's clock, which may be earlier than the time of the event, because event times
 *   do not go backwards.
 * - the time of a later entry in the same journal. A journal contains the sessions of all producers of a data
 *   directory, in the order in which they were accepted.
 * - the current time.
 *
 * Sessions whose time is too early are not found.
 */
export async function findMisdated(deps: ClockCheckDeps): Promise<MisdatedSessions> {
  const { connection, journals, nowMs } = deps;
  const query = misdatedRowsQuery({ nowMs, toleranceMs, limit: mostSessions + 1 });
  const rows = await connection.rows<RawMisdatedRow>(query);
  const found = new Map(rows.map(decodeRow).map((session) => [identityOf(session), session]));
  for (const journal of journals)
    for (const session of misdatedEntries(journal))
      if (!found.has(identityOf(session))) found.set(identityOf(session), session);
  const sessions = [...found.values()].sort((left, right) => left.timeMs - right.timeMs);
  return { sessions: sessions.slice(0, mostSessions), isCutShort: sessions.length > mostSessions };
}

function decodeRow(row: RawMisdatedRow): MisdatedSession {
  const { producer, session_id: sessionId } = row;
  const [partition, sequence, timeMs, beforeMs] = [
    ...[row.partition, row.sequence, row.time_ms, row.before_ms].map(Number),
  ] as [number, number, number, number];
  return { producer, partition, sequence, sessionId, timeMs, beforeMs };
}

function identityOf({ producer, partition, sequence }: MisdatedSession): string {
  return `${producer}/${partition}/${sequence}`;
}

/**
 * Returns the entries whose time is later than that of a later entry. It reads the journal twice, so that only times
 * are in memory, not entries.
 */
function* misdatedEntries(journal: Pick<ReachableJournal, 'read'>): Generator<MisdatedSession> {
  const times = Float64Array.from(timesOf(journal));
  let earliestMs = Number.POSITIVE_INFINITY;
  // Each time is replaced by the earliest of this time and all later ones.
  for (let index = times.length - 1; index >= 0; index -= 1) {
    earliestMs = Math.min(earliestMs, times[index] ?? earliestMs);
    times[index] = earliestMs;
  }
  let index = 0;
  for (const { producer, partition, sequence, timeMs, body } of entriesOf(journal)) {
    const beforeMs = times[index] ?? timeMs;
    index += 1;
    if (timeMs - beforeMs > toleranceMs)
      yield { producer, partition, sequence, sessionId: sessionIdOf(body), timeMs, beforeMs };
  }
}

function* timesOf(journal: Pick<ReachableJournal, 'read'>): Generator<number> {
  for (const { timeMs } of entriesOf(journal)) yield timeMs;
}

function* entriesOf(journal: Pick<ReachableJournal, 'read'>): Generator<JournalEntry> {
  for (let position = 0; ; ) {
    const entries = journal.read(position, readSize);
    const last = entries.at(-1);
    if (last === undefined) return;
    yield* entries;
    position = last.position + 1;
  }
}
