import { createBufferedWriter } from '../../platform/background/buffered-writer.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CursorPosition } from '../../platform/http/routes/paging.ts';
import type { AccessStore } from '../declarations/tables.ts';

/** A rejected exchange of a token whose configuration is known. It contains no part of the token. */
export interface Refusal {
  readonly configurationId: string;
  readonly organisationId: string;
  readonly reason: string;
}

/** The number of refusals per configuration, reason and UTC day. */
export interface RefusalsOfDay extends Refusal {
  readonly dayMs: number;
  readonly refusals: number;
  readonly lastAtMs: number;
}

/**
 * Counts refusals and records the time of the latest one. The counts show which links are still used after they
 * expire.
 */
export interface RefusalCounts {
  /**
   * Counts a refusal and returns immediately. `flush` stores the counts. Refusals with the same configuration, reason
   * and UTC day share one row.
   */
  count(refusal: Refusal): void;
  /** Stores all refusals counted before this call. If the write fails, they stay buffered for the next flush. */
  flush(): Promise<void>;
  /**
   * Returns the counts of one organisation, or of all organisations if `organisation` is undefined, newest day first.
   */
  list(organisation: string | undefined, limit: number, after?: CursorPosition): Promise<RefusalsOfDay[]>;
}

const dayMs = 86_400_000;
const keepMs = 400 * dayMs;

/** Creates refusal counts in the control store. Rows are deleted after 400 days. */
export function createRefusalCounts(deps: { control: AccessStore; clock: Clock }): RefusalCounts {
  const { control, clock } = deps;
  const writer = createBufferedWriter<RefusalsOfDay>({
    keyOf,
    afterFlush: createPurge(control, clock),
    merge: (older, newer) => ({
      ...newer,
      refusals: older.refusals + newer.refusals,
      lastAtMs: Math.max(older.lastAtMs, newer.lastAtMs),
    }),
    async write(rows) {
      // All gateways write rows in the same order, so that they do not deadlock.
      const ordered = [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      await control.transaction().execute(async (transaction) => {
        for (const row of ordered) await addToRow(transaction, row);
      });
    },
  });

  return {
    flush: writer.flush,
    count(refusal) {
      const nowMs = clock.nowMs();
      writer.add({ ...refusal, dayMs: dayOf(nowMs), refusals: 1, lastAtMs: nowMs });
    },
    async list(organisation, limit, after) {
      await writer.flush();
      return readRows(control, organisation, limit, after);
    },
  };
}
/** Returns a function that deletes old counts, at most once per day. */
function createPurge(control: AccessStore, clock: Clock): () => Promise<void> {
  let purgedDayMs = 0;
  return async () => {
    const today = dayOf(clock.nowMs());
    if (purgedDayMs === today) return;
    purgedDayMs = today;
    await control
      .deleteFrom('refused_exchanges')
      .where('day', '<', today - keepMs)
      .execute();
  };
}

function keyOf({ dayMs, configurationId, reason }: RefusalsOfDay): string {
  return `${dayMs}/${configurationId}/${reason}`;
}

function dayOf(ms: number): number {
  return ms - (ms % dayMs);
}

/** Increments a count in one SQL statement, because several gateways may update the same row. */
async function addToRow(control: AccessStore, one: RefusalsOfDay): Promise<void> {
  await control
    .insertInto('refused_exchanges')
    .values({
      configuration_id: one.configurationId,
      organisation_id: one.organisationId,
      reason: one.reason,
      day: one.dayMs,
      refusals: one.refusals,
      last_at: one.lastAtMs,
    })
    .onConflict((conflict) =>
      conflict.columns(['configuration_id', 'reason', 'day']).doUpdateSet(({ ref, eb }) => ({
        refusals: eb(ref('refused_exchanges.refusals'), '+', ref('excluded.refusals')),
        last_at: eb
          .case()
          .when('refused_exchanges.last_at', '<', ref('excluded.last_at'))
          .then(ref('excluded.last_at'))
          .else(ref('refused_exchanges.last_at'))
          .end(),
      })),
    )
    .execute();
}

async function readRows(
  control: AccessStore,
  organisation: string | undefined,
  limit: number,
  after: CursorPosition | undefined,
): Promise<RefusalsOfDay[]> {
  let query = control.selectFrom('refused_exchanges').selectAll();
  if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
  if (after !== undefined) {
    const [configurationId = '', reason = ''] = after[1].split('/');
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('day', 'configuration_id', 'reason'), '<', tuple(after[0], configurationId, reason)),
    );
  }
  const rows = await query
    .orderBy('day', 'desc')
    .orderBy('configuration_id', 'desc')
    .orderBy('reason', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    configurationId: row.configuration_id,
    organisationId: row.organisation_id,
    reason: row.reason,
    dayMs: Number(row.day),
    refusals: Number(row.refusals),
    lastAtMs: Number(row.last_at),
  }));
}
