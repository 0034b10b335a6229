import { type ArchivedMonth, readArchives } from '../../src/events/archived-months.ts';
import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Failpoint } from '../../src/platform/failpoints.ts';
import type { RetentionFailpoint } from '../declarations/failpoints.ts';
import { convertedDatabase } from '../store/converted-table.ts';
import { type ArchiveDeps, archiveMonth, isArchiveComplete } from './archive-month.ts';
import { activePartsQuery, incompleteQuery, monthsQuery, removeArchives } from './archive-statements.ts';

export interface RetentionConfig {
  /** Time after the end of a month for which its sessions are kept. */
  readonly keepMs: number;
  /**
   * Minimum time between archiving a month and dropping its sessions. It must exceed the time for which a usage query can
   * rely on an earlier list of archives. Otherwise, a query could miss the archive.
   */
  readonly publishMs: number;
}

export interface RetentionDeps {
  /** Client whose time limit is sufficient for merging the largest month. */
  readonly client: ClickHouseClient;
  /** Returns an instant before which every accepted session is stored, or undefined if it is not known. */
  readonly completeThroughMs: () => number | undefined;
  readonly failpoint: Failpoint<RetentionFailpoint>;
  readonly clock: Clock;
}

/** State of a month with stored or archived sessions. */
export interface RetentionMonth {
  readonly month: number;
  /**
   * `stored`: the sessions are in the event table. `archived`: they are in the archive too, and will be dropped.
   * `dropped`: they are only in the archive, except for sessions that arrived later.
   */
  readonly state: 'stored' | 'archived' | 'dropped';
  readonly sessions: number;
  /** True if the month is older than the retention, or has an archive. */
  readonly isDue: boolean;
}

/** Result of a run. */
export interface RetentionRun {
  readonly archived: readonly number[];
  readonly dropped: readonly Pick<ArchivedMonth, 'month' | 'sessions' | 'id'>[];
  /** Months that are due but could not be archived, with the reason. */
  readonly kept: readonly { readonly month: number; readonly reason: string }[];
}

export interface Retention {
  /**
   * Drops the archived months that are due, and archives further months. Does nothing while the event table of an older
   * version is not converted. Each step can be repeated, so a crash between two steps does not lose a session.
   */
  run(): Promise<RetentionRun>;
  /** Returns the state of each month that has stored or archived sessions. */
  status(): Promise<RetentionMonth[]>;
}

/** Minimum age of the archives of a dropped month before sessions of the month that arrived later are archived too. */
const lateMs = 30 * 86_400_000;

/** Creates the retention of sessions (docs/how-to/retention.md). Only one process at a time may call `run`. */
export function createRetention(config: RetentionConfig, deps: RetentionDeps): Retention {
  const { client, clock } = deps;
  const rows = async <T>(query: string) => (await client.query({ query, format: 'JSONEachRow' })).json<T>();
  const run = async (query: string) => void (await client.command({ query }));
  const all = { ...deps, rows, run };
  return {
    async run() {
      if ((await convertedDatabase(rows)) === undefined) return { archived: [], dropped: [], kept: [] };
      await removeIncomplete(all);
      const dropped = await dropArchived(config, all);
      const done = { archived: [] as number[], kept: [] as { month: number; reason: string }[] };
      for (const month of await dueMonths(config, all)) {
        const result = await archiveMonth(month, all);
        if (result.kind === 'archived') done.archived.push(month);
        else done.kept.push({ month, reason: result.reason });
      }
      return { ...done, dropped };
    },
    async status() {
      const months = new Map<number, RetentionMonth>();
      for (const { month, sessions, isStored } of await readArchives(rows)) {
        const earlier = months.get(month)?.sessions ?? 0;
        const state = isStored ? 'archived' : 'dropped';
        months.set(month, { month, state, sessions: earlier + sessions, isDue: true });
      }
      for (const { month, sessions } of await storedMonths(rows)) {
        const known = months.get(month);
        const isDue = isOver(month, config, clock.nowMs());
        if (known === undefined) months.set(month, { month, state: 'stored', sessions, isDue });
        else if (known.state === 'dropped')
          months.set(month, { ...known, sessions: known.sessions + sessions });
      }
      return [...months.values()].sort((one, other) => one.month - other.month);
    },
  };
}

async function storedMonths(rows: ArchiveDeps['rows']): Promise<{ month: number; sessions: number }[]> {
  const found = await rows<{ month: string; sessions: string }>(monthsQuery);
  return found.map(({ month, sessions }) => ({ month: Number(month), sessions: Number(sessions) }));
}

/** Returns the instant at which a UTC month, such as 202601, ends. */
export function endOfMonth(month: number): number {
  return Date.UTC(Math.floor(month / 100), month % 100, 1);
}

function isOver(month: number, { keepMs }: Pick<RetentionConfig, 'keepMs'>, nowMs: number): boolean {
  return endOfMonth(month) + keepMs <= nowMs;
}

/**
 * Returns the months to archive. They are older than the retention, and no live producer can send more sessions of them.
 * A dropped month with late sessions is included `lateMs` after its last archive.
 */
async function dueMonths(config: RetentionConfig, deps: RetentionDeps & ArchiveDeps): Promise<number[]> {
  const { rows, clock, completeThroughMs } = deps;
  const throughMs = completeThroughMs() ?? Number.NEGATIVE_INFINITY;
  const archives = await readArchives(rows);
  return (await storedMonths(rows))
    .map(({ month }) => month)
    .filter((month) => isOver(month, config, clock.nowMs()) && throughMs >= endOfMonth(month))
    .filter((month) =>
      archives.every(
        (each) => each.month !== month || (!each.isStored && each.createdMs + lateMs <= clock.nowMs()),
      ),
    );
}

/** Removes the rows of archives that a crash has left incomplete. */
async function removeIncomplete({ rows, run }: Pick<ArchiveDeps, 'rows' | 'run'>): Promise<void> {
  const ids = (await rows<{ archive: string }>(incompleteQuery)).map(({ archive }) => archive);
  if (ids.length === 0) return;
  for (const statement of removeArchives(ids)) await run(statement);
}

async function dropArchived(
  { publishMs }: RetentionConfig,
  { rows, run, clock, failpoint }: ArchiveDeps,
): Promise<ArchivedMonth[]> {
  const dropped: ArchivedMonth[] = [];
  for (const archive of await readArchives(rows)) {
    if (!archive.isStored) continue;
    const parts = await rows<{ name: string }>(activePartsQuery(archive.month));
    const isPartStored = parts.some(({ name }) => name === archive.part);
    if (!isPartStored || !(await isArchiveComplete(archive, rows))) {
      // ClickHouse has merged the part with late sessions, which the archive does not have, or the archive has lost rows.
      for (const statement of removeArchives([archive.id])) await run(statement);
      failpoint('retention.removed');
    } else if (archive.createdMs + publishMs <= clock.nowMs()) {
      await run(`ALTER TABLE session_events DROP PART '${archive.part}'`);
      failpoint('retention.dropped');
      dropped.push(archive);
    }
  }
  return dropped;
}
