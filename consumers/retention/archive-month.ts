import { randomBytes } from 'node:crypto';
import type { ArchivedMonth } from '../../src/events/archived-months.ts';
import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import { clickHouseTime } from '../../src/platform/clickhouse/literals.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Failpoint } from '../../src/platform/failpoints.ts';
import type { RetentionFailpoint } from '../declarations/failpoints.ts';
import { sendInsert } from '../store/statements/one-block-insert.ts';
import {
  activePartsQuery,
  archivedSequencesQuery,
  archiveSequences,
  archiveSessions,
  archiveSignatureQuery,
  type MonthPart,
  partSignatureQuery,
  streamsQuery,
} from './archive-statements.ts';

export interface ArchiveDeps {
  readonly client: ClickHouseClient;
  readonly rows: <T>(query: string) => Promise<T[]>;
  readonly run: (query: string) => Promise<void>;
  readonly failpoint: Failpoint<RetentionFailpoint>;
  readonly clock: Clock;
}

/** Result of an attempt to archive a month. */
export type Archived =
  | { readonly kind: 'archived'; readonly sessions: number }
  /** The sessions stay in the event table. The next run tries again. */
  | { readonly kind: 'kept'; readonly reason: string };

interface Stream {
  readonly partition: string;
  readonly producer: string;
  readonly sessions: string;
  readonly distinct: string;
  readonly last: string;
}

/**
 * Archives the sessions of a month, and compares the archive with the sessions. Usage queries ignore the archive until its
 * sessions are dropped. Before archiving, ClickHouse merges the month into one table part: a part is dropped atomically,
 * and sessions that arrive later are in another part.
 */
export async function archiveMonth(month: number, deps: ArchiveDeps): Promise<Archived> {
  const { rows, run, failpoint } = deps;
  await run(`OPTIMIZE TABLE session_events PARTITION ID '${month}' FINAL`);
  const parts = await rows<{ name: string }>(activePartsQuery(month));
  const [only] = parts;
  if (only === undefined || parts.length > 1) return kept('its parts are not merged yet');
  const part = { archive: `${month}-${randomBytes(8).toString('hex')}`, month, part: only.name };
  const streams = await rows<Stream>(streamsQuery(part));
  const witness = streams[0];
  if (witness === undefined) return kept('it has no sessions');
  if (streams.some(({ sessions, distinct }) => sessions !== distinct))
    return kept('some events have several rows: run `npx watmeter repair`');
  await run(archiveSessions(part));
  failpoint('retention.sessions');
  await run(archiveSequences(part));
  failpoint('retention.sequences');
  const verified = await verify(part, rows);
  if (verified === undefined) return kept('the archive differs from the sessions');
  await insertRecord(part, { ...verified, witness }, deps);
  failpoint('retention.recorded');
  return { kind: 'archived', sessions: verified.sessions };
}

function kept(reason: string): Archived {
  return { kind: 'kept', reason };
}

interface Signed {
  readonly sessions: number;
  readonly signature: string;
}

type Signature = { readonly sessions: string; readonly signature: string };

async function verify(part: MonthPart, rows: ArchiveDeps['rows']): Promise<Signed | undefined> {
  const [stored] = await rows<Signature>(partSignatureQuery(part));
  const [archived] = await rows<Signature>(archiveSignatureQuery(part.archive));
  const [ledger] = await rows<{ sequences: string }>(archivedSequencesQuery(part.archive));
  if (stored === undefined || stored.sessions !== archived?.sessions || stored.sessions !== ledger?.sequences)
    return undefined;
  if (stored.signature !== archived.signature) return undefined;
  return { sessions: Number(stored.sessions), signature: stored.signature };
}

/**
 * Returns whether all rows of an archive are still stored. Another process that runs the retention at the same time may have
 * deleted them, because the archive was not recorded yet when that process looked for incomplete archives.
 */
export async function isArchiveComplete(
  { id, sessions, signature }: Pick<ArchivedMonth, 'id' | 'sessions' | 'signature'>,
  rows: ArchiveDeps['rows'],
): Promise<boolean> {
  const [archived] = await rows<Signature>(archiveSignatureQuery(id));
  const [ledger] = await rows<{ sequences: string }>(archivedSequencesQuery(id));
  return (
    Number(archived?.sessions) === sessions &&
    archived?.signature === signature &&
    Number(ledger?.sequences) === sessions
  );
}

async function insertRecord(
  { archive, month, part }: MonthPart,
  { sessions, signature, witness }: Signed & { readonly witness: Stream },
  { client, clock }: ArchiveDeps,
): Promise<void> {
  const identity = [witness.producer, Number(witness.partition), Number(witness.last)];
  const row = [archive, month, part, sessions, signature, ...identity, clickHouseTime(clock.nowMs())];
  const columns = 'archive, month, part, sessions, signature, producer, partition, sequence, created';
  const statement = `INSERT INTO usage_archives (${columns}) SETTINGS async_insert = 0 FORMAT JSONCompactEachRow`;
  await sendInsert(client, statement, [JSON.stringify(row)]);
}
